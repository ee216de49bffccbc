import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock } from '@ledger/event-store/sqlite/lock-file';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import {
  BuiltViewsDiscarded,
  clearBuilding,
  finishBuilding,
  openViews,
  takeOverNext,
} from '@ledger/projections/sqlite/views';
import Database from 'better-sqlite3';
import { readConfig } from '../../apps/ledger/config';
import { openLedger } from '../../apps/ledger/ledger-resources';
import { newEvents } from '../contracts/event-store.contract';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { claim, opened } from '../support/facts';
import {
  accepted,
  command,
  openTestLedger,
  rawBytes,
  removeFolder,
  tablesOf,
  temporaryFolder,
  type TestLedger,
} from '../support/ledger';
import { startLedger } from '../support/ledger-server';
import { ledgerctl, LedgerctlProcess } from './ledgerctl';

let processes: LedgerctlProcess;
beforeAll(() => (processes = new LedgerctlProcess()));
afterAll(() => processes.remove());

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);
const env = () => ({ LEDGER_DATA: folder });
const inode = (name: string) => statSync(at(name)).ino;
const viewFiles = () => readdirSync(folder).filter((name) => name.startsWith('views'));

/** A ledger with some facts and read models that have seen them. */
const ledgerWith = async (facts: number): Promise<{ ledger: TestLedger; views: LedgerViews }> => {
  const ledger = openTestLedger(folder);
  await ledger.open();
  for (let n = 0; n < facts; n += 1) accepted(await ledger.record(claim(`tape ${n}`)));
  const views = ledger.views();
  await ledger.caughtUp(views);
  return { ledger, views };
};
const closedLedgerWith = async (facts: number): Promise<void> => (await ledgerWith(facts)).ledger.shut();
const shown = (name = 'views.db') => {
  const db = new Database(at(name), { readonly: true });
  const tables = tablesOf(db);
  db.close();
  return tables;
};

test('what is rebuilt is what was there, and replaces it when nobody uses it', async () => {
  await closedLedgerWith(20);
  const [before, old] = [shown(), inode('views.db')];
  expect(await ledgerctl(['rebuild'], env())).toMatchObject({
    status: 0,
    err: '',
    out: expect.stringMatching(/^Built the read models of 21 events.*\nThey have replaced the old ones/),
  });
  expect(shown()).toEqual(before);
  expect(inode('views.db')).not.toBe(old);
  expect(viewFiles()).toEqual(['views.db']);
});

test.each(['lost', 'damaged'])('read models that are %s come back', async (how) => {
  await closedLedgerWith(5);
  const before = shown();
  if (how === 'lost') for (const name of viewFiles()) writeFileSync(at(name), '');
  else writeFileSync(at('views.db'), readFileSync(at('views.db')).fill(0xa5, 100, 9000));
  expect(await ledgerctl(['rebuild'], env())).toMatchObject({ status: 0 });
  expect(shown()).toEqual(before);
});

test('while a server uses the old ones they stay, and it takes the new ones over at its next start', async () => {
  await closedLedgerWith(5);
  const server = await startLedger({ data: folder });
  const old = inode('views.db');
  const { status, out } = await processes.run(['rebuild'], env());
  expect({ status, out }).toMatchObject({ status: 0, out: expect.stringContaining('A server is using the old ones') });
  expect(inode('views.db')).toBe(old);
  const waiting = inode('views.next.db');
  expect(server.resources.views.isLive()).toBe(true);
  await server.stop();

  const again = await startLedger({ data: folder });
  expect(inode('views.db')).toBe(waiting);
  expect(existsSync(at('views.next.db'))).toBe(false);
  expect(again.resources.views.head()).toBe(6);
  await again.stop();
});

test('a rebuild that is killed leaves the old ones, nobody takes over what it left, and the next one starts anew', async () => {
  await closedLedgerWith(5);
  const ledger = openTestLedger(folder);
  for (let n = 0; n < 20; n += 1) await ledger.store.append(`filler-${n}`, 'no-stream', newEvents(500));
  await ledger.caughtUp(ledger.views());
  await ledger.shut();
  const before = readFileSync(at('views.db'));
  const begun = () => existsSync(at('views.building.db')) && statSync(at('views.building.db')).size > 50_000;
  expect(await processes.killWhen(begun, ['rebuild'], env())).toBe(true);
  expect(readFileSync(at('views.db')).equals(before)).toBe(true);

  const old = inode('views.db');
  await (await openLedger(readConfig(env()))).close();
  expect(inode('views.db')).toBe(old);
  expect(existsSync(at('views.building.db'))).toBe(true);

  const tables = shown();
  expect(await ledgerctl(['rebuild'], env())).toMatchObject({ status: 0 });
  expect(shown()).toEqual(tables);
  expect(viewFiles()).toEqual(['views.db']);
}, 30_000);

test('the write-ahead log that a killed server left does not get into the new ones', async () => {
  const { ledger } = await ledgerWith(3);
  const crashed = ['views.db', 'views.db-wal'].map((name) => [name, readFileSync(at(name))] as const);
  await ledger.shut();
  expect(await ledgerctl(['rebuild'], env())).toMatchObject({ status: 0 });
  const rebuilt = shown();
  copyFileSync(at('views.db'), at('views.next.db'));
  for (const [name, bytes] of crashed) writeFileSync(at(name), bytes);
  const db = openViews(at('views.db'));
  db.exec('CREATE TABLE of_old (x); INSERT INTO of_old VALUES (1)');
  const wal = readFileSync(at('views.db-wal'));
  db.close();
  writeFileSync(at('views.db-wal'), wal);

  expect(takeOverNext(at('views.db'))).toBe(true);
  expect(shown()).toEqual(rebuilt);
});

test('an erasure takes what waits and what is being built, so that no text survives in them', async () => {
  const { ledger, views } = await ledgerWith(3);
  const text = 'tape 1';
  copyFileSync(at('views.db'), at('views.next.db'));
  copyFileSync(at('views.db-wal'), at('views.next.db-wal'));
  const building = openTestLedger(folder);
  await building.caughtUp(building.views(clearBuilding(at('views.db'))));
  expect(rawBytes(at('views.building.db')).includes(text)).toBe(true);

  accepted(await ledger.erase(views, await ledger.kids(2n)));
  expect(viewFiles().filter((name) => !/^views\.db/.test(name))).toEqual([]);
  await building.shut();
  expect(() => finishBuilding(at('views.db'))).toThrow(BuiltViewsDiscarded);
  await ledger.shut();
  for (const name of readdirSync(folder)) expect([name, readFileSync(at(name)).includes(text)]).toEqual([name, false]);
});

test('of two rebuilds at once, one is refused', async () => {
  await closedLedgerWith(3);
  const lock = holdLock(at('rebuild.lock'));
  expect(await ledgerctl(['rebuild'], env())).toMatchObject({
    status: 1,
    err: expect.stringContaining(`another rebuild is at work on ${folder} (process ${process.pid})`),
  });
  lock?.release();
  expect(await ledgerctl(['rebuild'], env())).toMatchObject({ status: 0 });
});

test('a log that is damaged stops it, and the old ones stay', async () => {
  await closedLedgerWith(3);
  const db = new Database(at('log.db'));
  db.exec(`DROP TRIGGER event_is_never_changed; UPDATE event SET data = x'7b7d' WHERE position = 2`);
  db.close();
  const before = shown();
  expect(await ledgerctl(['rebuild'], env())).toMatchObject({ status: 1, err: expect.stringContaining('leaf hash') });
  expect(shown()).toEqual(before);
});

test('on EventStoreDB it is the same', async () => {
  const double = await startEventStoreDbDouble();
  mkdirSync(at('data'));
  const place = { LEDGER_DATA: at('data'), EVENTSTORE_URL: double.url };
  const ledger = await openLedger(readConfig(place));
  const stream = { initial: () => undefined, evolve: () => undefined };
  accepted(await ledger.transactor.transact('incident-1', stream, () => [opened], command()));
  await ledger.close();
  expect(await ledgerctl(['rebuild'], place)).toMatchObject({
    status: 0,
    out: expect.stringContaining('Built the read models of 1 events'),
  });
  await double.stop();
});
