import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import {
  claim,
  connect,
  ENTRIES,
  incident,
  newIncidentId,
  party,
  scrape,
  subscribe,
  until,
  type Sample,
} from './support';

let ledger: LedgerServer;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.stop());

const reached = async (position: string | null | undefined): Promise<void> =>
  void (await ledger.resources.views.reached(ledger.positions.open(position as string, 'position'), 5_000));

test('commands are counted by name and outcome, with how long they took', async () => {
  const input = party();
  await ledger.send('registerParty', input);
  await ledger.send('registerParty', input);
  await ledger.send('registerParty', { ...input, name: 'Example Stores Ltd' });
  await ledger.send('registerParty', party({ partyId: input['partyId'] }));
  await ledger.send('registerParty', party({ expectedRevision: '7' }));
  const { value } = await scrape(ledger.url);
  const count = (outcome: string): number => value('ledger_commands_total', { command: 'registerParty', outcome });
  expect(['accepted', 'replayed', 'command-reused', 'rejected', 'revision-conflict', 'failed'].map(count)).toEqual([
    1, 1, 1, 1, 1, 0,
  ]);
  expect(value('ledger_command_duration_seconds_count', { command: 'registerParty' })).toBe(5);
  expect(value('ledger_command_duration_seconds_sum', { command: 'registerParty' })).toBeGreaterThan(0);
});

test('appends are counted with their events and bytes, as they lie in the log', async () => {
  const incidentId = newIncidentId();
  await ledger.send('openIncident', incident(incidentId));
  const { position } = await ledger.send('recordClaim', claim(incidentId));
  await reached(position);
  const events = await ledger.resources.store.readAll({ limit: 100 });
  const { value } = await scrape(ledger.url);
  expect(value('ledger_append_duration_seconds_count', { outcome: 'written' })).toBe(2);
  expect(value('ledger_appended_events_total')).toBe(events.length);
  expect(value('ledger_appended_bytes_total')).toBe(
    events.reduce((sum, { data, meta }) => sum + data.byteLength + meta.byteLength, 0),
  );
});

test('each projection shows its sequence, its lag and the one status that it is in', async () => {
  const { position } = await ledger.send('registerParty', party());
  await reached(position);
  const { value, samples } = await scrape(ledger.url);
  const names = ledger.resources.views.health().map(({ name }) => name);
  for (const projection of names) {
    expect(value('ledger_projection_sequence', { projection })).toBe(1);
    expect(value('ledger_projection_lag_events', { projection })).toBe(0);
    expect(value('ledger_projection_lag_seconds', { projection })).toBe(0);
    const statuses = samples.filter(
      ({ name, labels }) => name === 'ledger_projection_status' && labels['projection'] === projection,
    );
    expect(statuses.filter((sample) => sample.value === 1).map(({ labels }) => labels['status'])).toEqual(['live']);
    // Present before anything failed, or the first failure would be no increase.
    expect(samples).toContainEqual({ name: 'ledger_projection_failures_total', labels: { projection }, value: 0 });
  }
});

test('GraphQL operations are counted by what they are and how they ended, HTTP requests by route and status', async () => {
  await ledger.send('registerParty', party());
  await ledger.gql('query NamedByTheClient { ledger { resolved { sequence } } }');
  await ledger.gql('{ nothing }');
  await fetch(`${ledger.url}/nowhere?named=by-the-client`);
  const { value, text } = await scrape(ledger.url);
  const operations = (operation: string, outcome: string): number =>
    value('ledger_graphql_operation_duration_seconds_count', { operation, outcome });
  expect(operations('mutation', 'ok')).toBe(1);
  expect(operations('query', 'ok')).toBe(1);
  expect(operations('none', 'refused')).toBe(1);
  expect(value('ledger_http_requests_total', { method: 'POST', route: '/graphql', status: '200' })).toBe(2);
  expect(value('ledger_http_requests_total', { method: 'POST', route: '/graphql', status: '400' })).toBe(1);
  expect(value('ledger_http_requests_total', { method: 'GET', route: 'none', status: '404' })).toBe(1);
  expect(value('ledger_http_request_duration_seconds_count', { method: 'POST', route: '/graphql' })).toBe(3);
  expect(text).not.toMatch(/by-?the-?client/i);
});

test('a fault of ours is a failed operation', async () => {
  const broken = jest.spyOn(ledger.resources.views, 'head').mockImplementation(() => {
    throw new Error('broken');
  });
  await ledger.gql('{ ledger { resolved { sequence } } }');
  broken.mockRestore();
  const { value } = await scrape(ledger.url);
  expect(value('ledger_graphql_operation_duration_seconds_count', { operation: 'query', outcome: 'failed' })).toBe(1);
});

test('subscriptions are counted while they are open', async () => {
  const open = async (): Promise<number> => (await scrape(ledger.url)).value('ledger_subscriptions_open');
  expect(await open()).toBe(0);
  const socket = await connect(ledger.url);
  subscribe(socket, ENTRIES, {}, 'a');
  subscribe(socket, ENTRIES, {}, 'b');
  await until(async () => (await open()) === 2);
  socket.close();
  await until(async () => (await open()) === 0);
});

test('what is privileged is absent: no number of commands or appends tells that there is any', async () => {
  const incidentId = newIncidentId();
  await ledger.send('openIncident', incident(incidentId));
  const before = await ours();
  expect((await ledger.send('recordClaim', claim(incidentId, { partition: 'PRIVILEGED' }))).__typename).toBe(
    'ClaimRecorded',
  );
  const input = claim(incidentId, { partition: 'PRIVILEGED' });
  await ledger.send('recordClaim', input);
  await ledger.send('recordClaim', { ...input, statement: 'Another one.' });
  expect(await ours()).toEqual(before);
});

/** All that is counted of commands, appends and projections. */
const ours = async (): Promise<Sample[]> =>
  (await scrape(ledger.url)).samples.filter(({ name }) => /^ledger_(command|append|projection)/.test(name));

test('docs/guides/operate.md has a line for each number of ours, and none left over', async () => {
  const guide = readFileSync(join(__dirname, '../../docs/guides/operate.md'), 'utf8');
  const [, table = ''] = /## Metrics\n([\s\S]*?)\n## /.exec(guide) ?? [];
  const documented = [...table.matchAll(/`(ledger_\w+)`/g)].map(([, name]) => name);
  const { text } = await scrape(ledger.url);
  expect(documented.sort()).toEqual([...text.matchAll(/^# TYPE (ledger_\S+)/gm)].map(([, name]) => name).sort());
});

test('two ledgers in one process count apart', async () => {
  const other = await startLedger();
  try {
    await ledger.send('registerParty', party());
    expect((await scrape(ledger.url)).value('ledger_commands_total')).toBe(1);
    expect((await scrape(other.url)).value('ledger_commands_total')).toBe(0);
    expect((await scrape(other.url)).value('process_resident_memory_bytes')).toBeGreaterThan(0);
  } finally {
    await other.stop();
  }
});

test('names keep to the conventions of Prometheus, and labels hold names of ours alone', async () => {
  await ledger.loadSample();
  const { samples, text, contentType } = await scrape(ledger.url);
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const [, name = '', kind = ''] of text.matchAll(/^# TYPE (ledger_\S+) (\S+)$/gm)) {
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
    expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
  }
  const mine = samples.filter(({ name }) => name.startsWith('ledger_'));
  for (const { labels } of mine)
    for (const [label, value] of Object.entries(labels)) {
      expect(['command', 'outcome', 'projection', 'status', 'operation', 'method', 'route', 'le']).toContain(label);
      expect(value).toMatch(/^[a-zA-Z0-9/:+._-]{1,40}$/);
      expect(value).not.toMatch(/[0-9a-f]{8}-/);
    }
  expect(mine.length).toBeLessThan(1_500);
  expect(samples.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds',
      'nodejs_heap_size_used_bytes',
    ]),
  );
});
