import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { LedgerViews, PROJECTIONS } from '@ledger/projections/ledger-views';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { startLedger } from '../support/ledger-server';
import { startChildLedger, type ChildLedger } from './child-ledger';
import { claim, incident, newIncidentId, notice, party, until } from './support';

jest.setTimeout(30_000);

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

const loaded = (): string[] =>
  Object.keys(require.cache).filter((file) => /@opentelemetry\/(sdk|exporter|otlp|resources)/.test(file));

// First, because what is loaded once stays.
test('switched off, which they are by default, nothing of the tracing libraries is loaded', async () => {
  const off = await startLedger();
  await off.send('registerParty', party());
  await off.stop();
  expect(loaded()).toEqual([]);
  const on = await startLedger({ env: { LEDGER_TRACES: 'otlp' } });
  expect(loaded()).not.toEqual([]);
  await on.stop();
});

describe('switched on', () => {
  const spans: Span[] = [];
  let texts = '';
  let collector: Server;
  let folder: string;
  let names: string[];

  const ONE = randomUUID();
  const TWICE = randomUUID();
  const AGAIN = randomUUID();
  const CALLER = randomUUID();
  const CALLERS_SPAN = 'b7ad6b7169203331';
  const OPEN = randomUUID();
  const GAP = randomUUID();
  const PRIVILEGED = randomUUID();

  /** Takes what an OTLP collector takes, in JSON. */
  beforeAll(async () => {
    collector = createServer((request, response) => {
      void json(request).then((body: any) => {
        texts += `${request.method} ${request.url} ${JSON.stringify(body)}`;
        for (const { scopeSpans } of body.resourceSpans)
          for (const scope of scopeSpans) spans.push(...(scope.spans as Span[]));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await once(collector.listen(0, '127.0.0.1'), 'listening');
    folder = temporaryFolder();
    const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const ledger = await startChildLedger(folder, { LEDGER_TRACES: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: url });
    await until(async () => (await fetch(`${ledger.url}/health/ready`)).ok);

    const twice = party();
    await ledger.send('registerParty', party(), { 'x-correlation-id': ONE });
    await ledger.send('registerParty', twice, { 'x-correlation-id': TWICE });
    await ledger.send('registerParty', twice, { 'x-correlation-id': AGAIN });
    await ledger.send('registerParty', party(), { traceparent: `00-${hex(CALLER)}-${CALLERS_SPAN}-00` });
    const incidentId = newIncidentId();
    await ledger.send('openIncident', incident(incidentId), { 'x-correlation-id': OPEN });
    await ledger.send('recordProcessorNotification', notice(incidentId), { 'x-correlation-id': GAP });
    await ledger.send('recordClaim', claim(incidentId, { partition: 'PRIVILEGED' }), {
      'x-correlation-id': PRIVILEGED,
    });
    names = await projected(ledger, 6);
    ledger.process.kill('SIGTERM'); // sends what has not been sent
    expect(await ledger.ended).toBe(0);
  });
  afterAll(() => {
    collector.closeAllConnections();
    collector.close();
    removeFolder(folder);
  });

  const of = (correlationId: string, name?: string): Span[] =>
    spans.filter((span) => span.traceId === hex(correlationId) && (name === undefined || span.name === name));
  const one = (correlationId: string, name: string): Span => {
    const [span, ...more] = of(correlationId, name);
    if (span === undefined || more.length > 0) throw new Error(`${more.length + 1} spans ${name}`);
    return span;
  };

  test('a command, its append and every projection of its event are one trace, each below the one that caused it', () => {
    const [command, append] = [one(ONE, 'command registerParty'), one(ONE, 'append')];
    expect(command.parentSpanId ?? '').toBe('');
    expect(append.parentSpanId).toBe(command.spanId);
    expect(names).toHaveLength(PROJECTIONS.length);
    for (const name of names) expect(one(ONE, `project ${name}`).parentSpanId).toBe(append.spanId);
    expect(of(ONE)).toHaveLength(2 + names.length);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const times = [
      command.startTimeUnixNano,
      append.startTimeUnixNano,
      append.endTimeUnixNano,
      command.endTimeUnixNano,
    ];
    expect(times).toEqual([...times].sort((a, b) => Number(BigInt(a) - BigInt(b))));
  });

  test('the trace is that of the correlation id, which is what was recorded: nothing else is kept of it', () => {
    for (const id of [ONE, TWICE, AGAIN, OPEN, GAP]) expect(of(id).length).toBeGreaterThan(0);
    expect(spans.filter(({ traceId }) => ![ONE, TWICE, AGAIN, CALLER, OPEN, GAP].map(hex).includes(traceId))).toEqual(
      [],
    );
  });

  test('the command of a traced caller is below his span, whatever he thinks of sampling', () => {
    expect(one(CALLER, 'command registerParty').parentSpanId).toBe(CALLERS_SPAN);
    expect(of(CALLER)).toHaveLength(2 + names.length);
  });

  test('a command sent twice was appended once: its second trace ends with the command', () => {
    expect(of(TWICE)).toHaveLength(2 + names.length);
    expect(of(AGAIN).map(({ name }) => name)).toEqual(['command registerParty']);
    expect(one(AGAIN, 'command registerParty').attributes).toContainEqual({
      key: 'ledger.outcome',
      value: { stringValue: 'replayed' },
    });
  });

  test('an append of two events is one span, and both are projected below it', () => {
    const { spanId } = one(GAP, 'append');
    for (const name of names)
      expect(of(GAP, `project ${name}`).map(({ parentSpanId }) => parentSpanId)).toEqual([spanId, spanId]);
  });

  test('no span holds what was recorded or whose it is, and what is privileged has none', () => {
    expect(of(PRIVILEGED)).toEqual([]);
    const keys = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    expect([...keys].sort()).toEqual(['ledger.command', 'ledger.events', 'ledger.outcome', 'ledger.projection']);
    expect(texts).toMatch(/^POST \/v1\/traces .*"service.name".*"incident-ledger"/);
    expect(texts).not.toMatch(/tapes|council|archive|letter-7|EX-2031|incident-[0-9a-f]|party-[0-9a-f]/i);
  });
});

test('what a set of views reads to catch up is no work of a request, and not told as such', async () => {
  const ledger = await startLedger();
  await ledger.loadSample();
  const { store, codec } = ledger.resources;
  const committed = jest.fn();
  const views = new LedgerViews(join(ledger.data, 'again.db'), store, codec, () => false, undefined, committed);
  views.start();
  await until(() => views.isLive());
  expect(views.head()).toBeGreaterThan(50);
  expect(committed).not.toHaveBeenCalled();
  await ledger.send('registerParty', party());
  await until(() => committed.mock.calls.length === views.health().length);
  await views.stop();
  await ledger.stop();
});

test('without a collector commands are carried out as ever, and the end does not wait for it', async () => {
  const nobody = createServer();
  await once(nobody.listen(0, '127.0.0.1'), 'listening');
  const { port } = nobody.address() as AddressInfo;
  nobody.close();
  const folder = temporaryFolder();
  const env = { LEDGER_TRACES: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` };
  const ledger = await startChildLedger(folder, env);
  for (let n = 0; n < 3; n++)
    expect(await ledger.send('registerParty', party())).toMatchObject({ __typename: 'PartyRegistered' });
  ledger.process.kill('SIGTERM');
  expect(await ledger.ended).toBe(0);
  expect(ledger.log().at(-1)).toMatchObject({ msg: 'stopped' });
  removeFolder(folder);
});

/** The names of the read models, once all of them hold `sequence` events. */
const projected = async ({ url }: ChildLedger, sequence: number): Promise<string[]> => {
  let projections: { name: string; sequence: number }[] = [];
  await until(async () => {
    projections = ((await (await fetch(`${url}/health`)).json()) as { projections: typeof projections }).projections;
    return projections.every((one) => one.sequence === sequence);
  });
  return projections.map(({ name }) => name);
};

function hex(uuid: string): string {
  return uuid.replaceAll('-', '');
}
