import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags, type Attributes } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { Meta } from '@ledger/event-store/codec';
import type { RecordedEvent } from '@ledger/event-store/port';
import { parseJsonBytes } from '@ledger/integrity/canonical';
import type { Projection } from '@ledger/projections/projection';
import { activity, traceIdOf, type Activity } from './activity';
import type { Log } from './log';
import type { Append } from './observed-store';

/** At the end, what is still to be sent may take so long. */
const FLUSH_MS = 2_000;
const EXPORT_MS = 5_000;

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  /** In ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly attributes: Attributes;
  readonly failed?: boolean;
}

/**
 * Traces over OTLP: command → append → one span for each projection that took the event over. Loaded only where it is
 * switched on.
 *
 * An event stores no trace context, so what projects it, in a loop of its own, cannot be handed any. Both sides derive it
 * instead: the trace from the correlation id, the append's span from the stream and the command, which every event of it
 * holds. A command has one append that was written, so that id is given once; an append that failed has a random one.
 * Each span is made when it is over, and everything is sampled: what decided otherwise could not be known later.
 */
export class Traces {
  private readonly ids = { trace: '', span: '' };
  private readonly provider: TracerProvider;

  constructor(exporter: SpanExporter) {
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'incident-ledger' }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
      // Asked while a span is being started, which is never interrupted.
      idGenerator: { generateTraceId: () => this.ids.trace, generateSpanId: () => this.ids.span },
    });
  }

  newSpanId(): string {
    return randomBytes(8).toString('hex');
  }

  command(name: string, spanId: string, of: Activity, outcome: string, from: number, to: number): void {
    this.emit({
      name: `command ${name}`,
      traceId: traceIdOf(of.correlationId),
      spanId,
      parentId: of.caller,
      from,
      to,
      attributes: { 'ledger.command': name, 'ledger.outcome': outcome },
      failed: outcome === 'failed',
    });
  }

  /** Within a command, or without one where the ledger writes by itself. */
  append({ stream, events, outcome, from, to }: Append): void {
    const [first] = events;
    if (first === undefined) return;
    const meta = metaOf(first);
    this.emit({
      name: 'append',
      traceId: traceIdOf(meta.correlationId),
      spanId: outcome === 'written' ? appendSpanId(stream, meta.commandId) : this.newSpanId(),
      parentId: activity.getStore()?.span,
      from,
      to,
      attributes: { 'ledger.outcome': outcome, 'ledger.events': events.length },
      failed: outcome === 'failed',
    });
  }

  projection({ name }: Projection, events: readonly RecordedEvent[], from: number, to: number): void {
    for (const event of events) {
      const meta = metaOf(event);
      this.emit({
        name: `project ${name}`,
        traceId: traceIdOf(meta.correlationId),
        spanId: this.newSpanId(),
        parentId: appendSpanId(event.stream, meta.commandId),
        from,
        to,
        attributes: { 'ledger.projection': name },
      });
    }
  }

  /** Sends what is left, for a moment: no collector keeps the ledger. */
  async close(): Promise<void> {
    await Promise.race([this.provider.shutdown().catch(() => undefined), sleep(FLUSH_MS, undefined, { ref: false })]);
  }

  private emit({ name, traceId, spanId, parentId, from, to, attributes, failed = false }: Span): void {
    if (!TRACE_ID.test(traceId)) return; // an event that came from elsewhere
    Object.assign(this.ids, { trace: traceId, span: spanId });
    const parent =
      parentId === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId,
            spanId: parentId,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: true,
          });
    const span = this.provider.getTracer('ledger').startSpan(name, { startTime: from, attributes }, parent);
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(to);
  }
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;

const metaOf = ({ meta }: { readonly meta: Uint8Array }): Meta => parseJsonBytes(meta) as Meta;

/** The same wherever it is asked, from what lies in every event of the append. */
const appendSpanId = (stream: string, commandId: string): string =>
  createHash('sha256').update(`${stream} ${commandId}`).digest('hex').slice(0, 16);

/** Never waits for the collector: spans that cannot be delivered are dropped. */
export const openTraces = (endpoint: string, log: Log): Traces => {
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  return new Traces(toldOnce(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS }), log));
};

/** The log says that spans are not delivered, and when they are again. */
export const toldOnce = (exporter: SpanExporter, log: Log): SpanExporter => {
  let lost = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !lost) log.warn({ err: result.error }, 'traces are not delivered');
        if (lost && !failed) log.info('traces are delivered again');
        lost = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
};
