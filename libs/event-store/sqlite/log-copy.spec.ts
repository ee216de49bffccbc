import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newEvent, newEvents } from '../../../test/contracts/event-store.contract';
import { checkLogFile, copyLogFile, countEvents } from './log-copy';
import { openSqliteEventStore, type SqliteEventStore } from './sqlite-event-store';

let folder: string;
let file: string;
let store: SqliteEventStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-copy-'));
  file = join(folder, 'log.db');
  store = openSqliteEventStore(file);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const idsIn = async (log: SqliteEventStore): Promise<string[]> =>
  (await log.readAll({ limit: Infinity })).map(({ id }) => id);

test('a copy holds what was acknowledged before, nothing torn, and comes to an end however much is written meanwhile', async () => {
  const large = { data: Buffer.alloc(20_000, 7) };
  for (let n = 0; n < 600; n += 1) await store.append(`thing-${n}`, 'no-stream', [newEvent(large)]);
  const before = await idsIn(store);
  let steps = 0;
  await copyLogFile(file, join(folder, 'copy.db'), () => {
    steps += 1;
    void store.append(`late-${steps}`, 'no-stream', newEvents(2));
  });
  expect(steps).toBeGreaterThan(0);
  const copy = openSqliteEventStore(join(folder, 'copy.db'));
  expect(await idsIn(copy)).toEqual(before);
  await copy.close();
  expect((await idsIn(store)).slice(0, 600)).toEqual(before);
  expect(statSync(join(folder, 'copy.db')).mode & 0o777).toBe(0o600);
});

test('a copy replaces nothing', async () => {
  writeFileSync(join(folder, 'copy.db'), 'kept');
  await expect(copyLogFile(file, join(folder, 'copy.db'))).rejects.toThrow('EEXIST');
  expect(readFileSync(join(folder, 'copy.db'), 'utf8')).toBe('kept');
});

test('events are counted without being read', async () => {
  expect(countEvents(file)).toBe(0);
  await store.append('thing', 'no-stream', newEvents(3));
  expect(countEvents(file)).toBe(3);
});

test('a log opened for reading takes nothing and sees what comes; where there is none, none is made', async () => {
  const reader = openSqliteEventStore(file, { readonly: true });
  await store.append('thing', 'no-stream', newEvents(2));
  expect(await idsIn(reader)).toHaveLength(2);
  await expect(reader.append('thing', 1n, newEvents(1))).rejects.toThrow('it may not be written');
  await reader.close();
  const none = join(folder, 'none.db');
  for (const look of [
    () => openSqliteEventStore(none, { readonly: true }),
    () => countEvents(none),
    () => checkLogFile(none),
  ])
    expect(look).toThrow('there is none');
  expect(existsSync(none)).toBe(false);
});

test('a damaged page is found by the check', async () => {
  await store.append('thing', 'no-stream', newEvents(100));
  await store.close();
  checkLogFile(file);
  writeFileSync(file, readFileSync(file).fill(0xa5, 2 * 4096, 3 * 4096));
  expect(() => checkLogFile(file)).toThrow('damaged');
});
