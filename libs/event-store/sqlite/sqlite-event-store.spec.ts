import { leafHash } from '@ledger/integrity/leaf';
import Database from 'better-sqlite3';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import {
  all,
  describeEventStoreContract,
  newEvent,
  newEvents,
  type OpenedStore,
} from '../../../test/contracts/event-store.contract';
import { isCaughtUp, type EventStore, type Position, type SubscriptionItem } from '../port';
import { openSqliteEventStore, type SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store';

const raw = <T>(file: string, work: (db: Database.Database) => T): T => {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
};

/** What only somebody who owns the file can do: the guards go first. */
const damage = (file: string, sql: string): void =>
  raw(file, (db) => {
    const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all() as string[];
    db.exec(triggers.map((trigger) => `DROP TRIGGER ${trigger};`).join(''));
    db.exec(sql);
  });

/** Transactions in the write-ahead log: the frames that carry a database size, since the log was last begun anew. */
const commits = (file: string): number => {
  const wal = readFileSync(`${file}-wal`);
  const [header, frame, salt] = [32, 24 + 4096, wal.subarray(16, 24)];
  let count = 0;
  for (let at = header; at < wal.length && wal.subarray(at + 8, at + 16).equals(salt); at += frame)
    if (wal.readUInt32BE(at + 4) > 0) count += 1;
  return count;
};

const folder = mkdtempSync(join(tmpdir(), 'sqlite-event-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => join(folder, `log-${(files += 1)}.db`);

const fileOf = new WeakMap<OpenedStore, string>();
describeEventStoreContract('sqlite', {
  open: async () => {
    const file = newFile();
    let store = openSqliteEventStore(file);
    const opened: OpenedStore = {
      store,
      reopen: async () => {
        await store.close();
        return (store = openSqliteEventStore(file));
      },
      dispose: () => store.close(),
    };
    fileOf.set(opened, file);
    return opened;
  },
  rawMutation: async (opened, kind, { id }) =>
    raw(fileOf.get(opened)!, (db) => {
      const sql = kind === 'update' ? "UPDATE event SET data = x'00' WHERE id = ?" : 'DELETE FROM event WHERE id = ?';
      db.prepare(sql).run(id);
    }),
  tamper: async (opened, { id }) => damage(fileOf.get(opened)!, `UPDATE event SET data = x'7b7d' WHERE id = '${id}'`),
});

describe('sqlite event store', () => {
  let file: string;
  let store: SqliteEventStore;
  const opened: SqliteEventStore[] = [];
  const open = (options?: SqliteEventStoreOptions): SqliteEventStore => {
    const another = openSqliteEventStore(file, options);
    opened.push(another);
    return another;
  };
  beforeEach(() => {
    file = newFile();
    store = open();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  const readLog = async (from: EventStore, limit = 1000) => from.readAll({ limit });
  const untilCaughtUp = async (from: EventStore): Promise<SubscriptionItem[]> => {
    const abort = new AbortController();
    const items: SubscriptionItem[] = [];
    for await (const item of from.subscribe({ signal: abort.signal })) {
      items.push(item);
      if (isCaughtUp(item)) abort.abort();
    }
    return items;
  };

  const untilAborted = async (from: EventStore, signal: AbortSignal): Promise<void> => {
    for await (const _ of from.subscribe({ signal }));
  };

  describe('an empty log', () => {
    it('has no events and is caught up at no position', async () => {
      expect(await readLog(store)).toEqual([]);
      expect(await untilCaughtUp(store)).toEqual([{ caughtUp: undefined }]);
    });

    it('gives its first event the first position, 20 digits long', async () => {
      const { position } = await store.append('a', 'no-stream', [newEvent()]);
      expect(position).toBe('00000000000000000001');
    });
  });

  it('refuses a position beyond the end of the log', async () => {
    await store.append('a', 'no-stream', newEvents(2));
    const after = '00000000000000000003' as Position;
    const foreign = { code: 'invalid-read', field: 'after' };
    await expect(store.readAll({ after, limit: 1 })).rejects.toMatchObject(foreign);
    const { signal } = new AbortController();
    await expect(store.subscribe({ after, signal }).next()).rejects.toMatchObject(foreign);
  });

  it('reads and appends at revisions over 2^53', async () => {
    const revision = 2n ** 53n + 1n;
    const event = newEvent();
    const leaf = leafHash({ ...event, stream: 'long', revision });
    damage(file, `INSERT INTO stream_head VALUES ('long', ${revision})`);
    raw(file, (db) =>
      db
        .prepare('INSERT INTO event (stream, revision, id, type, data, meta, leaf) VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run('long', revision, event.id, event.type, event.data, event.meta, leaf),
    );
    expect((await store.append('long', revision, [newEvent()])).revision).toBe(revision + 1n);
    const stored = await all(store.readStream('long', { from: revision }));
    expect(stored.map((each) => each.revision)).toEqual([revision, revision + 1n]);
    expect((await readLog(store)).map((each) => each.revision)).toEqual([revision, revision + 1n]);
    await expect(store.append('long', 2n ** 64n, [newEvent()])).rejects.toMatchObject({ actual: revision + 1n });
    expect(await all(store.readStream('long', { from: 2n ** 64n }))).toEqual([]);
  });

  it('reads page by page, in rows and in bytes, and lets others work between pages', async () => {
    await store.append('many', 'no-stream', newEvents(1700));
    for (let n = 0; n < 9; n++)
      await store.append('large', n === 0 ? 'no-stream' : BigInt(n - 1), [
        newEvent({ data: Buffer.alloc(1 << 20, n) }),
      ]);
    let ticks = 0;
    const counter = setInterval(() => (ticks += 1), 0);
    const items = await untilCaughtUp(store);
    clearInterval(counter);
    expect(items).toHaveLength(1700 + 9 + 1);
    expect(ticks).toBeGreaterThan(2);
    expect(await all(store.readStream('many', { backwards: true, limit: 1200 }))).toHaveLength(1200);
    expect((await all(store.readStream('large'))).map(({ data }) => data[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await readLog(store, 1709)).toHaveLength(1709);
  });

  describe('group commit', () => {
    it('appends of one tick share one transaction; one after another they do not', async () => {
      await store.append('a', 'no-stream', [newEvent()]);
      const before = commits(file);
      await Promise.all(Array.from({ length: 64 }, (_, n) => store.append(`s${n}`, 'no-stream', [newEvent()])));
      expect(commits(file) - before).toBe(1);
      for (let n = 0; n < 3; n++) await store.append(`t${n}`, 'no-stream', [newEvent()]);
      expect(commits(file) - before).toBe(4);
      expect(await readLog(store)).toHaveLength(68);
    });

    it('one transaction is bounded in appends and in bytes', async () => {
      const before = commits(file);
      await Promise.all(Array.from({ length: 300 }, (_, n) => store.append(`s${n}`, 'no-stream', [newEvent()])));
      expect(commits(file) - before).toBe(2);
      const large = () => store.append(newEvent().id, 'no-stream', [newEvent({ data: Buffer.alloc(900_000) })]);
      await Promise.all([1, 2, 3, 4, 5].map(large));
      expect(commits(file) - before).toBe(4);
    });

    it('a conflict fails alone, and uses up no position', async () => {
      const outcomes = await Promise.allSettled([
        store.append('a', 'no-stream', newEvents(2)),
        store.append('a', 'no-stream', newEvents(3)),
        store.append('b', 0n, [newEvent()]),
        store.append('a', 1n, [newEvent()]),
        store.append('c', 'no-stream', [newEvent()]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect((await readLog(store)).map(({ position }) => Number(position))).toEqual([1, 2, 3, 4]);
    });

    it('a damaged stream fails alone', async () => {
      await store.append('a', 'no-stream', newEvents(3));
      damage(file, "DELETE FROM event WHERE stream = 'a' AND revision = 2");
      const outcomes = await Promise.allSettled([
        store.append('a', 2n, [newEvent()]),
        store.append('b', 'no-stream', [newEvent()]),
      ]);
      expect(outcomes[0]).toMatchObject({ reason: { code: 'stream-damaged', stream: 'a', missing: 2n } });
      expect(outcomes[1]).toMatchObject({ status: 'fulfilled' });
    });

    it('resolves only after the commit: another connection then sees the event', async () => {
      const { position } = await store.append('a', 'no-stream', [newEvent()]);
      expect(raw(file, (db) => db.prepare('SELECT max(position) FROM event').pluck().get())).toBe(Number(position));
    });

    it('nobody is answered before the commit: when that fails, all of the group is StoreUnavailable and may be repeated', async () => {
      raw(file, (db) =>
        db.exec(`CREATE TABLE parent (id PRIMARY KEY);
          CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
          CREATE TRIGGER late AFTER INSERT ON event BEGIN INSERT INTO child VALUES (1); END`),
      );
      const [a, b, c] = [newEvents(1), newEvents(2), newEvents(1)];
      const appends = () =>
        Promise.allSettled([
          store.append('a', 'no-stream', a),
          store.append('a', 0n, b),
          store.append('a', 'no-stream', c),
        ]);
      const unavailable = { status: 'rejected', reason: { code: 'store-unavailable' } };
      expect(await appends()).toMatchObject([unavailable, unavailable, unavailable]);
      raw(file, (db) => db.exec('DROP TRIGGER late'));
      expect(await readLog(store)).toEqual([]);
      const conflict = { status: 'rejected', reason: { code: 'wrong-expected-revision', actual: 2n } };
      expect(await appends()).toMatchObject([{ value: { revision: 0n } }, { value: { revision: 2n } }, conflict]);
    });

    it('a file locked by another process too long is StoreUnavailable for the whole group; a repeat then succeeds', async () => {
      const impatient = open({ busyTimeout: 20 });
      const [a, b] = [newEvents(1), newEvents(1)];
      const append = () =>
        Promise.allSettled([impatient.append('a', 'no-stream', a), impatient.append('b', 'no-stream', b)]);
      const other = new Database(file);
      other.exec('BEGIN IMMEDIATE');
      for (const outcome of await append()) expect(outcome).toMatchObject({ reason: { code: 'store-unavailable' } });
      other.close();
      for (const outcome of await append()) expect(outcome).toMatchObject({ value: { revision: 0n } });
      expect(await readLog(store)).toHaveLength(2);
    });
  });

  describe('guards, on every connection', () => {
    beforeEach(() => store.append('a', 'no-stream', newEvents(3)));
    const VALUES = "'a', 1, 'id', 'type', x'', x'', x''";

    it.each([
      'UPDATE event SET type = type',
      'UPDATE OR REPLACE event SET revision = 0 WHERE revision = 1',
      'DELETE FROM event WHERE revision = 2',
      `INSERT OR REPLACE INTO event (stream, revision, id, type, data, meta, leaf) VALUES (${VALUES})`,
      `INSERT OR REPLACE INTO event VALUES (2, ${VALUES.replace("'a', 1", "'b', 0")})`,
      `INSERT INTO event (stream, revision, id, type, data, meta, leaf) VALUES (${VALUES.replace('1', '4')})`,
      'UPDATE stream_head SET revision = 1',
      "UPDATE stream_head SET stream = 'b', revision = 7",
      "INSERT OR REPLACE INTO stream_head VALUES ('a', 1)",
      'DELETE FROM stream_head',
    ])('refuse %s', async (sql) => {
      const before = await readLog(store);
      raw(file, (db) => expect(() => db.exec(sql)).toThrow(/never|only/));
      expect(await readLog(store)).toEqual(before);
      expect(await all(store.readStream('a'))).toEqual(before);
    });

    it('that somebody removed are put back at opening', async () => {
      damage(file, '');
      open();
      raw(file, (db) => expect(() => db.exec('DELETE FROM event')).toThrow('never deleted'));
    });
  });

  describe('damage is an error that says where, never a silent gap', () => {
    beforeEach(async () => {
      await store.append('a', 'no-stream', newEvents(4));
      await store.append('b', 'no-stream', newEvents(2));
    });
    const expectEverywhere = async (stream: string, readingStream: object, readingLog: object): Promise<void> => {
      for (const each of [store, open()]) {
        await expect(all(each.readStream(stream))).rejects.toMatchObject(readingStream);
        await expect(all(each.readStream(stream, { backwards: true }))).rejects.toMatchObject(readingStream);
        await expect(readLog(each)).rejects.toMatchObject(readingLog);
        await expect(untilCaughtUp(each)).rejects.toMatchObject(readingLog);
      }
    };

    it.each([
      "data = x'7b7d'",
      "meta = x'7b7d'",
      "meta = x'00'",
      "type = 'other'",
      "id = '00000000-0000-4000-8000-000000000000'",
      'leaf = zeroblob(32)',
      "leaf = x''",
    ])('an event changed by %s', async (change) => {
      damage(file, `UPDATE event SET ${change} WHERE stream = 'a' AND revision = 2`);
      const tampered = { code: 'event-tampered', stream: 'a', revision: 2n };
      await expectEverywhere('a', tampered, tampered);
      expect(await all(store.readStream('b'))).toHaveLength(2);
    });

    it('two events that changed places', async () => {
      damage(
        file,
        "UPDATE event SET revision = CASE revision WHEN 1 THEN -2 ELSE -1 END WHERE stream = 'a' AND revision IN (1, 2)",
      );
      damage(file, 'UPDATE event SET revision = -revision WHERE revision < 0');
      await expect(all(store.readStream('a'))).rejects.toMatchObject({
        code: 'event-tampered',
        stream: 'a',
        revision: 1n,
      });
    });

    it('an event moved to another stream', async () => {
      damage(file, "UPDATE event SET stream = 'c', revision = 0 WHERE stream = 'b' AND revision = 1");
      await expect(all(store.readStream('b'))).rejects.toMatchObject({
        code: 'stream-damaged',
        stream: 'b',
        missing: 1n,
      });
      await expect(readLog(store)).rejects.toMatchObject({ code: 'event-tampered', stream: 'c' });
    });

    it.each([0, 2, 3])('a deleted event, revision %i of 3', async (revision) => {
      damage(file, `DELETE FROM event WHERE stream = 'a' AND revision = ${revision}`);
      const missing = BigInt(revision);
      const readingStream = { code: 'stream-damaged', stream: 'a', missing };
      await expectEverywhere('a', readingStream, { code: 'stream-damaged', stream: '$all', missing: missing + 1n });
      await expect(store.append('b', 1n, [newEvent()])).resolves.toMatchObject({ revision: 2n });
    });

    it('a deleted tail of the log: also an append to that stream is refused', async () => {
      damage(file, 'DELETE FROM event WHERE position > 5');
      const readingStream = { code: 'stream-damaged', stream: 'b', missing: 1n };
      await expectEverywhere('b', readingStream, { code: 'stream-damaged', stream: '$all', missing: 6n });
      await expect(store.append('b', 1n, [newEvent()])).rejects.toMatchObject(readingStream);
      await expect(store.append('b', 0n, [newEvent()])).rejects.toMatchObject(readingStream);
    });

    it('a stream deleted with its head leaves a hole in the log', async () => {
      damage(file, "DELETE FROM event WHERE stream = 'a'; DELETE FROM stream_head WHERE stream = 'a'");
      await expect(readLog(store)).rejects.toMatchObject({ code: 'stream-damaged', stream: '$all', missing: 1n });
    });

    it('a head that was deleted or put back', async () => {
      damage(
        file,
        "DELETE FROM stream_head WHERE stream = 'a'; UPDATE stream_head SET revision = 0 WHERE stream = 'b'",
      );
      await expect(all(store.readStream('a'))).rejects.toMatchObject({ code: 'stream-damaged', missing: 0n });
      await expect(all(store.readStream('b'))).rejects.toMatchObject({ code: 'stream-damaged', missing: 1n });
      await expect(store.append('a', 'no-stream', [newEvent()])).rejects.toMatchObject({ code: 'stream-damaged' });
    });
  });

  describe('other connections on the same file', () => {
    it('a live subscription sees their appends', async () => {
      const other = open();
      const abort = new AbortController();
      const seen: string[] = [];
      for await (const item of store.subscribe({ signal: abort.signal })) {
        if (isCaughtUp(item)) void other.append('a', 'no-stream', newEvents(2));
        else seen.push(`${item.stream}@${item.revision}`);
        if (seen.length === 2) abort.abort();
      }
      expect(seen).toEqual(['a@0', 'a@1']);
    });

    it('write by turns, in one order', async () => {
      const stores = [store, open(), open()];
      const writer = async (each: SqliteEventStore, n: number): Promise<void> => {
        for (let revision = -1n; revision < 20n; revision += 1n)
          await each.append(`w${n}`, revision < 0n ? 'no-stream' : revision, [newEvent()]);
      };
      await Promise.all(stores.map(writer));
      const logs = await Promise.all(stores.map((each) => readLog(each)));
      expect(logs[0]).toHaveLength(63);
      expect(logs[1]).toEqual(logs[0]);
      expect(logs[2]).toEqual(logs[0]);
    });
  });

  describe('closing', () => {
    it('writes what is waiting, and may be called twice', async () => {
      const waiting = store.append('a', 'no-stream', [newEvent()]);
      await tick(); // the append has been checked and waits for its turn or is being written
      const another = store.append('b', 'no-stream', [newEvent()]);
      await store.close();
      await store.close();
      expect((await waiting).revision).toBe(0n);
      expect((await another).revision).toBe(0n);
      expect(await readLog(open())).toHaveLength(2);
    });

    it('ends a subscription with an error, and refuses what comes later', async () => {
      const closed = { code: 'store-unavailable' };
      let end: unknown;
      const reading = untilAborted(store, new AbortController().signal).catch((error: unknown) => (end = error));
      await tick();
      await store.close();
      await tick();
      expect(end).toMatchObject(closed); // at once, not when the next look at the file fails
      await reading;
      await expect(store.append('a', 'no-stream', [newEvent()])).rejects.toMatchObject(closed);
      await expect(readLog(store)).rejects.toMatchObject(closed);
      await expect(all(store.readStream('a'))).rejects.toMatchObject(closed);
    });

    it('leaves no timer and no listener behind after abort, and no WAL after close', async () => {
      const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
      const before = timers();
      const abort = new AbortController();
      const removed = jest.spyOn(abort.signal, 'removeEventListener');
      let during = 0;
      for await (const item of store.subscribe({ signal: abort.signal }))
        if (isCaughtUp(item))
          setTimeout(() => {
            during = timers();
            abort.abort();
          }, 20);
      expect(during).toBeGreaterThan(before);
      expect(timers()).toBe(before);
      expect(removed).toHaveBeenCalledTimes(1);
      await store.append('a', 'no-stream', [newEvent()]);
      expect(existsSync(`${file}-wal`)).toBe(true);
      await store.close();
      expect(existsSync(`${file}-wal`)).toBe(false);
    });
  });

  describe('a file that is not an intact log of ours is refused with a reason, and not touched', () => {
    const PAGE = 4096;
    const ours = async (events = 300): Promise<void> => {
      await store.append('a', 'no-stream', newEvents(events));
      await store.close();
    };
    const rewrite = (change: (bytes: Buffer) => Buffer | void): void => {
      const bytes = readFileSync(file);
      writeFileSync(file, change(bytes) ?? bytes);
    };
    const overwrite = (from: number, length: number): void =>
      rewrite((bytes) => void bytes.fill(0xa5, from, from + length));

    it.each<[string, RegExp, () => unknown]>([
      ['a text file', /not an SQLite file/, () => writeFileSync(file, 'Dear diary, '.repeat(100))],
      ['a short text file', /not an SQLite file/, () => writeFileSync(file, 'x')],
      ['a beginning overwritten', /not an SQLite file/, () => overwrite(0, 100)],
      ['a log cut within its header', /damaged/, () => truncateSync(file, 100)],
      ['a log cut within its first page', /damaged/, () => truncateSync(file, 1000)],
      ['a log cut after its first page', /damaged/, () => truncateSync(file, PAGE)],
      ['a log cut in the middle', /damaged/, () => truncateSync(file, 9 * PAGE + 17)],
      ['a log without its last page', /damaged/, () => rewrite((bytes) => bytes.subarray(0, -PAGE))],
      ['a schema page overwritten', /damaged/, () => overwrite(100, PAGE - 100)],
      ['a page in the middle overwritten', /damaged/, () => overwrite(9 * PAGE, PAGE)],
      ['a page in the middle zeroed', /damaged/, () => rewrite((bytes) => void bytes.fill(0, 9 * PAGE, 10 * PAGE))],
      [
        'a newer format',
        /has format 2, this program knows only format 1/,
        () => raw(file, (db) => db.pragma('user_version = 2')),
      ],
      ['other tables', /tables are not those/, () => damage(file, 'ALTER TABLE event RENAME COLUMN leaf TO foliage')],
      [
        'the database of another program',
        /belongs to another program/,
        () => {
          rmSync(file);
          raw(file, (db) => db.exec('CREATE TABLE event (position INTEGER PRIMARY KEY); PRAGMA user_version = 1'));
        },
      ],
    ])('%s', async (_, reason, prepare) => {
      await ours();
      prepare();
      const before = readFileSync(file);
      let error: unknown;
      try {
        open();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'not-an-event-log', file });
      const { message } = error as Error;
      expect(message).toMatch(reason);
      expect(message).not.toMatch(/SQLITE_|sqlite_|\n/);
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(readdirSync(folder).filter((name) => name.startsWith(file.slice(folder.length + 1)))).toHaveLength(1);
    });

    it('another program that left a write-ahead log finds both files as it left them', () => {
      const theirs = newFile();
      raw(theirs, (db) => {
        db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x)');
        for (const suffix of ['', '-wal']) copyFileSync(theirs + suffix, `${theirs}.copy${suffix}`);
      });
      const copy = `${theirs}.copy`;
      const contents = () => ['', '-wal'].map((suffix) => readFileSync(copy + suffix).toString('hex'));
      const before = contents();
      expect(() => openSqliteEventStore(copy)).toThrow(/belongs to another program/);
      expect(contents()).toEqual(before);
      expect(existsSync(`${copy}-shm`)).toBe(false);
    });

    it('a folder, and a file in no folder', () => {
      const path = join(folder, 'folder');
      mkdirSync(path);
      expect(() => openSqliteEventStore(path)).toThrow(/it is a folder/);
      expect(() => openSqliteEventStore(join(folder, 'nowhere', 'log.db'))).toThrow(/its folder does not exist/);
    });

    it.each([
      ['the structure', 0, 'not-an-event-log'],
      ['the data of an event', 100, 'event-tampered'],
    ])(
      'a large log is not read through at opening: damage to %s deep inside is found on reading',
      async (_, offset, code) => {
        for (let n = 0; n < 70; n++)
          await store.append('a', n === 0 ? 'no-stream' : BigInt(n - 1), [
            newEvent({ data: Buffer.alloc(1 << 20, n) }),
          ]);
        await store.close();
        overwrite((33 << 20) + offset, 1);
        const reading = all(open().readStream('a'));
        await expect(reading).rejects.toMatchObject({ code });
      },
      30_000,
    );

    it('but an empty file becomes a log', async () => {
      await store.close();
      rmSync(file);
      writeFileSync(file, '');
      await open().append('a', 'no-stream', [newEvent()]);
      expect(await readLog(open())).toHaveLength(1);
    });
  });
});
