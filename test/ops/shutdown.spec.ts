import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { startChildLedger, type ChildLedger } from './child-ledger';
import { connect, ENTRIES, party, subscribe, until } from './support';

let folder: string;
let ledger: ChildLedger | undefined;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  if (ledger?.process.exitCode === null) ledger.process.kill('SIGKILL');
  removeFolder(folder);
});

/** How often each command is in the log. */
const recorded = async (): Promise<Map<string, number>> => {
  const store = openSqliteEventStore(join(folder, 'log.db'));
  const times = new Map<string, number>();
  for (const { meta } of await store.readAll({ limit: Infinity })) {
    const { commandId } = JSON.parse(Buffer.from(meta).toString()) as { commandId: string };
    times.set(commandId, (times.get(commandId) ?? 0) + 1);
  }
  await store.close();
  return times;
};

/** A connection of its own, to send bytes when the test wants them sent. */
const tcp = async (url: string): Promise<Socket> => {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

test('asked to end under load, it ends in time and with 0; what it acknowledged is in the log, once; asked again, it goes on ending', async () => {
  ledger = await startChildLedger(folder, { LEDGER_LOG_LEVEL: 'info' });
  const { send, process: child, ended } = ledger;
  const sent: string[] = [];
  const acknowledged: string[] = [];
  const client = async (): Promise<void> => {
    for (;;) {
      const input = party();
      sent.push(input['commandId'] as string);
      const answer = await send('registerParty', input).catch(() => undefined);
      if (answer?.__typename !== 'PartyRegistered') return;
      acknowledged.push(input['commandId'] as string);
    }
  };
  const clients = Array.from({ length: 8 }, client);
  await until(() => acknowledged.length >= 100);
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  await Promise.all(clients);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(ledger.log().at(-1)).toMatchObject({ msg: 'stopped' });
  expect(ledger.log().filter(({ level }) => level !== 'info')).toEqual([]);

  const times = await recorded();
  expect(acknowledged.filter((commandId) => times.get(commandId) !== 1)).toEqual([]);
  expect([...times.values()].filter((n) => n !== 1)).toEqual([]);
  expect([...times.keys()].filter((commandId) => !sent.includes(commandId))).toEqual([]);
}, 15_000);

test('what is in flight is answered, while nobody new is let in and those who watch are told; subscribers are sent away to come back', async () => {
  ledger = await startChildLedger(folder);
  const { url, process: child, ended } = ledger;
  await until(async () => (await fetch(`${url}/health/ready`)).ok);
  const socket = await connect(url);
  subscribe(socket, ENTRIES);
  const closed = once(socket, 'close') as Promise<[number]>;

  const input = party();
  const body = JSON.stringify({
    query: 'mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }',
    variables: { input },
  });
  const inFlight = await tcp(url);
  inFlight.write(
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
  );
  const watching = await tcp(url);
  watching.write('GET /health/ready HTTP/1.1\r\nHost: localhost\r\n');
  await new Promise((resolve) => setTimeout(resolve, 500)); // both have arrived

  child.kill('SIGTERM');
  expect((await closed)[0]).toBe(1001);
  await until(() => refused(url));
  watching.write('\r\n');
  expect(await text(watching)).toMatch(/^HTTP\/1.1 503 /);
  inFlight.write(body.slice(20));
  const answer = await text(inFlight);
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  expect(answer).toMatch(/^connection: close\r$/im);
  expect(answer).toContain('PartyRegistered');
  expect(await ended).toBe(0);
  expect((await recorded()).get(input['commandId'] as string)).toBe(1);
}, 15_000);

test('who does not finish within LEDGER_SHUTDOWN_SECONDS is cut off, and the log says so', async () => {
  ledger = await startChildLedger(folder, { LEDGER_SHUTDOWN_SECONDS: '1' });
  const { url, process: child, ended } = ledger;
  const endless = await tcp(url);
  endless.write(
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  const silent = await connect(url);
  silent.pause(); // it never answers that it is sent away
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill('SIGTERM');
  const cut = text(endless);
  expect(await ended).toBe(0);
  expect(await cut).toBe('');
  expect(ledger.log().map(({ level, msg }) => [level, msg])).toContainEqual([
    'warn',
    'requests in flight took too long: they were cut off',
  ]);
  silent.terminate();
}, 15_000);

const refused = (url: string): Promise<boolean> =>
  tcp(url).then(
    (socket) => {
      socket.destroy();
      return false;
    },
    () => true,
  );
