import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { capture, claim, connect, ENTRIES, incident, newIncidentId, party, subscribe, until } from './support';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACE_AS_UUID = '0af76519-16cd-43dd-8448-eb211c80319c';
const SPAN = 'b7ad6b7169203331';

let ledger: LedgerServer;
const log = capture();
beforeAll(async () => {
  ledger = await startLedger({ env: { LEDGER_LOG_LEVEL: 'debug' }, logTo: log });
});
afterAll(() => ledger.stop());

const register = async (headers: Record<string, string> = {}, body?: string): Promise<string> => {
  const query = 'mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }';
  const response = await fetch(`${ledger.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? JSON.stringify({ query, variables: { input: party() } }),
  });
  await response.text();
  return response.headers.get('x-correlation-id') as string;
};

const lastMeta = async (): Promise<{ correlationId: string; commandId: string; causationId: string }> =>
  JSON.parse(Buffer.from((await ledger.resources.store.readAll({ limit: 1000 })).at(-1)!.meta).toString());

const ofRequest = (correlationId: string) => log.lines().filter((line) => line['correlationId'] === correlationId);

test('a caller who sends a UUID finds it in the answer, in every line of the request and in what was recorded', async () => {
  const mine = randomUUID();
  expect(await register({ 'x-correlation-id': mine.toUpperCase() })).toBe(mine);
  expect(ofRequest(mine).map(({ msg }) => msg)).toEqual(['command', 'request']);
  const { correlationId, causationId, commandId } = await lastMeta();
  expect(correlationId).toBe(mine);
  expect(causationId).toBe(commandId);
});

test('a caller who sends a traceparent finds its trace there, written as a UUID', async () => {
  expect(await register({ traceparent: `00-${TRACE}-${SPAN}-01` })).toBe(TRACE_AS_UUID);
  expect((await lastMeta()).correlationId).toBe(TRACE_AS_UUID);
});

test('a UUID of the caller goes before the trace', async () => {
  const mine = randomUUID();
  expect(await register({ 'x-correlation-id': mine, traceparent: `00-${TRACE}-${SPAN}-01` })).toBe(mine);
});

test.each([
  ['nothing', {}],
  ['a name', { 'x-correlation-id': 'jane.doe@example.org' }],
  ['a UUID with something behind it', { 'x-correlation-id': `${TRACE_AS_UUID}-jane` }],
  ['two UUIDs', { 'x-correlation-id': `${TRACE_AS_UUID}, ${TRACE_AS_UUID}` }],
  ['the UUID that stands for none', { 'x-correlation-id': '00000000-0000-0000-0000-000000000000' }],
  ['a trace that stands for none', { traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` }],
  ['a span that stands for none', { traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` }],
  ['a version that must not be', { traceparent: `ff-${TRACE}-${SPAN}-01` }],
  ['a trace in capitals', { traceparent: `00-${TRACE.toUpperCase()}-${SPAN}-01` }],
  ['a piece of a trace', { traceparent: `00-${TRACE}` }],
])('who sends %s is given a random one, each time another', async (_, headers) => {
  const [first, second] = [await register(headers), await register(headers)];
  expect(first).toMatch(UUID);
  expect(second).toMatch(UUID);
  expect(new Set([first, second, TRACE_AS_UUID]).size).toBe(3);
  expect((await lastMeta()).correlationId).toBe(second);
});

test('what is privileged keeps none: it would lead from a privileged stream to the incident', async () => {
  const incidentId = newIncidentId();
  const mine = randomUUID();
  const send = async (mutation: string, type: string, input: object): Promise<void> => {
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ... on Recorded { replayed } } }`;
    await register({ 'x-correlation-id': mine }, JSON.stringify({ query, variables: { input } }));
  };
  await send('openIncident', 'OpenIncidentInput', incident(incidentId));
  expect((await lastMeta()).correlationId).toBe(mine);
  const input = claim(incidentId, { partition: 'PRIVILEGED' });
  await send('recordClaim', 'RecordClaimInput', input);
  const last = await lastMeta();
  expect(last.commandId).toBe(input['commandId']);
  expect(last.correlationId).toBe(last.commandId);
  const texts = (await ledger.resources.store.readAll({ limit: 1000 })).map(({ meta }) => Buffer.from(meta).toString());
  expect(texts.filter((text) => text.includes(mine))).toHaveLength(1);
});

test('every answer has one, also of what never became an operation', async () => {
  for (const path of ['/health', '/nowhere', '/%zz', '/console'])
    expect((await fetch(ledger.url + path)).headers.get('x-correlation-id')).toMatch(UUID);
  const socket = connectTcp(Number(new URL(ledger.url).port), '127.0.0.1');
  socket.end('OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 404 .*\r\nx-correlation-id: [0-9a-f-]{36}\r\n/i);
  const refused = await register({}, '{');
  expect(ofRequest(refused)).toMatchObject([{ msg: 'request', status: 400, problems: [{ code: 'MALFORMED_JSON' }] }]);
});

test('requests at the same time keep theirs apart', async () => {
  const mine = Array.from({ length: 20 }, () => randomUUID());
  await Promise.all(mine.map((id) => register({ 'x-correlation-id': id })));
  for (const id of mine) expect(ofRequest(id).map(({ msg }) => msg)).toEqual(['command', 'request']);
  const events = await ledger.resources.store.readAll({ limit: 1000 });
  const recorded = events.map(
    ({ meta }) => (JSON.parse(Buffer.from(meta).toString()) as { correlationId: string }).correlationId,
  );
  expect(recorded).toEqual(expect.arrayContaining(mine));
});

test('a body that comes late belongs to its request', async () => {
  const mine = randomUUID();
  const query = 'mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }';
  const body = JSON.stringify({ query, variables: { input: party() } });
  const socket = connectTcp(Number(new URL(ledger.url).port), '127.0.0.1');
  const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}X-Correlation-Id: ${mine}\r\nContent-Length: ${body.length}\r\n\r\n`);
  for (const at of [0, 50, 100]) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(body.slice(at, at === 100 ? undefined : at + 50));
  }
  await text(socket);
  expect(ofRequest(mine).map(({ msg }) => msg)).toEqual(['command', 'request']);
});

test('a WebSocket has one for as long as it is open, whatever it subscribes to', async () => {
  const mine = randomUUID();
  const socket = await connect(ledger.url, { 'x-correlation-id': mine });
  subscribe(socket, ENTRIES, {}, 'a');
  subscribe(socket, 'subscription { entriesRecorded(incidentId: "x") { position } }', {}, 'b');
  await until(() => ofRequest(mine).some(({ by }) => by === 'fastify'));
  socket.close();
  await until(() => ofRequest(mine).some(({ msg }) => msg === 'request'));
  expect(ofRequest(mine).at(-1)).toMatchObject({ route: '/graphql', status: 101 });
});
