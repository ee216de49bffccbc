import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { EventStore, NewEvent } from '@ledger/event-store/port';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { canonicalBytes } from '@ledger/integrity/canonical';
import { removeFolder, temporaryFolder } from '../../../test/support/ledger';
import { observedStore, type Append } from './observed-store';

let folder: string;
let store: EventStore;
let told: Append[];
beforeEach(() => {
  folder = temporaryFolder();
  told = [];
  store = observedStore(openSqliteEventStore(join(folder, 'log.db')), (append) => void told.push(append));
});
afterEach(async () => {
  await store.close();
  removeFolder(folder);
});

const event = (): NewEvent => ({
  id: randomUUID(),
  type: 'written',
  data: canonicalBytes({}),
  meta: canonicalBytes({ a: 'b' }),
});

test('an append is told when it is written, when another writer came first, and when the store fails', async () => {
  const first = event();
  const { position } = await store.append('a', 'no-stream', [first]);
  await expect(store.append('a', 'no-stream', [event()])).rejects.toThrow('expected');
  await store.close();
  await expect(store.append('a', 0n, [event()])).rejects.toThrow('closed');
  expect(told.map(({ outcome }) => outcome)).toEqual(['written', 'conflict', 'failed']);
  expect(told[0]).toMatchObject({ stream: 'a', events: [first], position });
  for (const { from, to } of told) expect(to).toBeGreaterThanOrEqual(from);
});

test('everything else is the store itself', async () => {
  const written = event();
  await store.append('a', 'no-stream', [written]);
  const [read] = await store.readAll({ limit: 1 });
  expect(read).toMatchObject({ id: written.id });
  for await (const one of store.readStream('a')) expect(one).toMatchObject({ id: written.id });
  for await (const item of store.subscribe({ signal: new AbortController().signal })) {
    expect(item).toMatchObject({ id: written.id });
    break;
  }
});
