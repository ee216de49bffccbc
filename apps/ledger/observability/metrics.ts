import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import type { Append } from './observed-store';

type Health = ReturnType<LedgerViews['health']>[number];
const STATUSES = ['catching-up', 'live', 'stopped'] as const;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const SWITCHING_PROTOCOLS = 101;

/**
 * Numbers of one ledger, for Prometheus; `docs/guides/operate.md` says what each means. Labels are names of ours: commands,
 * routes, codes. What is privileged is absent from these numbers too, since they could be compared with the open record.
 */
export class Metrics {
  private readonly own = new Registry();
  private views: LedgerViews | undefined;

  private readonly commands = this.counter('ledger_commands_total', 'Commands on the open record.', [
    'command',
    'outcome',
  ]);
  private readonly commandSeconds = this.histogram(
    'ledger_command_duration_seconds',
    'Time from the input to the outcome of a command.',
    ['command'],
  );
  private readonly appendSeconds = this.histogram(
    'ledger_append_duration_seconds',
    'Time that the store took for an append: written, conflict (another writer came first; it is tried again) or failed.',
    ['outcome'],
  );
  private readonly appendedEvents = this.counter('ledger_appended_events_total', 'Events appended to the open record.');
  private readonly appendedBytes = this.counter('ledger_appended_bytes_total', 'Their bytes, data and metadata.');
  private readonly failures = this.counter(
    'ledger_projection_failures_total',
    'Times that a projection stopped, lost the log or found another one.',
    ['projection'],
  );
  private readonly operationSeconds = this.histogram(
    'ledger_graphql_operation_duration_seconds',
    'Time of a GraphQL operation over HTTP, from the first byte of the request to the last of the answer.',
    ['operation', 'outcome'],
  );
  private readonly requests = this.counter('ledger_http_requests_total', 'HTTP requests answered.', [
    'method',
    'route',
    'status',
  ]);
  private readonly requestSeconds = this.histogram(
    'ledger_http_request_duration_seconds',
    'Time of an HTTP request, from its first byte to the last of the answer.',
    ['method', 'route'],
  );
  private readonly process = ofTheProcess();

  constructor() {
    this.ofProjections(
      'ledger_projection_sequence',
      'The last event that a projection holds.',
      ({ sequence }) => sequence,
    );
    this.ofProjections(
      'ledger_projection_lag_events',
      'Events that some projection has read and this one does not hold.',
      ({ lag }) => lag.events,
    );
    this.ofProjections(
      'ledger_projection_lag_seconds',
      'For how long it has not held everything that is known to be in the log.',
      ({ lag }) => lag.seconds,
    );
    this.gauge('ledger_projection_status', '1 for the status that it is in.', ['projection', 'status'], (gauge) => {
      for (const { name, status } of this.views?.health() ?? [])
        for (const one of STATUSES) gauge.set({ projection: name, status: one }, one === status ? 1 : 0);
    });
    this.gauge('ledger_subscriptions_open', 'GraphQL subscriptions that are open.', [], (gauge) =>
      gauge.set(this.views?.followers() ?? 0),
    );
  }

  /** From here on the projections are asked at each scrape. */
  watch(views: LedgerViews): void {
    this.views = views;
    for (const { name } of views.health()) this.failures.inc({ projection: name }, 0); // a first failure is an increase
  }

  command(command: string, outcome: string, seconds: number): void {
    this.commands.inc({ command, outcome });
    this.commandSeconds.observe({ command }, seconds);
  }

  append({ outcome, from, to, events }: Append): void {
    this.appendSeconds.observe({ outcome }, (to - from) / 1000);
    if (outcome !== 'written') return;
    this.appendedEvents.inc(events.length);
    this.appendedBytes.inc(events.reduce((sum, { data, meta }) => sum + data.byteLength + meta.byteLength, 0));
  }

  failure(projection: string): void {
    this.failures.inc({ projection });
  }

  operation(operation: string, outcome: string, seconds: number): void {
    this.operationSeconds.observe({ operation, outcome }, seconds);
  }

  request(method: string, route: string, status: number | string, seconds: number): void {
    this.requests.inc({ method, route, status });
    if (status === SWITCHING_PROTOCOLS) return; // lasts as long as somebody listens
    this.requestSeconds.observe({ method, route }, seconds);
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  async text(): Promise<string> {
    return `${await this.own.metrics()}\n${await this.process.metrics()}`;
  }

  private counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.own] });
  }

  private histogram<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.own] });
  }

  private ofProjections(name: string, help: string, value: (health: Health) => number): void {
    this.gauge(name, help, ['projection'], (gauge) => {
      for (const health of this.views?.health() ?? []) gauge.set({ projection: health.name }, value(health));
    });
  }

  /** Each is asked at the scrape itself: one that set another would be a scrape late. */
  private gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect: (gauge: Gauge<Label>) => void,
  ): void {
    const registers = [this.own];
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect: function () {
        collect(this);
      },
    });
  }
}

let processRegistry: Registry | undefined;

/** The process is one, however many ledgers are in it, and so is what watches its memory and its event loop. */
const ofTheProcess = (): Registry => {
  if (processRegistry === undefined) collectDefaultMetrics({ register: (processRegistry = new Registry()) });
  return processRegistry;
};
