import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { history } from '@ledger/event-store/history';
import type { EventStore, RecordedEvent } from '@ledger/event-store/port';
import { copyLogFile } from '@ledger/event-store/sqlite/log-copy';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { openKeysToRead, copyKeyFile } from '@ledger/privacy/sqlite/key-file';
import Database from 'better-sqlite3';
import { all, newEvents } from '../contracts/event-store.contract';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { loudly, ownEventStoreDb, REAL_NOT_RUN, startRealEventStoreDb } from '../stores/real-eventstoredb';
import { claim } from '../support/facts';
import { accepted, openTestLedger, removeFolder, temporaryFolder } from '../support/ledger';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { ledgerctl, LedgerctlProcess } from './ledgerctl';

let processes: LedgerctlProcess;
beforeAll(() => (processes = new LedgerctlProcess()));
afterAll(() => processes.remove());

let root: string;
beforeEach(() => (root = temporaryFolder()));
afterEach(() => removeFolder(root));
const at = (name: string): string => join(root, name);

const COUNCIL = { role: 'CONTROLLER', id: 'example-council' };
const day = (local: string) => ({ zone: 'Europe/London', local });
const INCIDENT = `inc_${randomUUID()}`;

const send = async (ledger: LedgerServer, mutation: string, input: object): Promise<string> => {
  const { position, ...answer } = await ledger.send(mutation, {
    commandId: randomUUID(),
    incidentId: INCIDENT,
    ...input,
  });
  if (position === undefined) throw new Error(JSON.stringify(answer));
  return ledger.positions.open(position, 'position');
};
const open = (ledger: LedgerServer) =>
  send(ledger, 'openIncident', { reference: 'tapes', title: 'Lost tapes', controller: COUNCIL, zone: 'Europe/London' });
const recordClaim = (ledger: LedgerServer, n: number) =>
  send(ledger, 'recordClaim', {
    occurred: { moment: day('2031-01-02') },
    known: [{ by: COUNCIL, when: day('2031-01-03') }],
    source: { document: 'letter-7' },
    actor: COUNCIL,
    manner: 'STATED',
    statement: `Tape ${n} was lost.`,
  });
const claims = async (ledger: LedgerServer, count: number): Promise<string[]> => {
  const positions: string[] = [];
  for (let n = 0; n < count; n += 1) positions.push(await recordClaim(ledger, n));
  return positions;
};

const logIn = async (folder: string): Promise<RecordedEvent[]> => {
  const store = openSqliteEventStore(join(folder, 'log.db'), { readonly: true });
  const events = await all(history(store));
  await store.close();
  return events;
};
const leaves = (events: readonly RecordedEvent[]) => events.map(({ leaf }) => Buffer.from(leaf).toString('hex'));
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const partials = (): string[] => readdirSync(root).filter((name) => name.includes('.partial-'));

/** What a view shows as of a sequence. */
const timeline = async (ledger: LedgerServer, sequence: number) => {
  const { data, errors } = await ledger.gql(
    `query ($id: ID!, $sequence: Sequence!) {
      ledger(asOf: { sequence: $sequence }) {
        resolved { sequence stale }
        incident(id: $id) { timeline(first: 200) { edges { certainty node { kind ... on Fact { id statement { value } } } } } }
      }
    }`,
    { id: INCIDENT, sequence: String(sequence) },
  );
  expect(errors).toBeUndefined();
  return data.ledger;
};

const stores: [name: string, start: () => Promise<{ url?: string; stop(): Promise<void> }>, runs: boolean][] = [
  ['the embedded store', async () => ({ stop: async () => undefined }), true],
  ['a double of EventStoreDB', startEventStoreDbDouble, true],
  ['a real EventStoreDB', startRealEventStoreDb, ownEventStoreDb],
];

describe.each(stores)('a ledger on %s', (name, start, runs) => {
  (runs ? test : test.skip)(
    'is saved while it takes 200 commands, and restored it is the ledger of that moment',
    async () => {
      const store = await start();
      const url = store.url === undefined ? undefined : { EVENTSTORE_URL: store.url };
      const live = await startLedger({ data: at('live'), ...(url && { eventStoreUrl: url.EVENTSTORE_URL }) });
      try {
        await open(live);
        const before = await claims(live, 20);
        const during = claims(live, 200);
        const saved = await processes.run(['backup', '--to', at('saved')], { LEDGER_DATA: at('live'), ...url });
        expect(saved).toMatchObject({ status: 0, err: '' });
        const [, count] = /^Saved (\d+) events/.exec(saved.out)!;
        await during;

        const restored = await ledgerctl(['restore', '--from', at('saved'), '--to', at('restored')]);
        expect(restored).toMatchObject({ status: 0, out: expect.stringContaining(`Restored ${count} events`) });

        const events = await logIn(at('restored'));
        const original = await all(history(live.resources.store));
        expect(events).toHaveLength(Number(count));
        expect(leaves(events)).toEqual(leaves(original.slice(0, events.length)));
        expect(original[events.length - 1]!.position >= before.at(-1)!).toBe(true);
        expect(original).toHaveLength(221);

        const second = await startLedger({ data: at('restored') });
        try {
          await second.resources.views.reached(events.at(-1)!.position, 10_000);
          const shown = await timeline(second, events.length);
          expect(shown.resolved).toEqual({ sequence: String(events.length), stale: false });
          expect(shown.incident.timeline.edges.length).toBeGreaterThanOrEqual(20);
          expect(shown).toEqual(await timeline(live, events.length));
          expect(second.resources.identity.userId).toBe(live.resources.identity.userId);
        } finally {
          await second.stop();
        }
        const manifest = JSON.parse(readFileSync(join(at('saved'), 'manifest.json'), 'utf8'));
        expect(manifest).toMatchObject({
          format: 1,
          store: url ? 'eventstoredb' : 'sqlite',
          log: { events: events.length, sequence: events.length, position: events.at(-1)!.position },
          keysMissing: 0,
        });
      } finally {
        await live.stop();
        await store.stop();
      }
    },
    60_000,
  );
});
if (!ownEventStoreDb) afterAll(() => loudly(`backup: ${REAL_NOT_RUN}`));

/** A small ledger in `live` that nobody has open, and a backup of it. */
const ledgerOf = async (facts: number): Promise<void> => {
  mkdirSync(at('live'), { mode: 0o700 });
  const ledger = openTestLedger(at('live'));
  await ledger.open();
  for (let n = 0; n < facts; n += 1) accepted(await ledger.record(claim(`tape ${n}`)));
  await ledger.shut();
};
const env = () => ({ LEDGER_DATA: at('live') });
const save = (...more: string[]) => ledgerctl(['backup', '--to', at('saved'), ...more], env());
const bring = (...more: string[]) => ledgerctl(['restore', '--from', at('saved'), '--to', at('restored'), ...more]);

test('a backup holds these files and no others, for its owner only, and so does what is restored from it', async () => {
  await ledgerOf(3);
  writeFileSync(join(at('live'), 'development-identity.json'), JSON.stringify({ userId: randomUUID() }), {
    mode: 0o644,
  });
  chmodSync(join(at('live'), 'log.db'), 0o644);
  expect(await save()).toMatchObject({ status: 0 });
  expect(await bring()).toMatchObject({ status: 0 });
  const files = ['development-identity.json', 'keys.db', 'log.db'];
  expect(readdirSync(at('saved')).sort()).toEqual([...files, 'manifest.json']);
  expect(readdirSync(at('restored')).sort()).toEqual(files);
  for (const folder of [at('saved'), at('restored')]) {
    expect(mode(folder)).toBe('700');
    for (const file of readdirSync(folder)) expect([file, mode(join(folder, file))]).toEqual([file, '600']);
  }
});

test('keys that are kept apart are in no other place, and without them nothing is restored', async () => {
  await ledgerOf(3);
  expect(await save('--keys-to', at('safe'))).toMatchObject({ status: 0 });
  expect(readdirSync(at('saved')).sort()).toEqual(['log.db', 'manifest.json']);
  expect(readdirSync(at('safe'))).toEqual(['keys.db']);
  expect(await bring()).toMatchObject({ status: 1, err: expect.stringContaining('--keys-from') });
  expect(existsSync(at('restored'))).toBe(false);
  expect(await bring('--keys-from', at('safe'))).toMatchObject({ status: 0 });
  expect(readdirSync(at('restored')).sort()).toEqual(['keys.db', 'log.db']);
});

test('the keys of another backup are refused', async () => {
  await ledgerOf(1);
  await save('--keys-to', at('safe'));
  rmSync(join(at('safe'), 'keys.db'));
  openTestLedgerOnce(at('other'));
  copyFileSync(join(at('other'), 'keys.db'), join(at('safe'), 'keys.db'));
  expect(await bring('--keys-from', at('safe'))).toMatchObject({
    status: 1,
    err: expect.stringContaining('belongs to another backup'),
  });
});
const openTestLedgerOnce = (folder: string): void => {
  mkdirSync(folder);
  void openTestLedger(folder).shut();
};

test('a backup with one byte changed is refused, and the message names the file', async () => {
  await ledgerOf(3);
  writeFileSync(join(at('live'), 'development-identity.json'), JSON.stringify({ userId: randomUUID() }));
  await save();
  for (const name of readdirSync(at('saved'))) {
    const file = join(at('saved'), name);
    const whole = readFileSync(file);
    for (const place of [whole.length - 10, Math.floor(whole.length / 2)]) {
      const bytes = Buffer.from(whole);
      bytes[place]! ^= 1;
      writeFileSync(file, bytes);
      expect([name, await bring()]).toMatchObject([name, { status: 1, err: expect.stringContaining(file) }]);
    }
    writeFileSync(file, whole);
  }
  expect(readdirSync(root).sort()).toEqual(['live', 'saved']);
  expect(await bring()).toMatchObject({ status: 0 });
});

test('a damaged log is not saved as if it were whole', async () => {
  await ledgerOf(3);
  const db = new Database(join(at('live'), 'log.db'));
  db.exec(`DROP TRIGGER event_is_never_changed; UPDATE event SET data = x'7b7d' WHERE position = 2`);
  db.close();
  expect(await save()).toMatchObject({
    status: 1,
    err: expect.stringContaining('does not match its stored leaf hash'),
  });
  expect(readdirSync(root)).toEqual(['live']);
});

test('nothing is overwritten: neither a backup nor a ledger', async () => {
  await ledgerOf(1);
  await save();
  const saved = readFileSync(join(at('saved'), 'manifest.json'), 'utf8');
  expect(await save()).toMatchObject({ status: 1, err: expect.stringContaining(`${at('saved')} is not empty`) });
  expect(readFileSync(join(at('saved'), 'manifest.json'), 'utf8')).toBe(saved);
  const over = await ledgerctl(['restore', '--from', at('saved'), '--to', at('live')]);
  expect(over).toMatchObject({ status: 1, err: expect.stringContaining(`${at('live')} is not empty`) });
  expect(await save('--keys-to', at('live'))).toMatchObject({ status: 1 });
  expect(readdirSync(root).sort()).toEqual(['live', 'saved']);
});

test('a backup that is killed is none, and one that is interrupted leaves nothing behind', async () => {
  await ledgerOf(1);
  const store: EventStore = openSqliteEventStore(join(at('live'), 'log.db'));
  for (let n = 0; n < 20; n += 1) await store.append(`filler-${n}`, 'no-stream', newEvents(1000));
  await store.close();

  expect(await processes.killWhen(() => partials().length > 0, ['backup', '--to', at('saved')], env())).toBe(true);
  expect(existsSync(at('saved'))).toBe(false);
  const [left] = partials();
  expect(mode(at(left!))).toBe('700');
  const none = await ledgerctl(['restore', '--from', at(left!), '--to', at('restored')]);
  expect(none).toMatchObject({ status: 1, err: expect.stringContaining('is no backup') });
  rmSync(at(left!), { recursive: true });

  const child = processes.start(['backup', '--to', at('saved')], env());
  while (partials().length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(143);
  expect(readdirSync(root)).toEqual(['live']);
  expect(await save()).toMatchObject({ status: 0 });
}, 30_000);

test('an erasure between the copy of the log and that of the keys is an erasure in the backup too', async () => {
  await ledgerOf(1);
  const ledger = openTestLedger(at('live'));
  mkdirSync(at('saved'));
  const [log, keys] = [join(at('saved'), 'log.db'), join(at('saved'), 'keys.db')];
  await copyLogFile(ledger.logFile, log);
  const kids = await ledger.kids(1n);
  accepted(await ledger.erase(ledger.views(), kids));
  await copyKeyFile(ledger.keysFile, keys);
  await ledger.shut();

  expect((await logIn(at('saved'))).map(({ type }) => type)).toEqual(['incident-opened', 'claim-made']);
  const vault = openKeysToRead(keys);
  expect(kids.map((kid) => vault.find(kid))).toEqual(kids.map(() => 'destroyed'));
  vault.close();
});

test('every event of the saved log has its key, however fast new keys come while it is saved', async () => {
  const live = await startLedger({ data: at('live') });
  await open(live);
  const during = claims(live, 150);
  for (let round = 0; round < 3; round += 1)
    expect(await processes.run(['backup', '--to', at(`saved-${round}`)], env())).toMatchObject({ status: 0 });
  await during;
  await live.stop();
});

test('keys that were missing before are counted, and the backup is one all the same', async () => {
  await ledgerOf(3);
  const db = new Database(join(at('live'), 'keys.db'));
  const ledger = openTestLedger(at('live'));
  const [lost] = await ledger.kids(2n);
  await ledger.shut();
  db.prepare('DELETE FROM data_key WHERE kid = ?').run(lost);
  db.close();
  expect(await save()).toMatchObject({ status: 4, out: expect.stringContaining('1 keys are missing') });
  expect(await bring()).toMatchObject({ status: 4, out: expect.stringContaining('1 keys are missing') });
  expect(await logIn(at('restored'))).toHaveLength(4);
});

test('what is no ledger is not saved, and where there is no place nothing is made', async () => {
  expect(await save()).toMatchObject({ status: 1, err: expect.stringContaining('holds no keys.db') });
  await ledgerOf(1);
  const nowhere = await ledgerctl(['backup', '--to', join(at('unmounted'), 'saved')], env());
  expect(nowhere).toMatchObject({ status: 1, err: expect.stringContaining(`${at('unmounted')} does not exist`) });
  expect(readdirSync(root)).toEqual(['live']);
  expect(await ledgerctl(['backup'], env())).toMatchObject({ status: 2, err: expect.stringContaining('--to') });
});
