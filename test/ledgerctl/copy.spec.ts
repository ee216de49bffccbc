import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyLog, LogsPart } from '@ledger/event-store/copy';
import { openEventStoreDb } from '@ledger/event-store/eventstoredb/eventstoredb-event-store';
import { history } from '@ledger/event-store/history';
import type { EventStore, NewEvent, RecordedEvent } from '@ledger/event-store/port';
import { countEvents } from '@ledger/event-store/sqlite/log-copy';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { all, newEvent, newEvents } from '../contracts/event-store.contract';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { loudly, ownEventStoreDb, REAL_NOT_RUN, startRealEventStoreDb } from '../stores/real-eventstoredb';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { ledgerctl, LedgerctlProcess } from './ledgerctl';

let processes: LedgerctlProcess;
beforeAll(() => (processes = new LedgerctlProcess()));
afterAll(() => processes.remove());

let root: string;
beforeEach(() => (root = temporaryFolder()));
afterEach(() => removeFolder(root));

/** A folder of a ledger and the log in it, to be closed by who opens it. */
const folder = (name: string): string => {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
};
const logIn = (name: string): EventStore => openSqliteEventStore(join(folder(name), 'log.db'));
const filled = async (name: string, fill: (log: EventStore) => Promise<void>): Promise<string> => {
  const log = logIn(name);
  await fill(log);
  await log.close();
  return folder(name);
};

const append = async (log: EventStore, stream: string, events: readonly NewEvent[]): Promise<void> => {
  let head: bigint | undefined;
  for await (const { revision } of log.readStream(stream, { backwards: true, limit: 1 })) head = revision;
  await log.append(stream, head ?? 'no-stream', events);
};

/** Streams that take turns, privileged ones too, a long run, and what is too large for one append together. */
const varied = async (log: EventStore, turns = 40): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) {
    await append(log, `incident-${turn % 3}`, newEvents(1 + (turn % 2)));
    if (turn % 4 === 0) await append(log, `privileged-${turn % 8}`, newEvents(1));
  }
  await append(log, 'incident-0', newEvents(1200));
  const large = (): NewEvent => newEvent({ data: randomBytes(700 * 1024), metaValues: { note: 'Zoë \u2028 😀' } });
  for (let count = 0; count < 3; count += 1) await append(log, 'incident-1', [large()]);
};

/** Everything of an event but its position, which each store gives. */
const contents = (events: readonly RecordedEvent[]) =>
  events.map(({ stream, revision, id, type, data, meta }) => ({
    at: `${stream}@${revision}`,
    id,
    type,
    data: Buffer.from(data).toString('base64'),
    meta: Buffer.from(meta).toString(),
  }));
const contentsIn = async (name: string) => {
  const log = logIn(name);
  const found = contents(await all(history(log)));
  await log.close();
  return found;
};

describe('between files', () => {
  test('every event arrives as it was, in the same order over all streams', async () => {
    await filled('source', varied);
    const { status, out } = await ledgerctl(['copy', '--from', folder('source'), '--to', join(root, 'target')]);
    expect({ status, out }).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^1273 events lie in .*1273 of them/),
    });
    expect(await contentsIn('target')).toEqual(await contentsIn('source'));
  });

  test('what comes to the source while it is copied is left to the next copy, which goes on behind', async () => {
    const [source, target] = [logIn('source'), logIn('target')];
    await varied(source, 6);
    const before = (await all(history(source))).length;
    const late: Promise<unknown>[] = [];
    const copied = () => void late.push(source.append(`late-${late.length}`, 'no-stream', newEvents(1)));
    const first = await copyLog(source, target, { copied });
    expect(first.events).toBe(before);
    await Promise.all(late);
    const now = before + late.length;
    expect(await copyLog(source, target)).toMatchObject({ events: now, before: first.events });
    expect(contents(await all(history(target)))).toEqual(contents(await all(history(source))));
    await Promise.all([source.close(), target.close()]);
  });

  test('an empty log is copied, and a copy that is whole stays as it is', async () => {
    const [source, target] = [logIn('source'), logIn('target')];
    expect(await copyLog(source, target)).toMatchObject({ events: 0, before: 0 });
    await varied(source, 2);
    const { digest } = await copyLog(source, target);
    expect(await copyLog(source, target)).toMatchObject({ before: (await all(history(source))).length, digest });
    await Promise.all([source.close(), target.close()]);
  });

  test('a target that holds anything else is refused, and stays as it was: the message names the event', async () => {
    await filled('source', (log) => varied(log, 6));
    for (const [name, fill, parting] of [
      ['another', (log: EventStore) => append(log, 'incident-0', newEvents(1)), 'part at event 1,'],
      [
        'longer',
        (log: EventStore) => append(log, 'incident-0', newEvents(1)),
        /part at event \d+, which is not there in the source/,
      ],
    ] as const) {
      if (name === 'longer') await ledgerctl(['copy', '--from', folder('source'), '--to', folder(name)]);
      await filled(name, fill);
      const before = await contentsIn(name);
      const { status, err } = await ledgerctl(['copy', '--from', folder('source'), '--to', folder(name)]);
      expect(status).toBe(1);
      expect(err).toMatch(parting);
      expect(err).toContain(before.at(-1)!.id);
      expect(await contentsIn(name)).toEqual(before);
    }
  });

  test('somebody who writes to the target meanwhile is found out', async () => {
    const [source, target] = [logIn('source'), logIn('target')];
    await varied(source, 6);
    let once = true;
    const meddling = { copied: () => void (once && ((once = false), append(target, 'incident-other', newEvents(1)))) };
    await expect(copyLog(source, target, meddling)).rejects.toThrow(LogsPart);
    await Promise.all([source.close(), target.close()]);
  });

  test('a damaged source is not copied as if it were whole', async () => {
    const file = join(await filled('source', (log) => varied(log, 6)), 'log.db');
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(file);
    db.exec(`DROP TRIGGER event_is_never_changed; UPDATE event SET type = 'thing-undone' WHERE position = 7`);
    db.close();
    const { status, err } = await ledgerctl(['copy', '--from', folder('source'), '--to', folder('target')]);
    expect({ status, err }).toMatchObject({
      status: 1,
      err: expect.stringContaining('does not match its stored leaf'),
    });
    expect(await contentsIn('target')).toHaveLength(0);
  });

  test('nothing is made where the source has no log, and no target is the source itself', async () => {
    const none = await ledgerctl(['copy', '--from', folder('none'), '--to', join(root, 'target')]);
    expect(none).toMatchObject({ status: 1, err: expect.stringContaining('holds no log.db') });
    await filled('source', (log) => varied(log, 1));
    expect(await ledgerctl(['copy', '--from', folder('source'), '--to', `${folder('source')}/.`])).toMatchObject({
      status: 2,
    });
  });
});

interface Elsewhere {
  readonly url: string;
  stop(): Promise<void>;
}

const elsewhere: [name: string, start: () => Promise<Elsewhere>, runs: boolean][] = [
  ['a file', async () => ({ url: join(root, 'elsewhere'), stop: async () => undefined }), true],
  ['a double of EventStoreDB', startEventStoreDbDouble, true],
  ['a real EventStoreDB', startRealEventStoreDb, ownEventStoreDb],
];

describe.each(elsewhere)('by way of %s', (_, start, runs) => {
  (runs ? test : test.skip)(
    'a copy that is killed half-way is finished by the next one, and comes back as it was; another log is refused',
    async () => {
      const place = await start();
      try {
        const source = await filled('source', (log) => varied(log, 500));
        const there = ['copy', '--from', source, '--to', place.url];
        expect(await processes.killWhen(async () => (await countAt(place.url)) >= 100, there)).toBe(true);
        const arrived = await countAt(place.url);
        const finished = await ledgerctl(there);
        expect(finished).toMatchObject({ status: 0, err: '' });
        const [, events, copied] = /^(\d+) events lie in .*, (\d+) of them/.exec(finished.out) ?? [];
        expect(Number(events) - Number(copied)).toBe(arrived);

        expect(await ledgerctl(['copy', '--from', place.url, '--to', join(root, 'back')])).toMatchObject({
          status: 0,
        });
        expect(await contentsIn('back')).toEqual(await contentsIn('source'));

        await filled('other', (log) => append(log, 'incident-0', newEvents(2)));
        const refused = await ledgerctl(['copy', '--from', folder('other'), '--to', place.url]);
        expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('part at event 1,') });
      } finally {
        await place.stop();
      }
    },
    60_000,
  );
});
if (!ownEventStoreDb) afterAll(() => loudly(`copy: ${REAL_NOT_RUN}`));

/** How many events have arrived, read while the copy runs. */
const countAt = async (place: string): Promise<number> => {
  if (!place.startsWith('esdb://')) {
    try {
      return countEvents(join(place, 'log.db'));
    } catch {
      return 0; // not made yet
    }
  }
  const store = await openEventStoreDb(place);
  try {
    return (await all(history(store))).length;
  } finally {
    await store.close();
  }
};
