import { leafHash } from '@ledger/integrity/leaf';
import type Database from 'better-sqlite3';
import { resolve } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { checkAppend } from '../check-append';
import { checkRead, foreignPosition } from '../check-read';
import { EventTampered, StoreUnavailable, StreamDamaged, WrongExpectedRevision } from '../errors';
import type {
  AppendResult,
  EventStore,
  ExpectedRevision,
  NewEvent,
  Position,
  ReadStreamOptions,
  RecordedEvent,
  SubscriptionItem,
} from '../port';
import { openLogFile, storeError, type SqliteEventStoreOptions } from './log-file';
import { GUARDS } from './schema';

export type { SqliteEventStoreOptions };

/** One transaction takes at most this much of what is waiting; one append is never split. */
const GROUP_APPENDS = 256;
const GROUP_BYTES = 4 * 1024 * 1024;
/** The driver is synchronous: a page is read at once, then no statement stays open while the caller works. */
const PAGE_ROWS = 500;
const PAGE_BYTES = 4 * 1024 * 1024;
/** How often a waiting subscription looks for commits of other connections. */
const POLL_MS = 200;

const ABSENT = -1n;

/** Opens the log in `file`, or creates it. Throws NotAnEventLog when the file is something else or damaged. */
export const openSqliteEventStore = (file: string, options: SqliteEventStoreOptions = {}): SqliteEventStore =>
  new SqliteEventStore(resolve(file), options);

interface PendingAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  readonly bytes: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

interface Row {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly data: Buffer;
  readonly meta: Buffer;
  readonly leaf: Buffer;
}

/**
 * The embedded log. What it guarantees beyond the port: an acknowledged append survives a crash of the process and, on
 * a disk that honours fsync, of the machine. What it does not: that nobody with access to the file rewrites it, leaves
 * and heads included. That is what published checkpoints of the log are for.
 */
export class SqliteEventStore implements EventStore {
  readonly #db: Database.Database;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #writeGroup: (group: readonly PendingAppend[]) => readonly (() => void)[];
  readonly #append: (append: PendingAppend) => AppendResult;

  #queue: PendingAppend[] = [];
  #closed = false;

  #foreignVersion: unknown;
  #poll: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(
    readonly file: string,
    options: SqliteEventStoreOptions,
  ) {
    this.#db = openLogFile(file, options);
    try {
      this.#sql = prepare(this.#db);
      this.#foreignVersion = this.#sql.foreignVersion.get();
      if (!options.readonly) this.#db.exec(GUARDS); // only now that the tables are known to be ours
    } catch (error) {
      this.#db.close();
      throw storeError(file, error);
    }
    this.#append = this.#db.transaction((append: PendingAppend) => this.#appendOne(append)); // a savepoint in the group
    const group = this.#db.transaction((appends: readonly PendingAppend[]) =>
      appends.map((append) => this.#outcome(append)),
    );
    this.#writeGroup = (appends) => group.immediate(appends);
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    checkAppend(stream, events);
    this.#checkOpen();
    return new Promise((resolve, reject) => {
      if (this.#queue.length === 0) setImmediate(() => this.#flush());
      const bytes = events.reduce((sum, { data, meta }) => sum + data.byteLength + meta.byteLength, 0);
      this.#queue.push({ stream, expected, events, bytes, resolve, reject });
    });
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<RecordedEvent, void> {
    checkRead(options);
    const { from, backwards = false, limit = Infinity } = options;
    const head = this.#guard(() => this.#head(stream));
    const [step, last] = backwards ? [-1n, 0n] : [1n, head];
    let next = backwards ? (from === undefined || from > head ? head : from) : (from ?? 0n);
    let left = limit;

    while (left > 0 && next <= head && next >= 0n) {
      for (const row of this.#guard(() => this.#page(stream, next, last, left))) {
        if (row.revision !== next) throw new StreamDamaged(stream, next);
        yield verified(row);
        next += step;
        left -= 1;
      }
      await breathe();
    }
  }

  async readAll({ after, limit }: { after?: Position; limit: number }): Promise<readonly RecordedEvent[]> {
    checkRead({ after, limit });
    return this.#guard(() => this.#logAfter(this.#start(after), limit, Infinity));
  }

  async *subscribe({
    after,
    signal,
  }: {
    after?: Position;
    signal: AbortSignal;
  }): AsyncGenerator<SubscriptionItem, void> {
    checkRead({ after });
    if (signal.aborted) return;
    let last = this.#guard(() => this.#start(after));
    const history = this.#guard(() => this.#logHead());
    if (last >= history) yield { caughtUp: after };

    while (!signal.aborted) {
      const page = this.#guard(() => this.#logAfter(last, PAGE_ROWS, PAGE_BYTES));
      for (const event of page) {
        yield event;
        last = BigInt(event.position);
        if (last === history && !signal.aborted) yield { caughtUp: event.position };
        if (signal.aborted) return;
      }
      if (page.length > 0) await breathe();
      else await this.#change(signal);
    }
  }

  /** Writes what is waiting, then lets go of the file. Subscriptions that still run end with StoreUnavailable. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#queue.length > 0) this.#flush();
    this.#db.close();
    this.#wake();
  }

  // --- writing ---

  /** Everything that came while the last commit was being written shares the next one, and its one fsync. */
  #flush(): void {
    const group = this.#nextGroup();
    if (group.length === 0) return;
    try {
      for (const settle of this.#writeGroup(group)) settle();
      this.#wake();
    } catch (cause) {
      const error = storeError(this.file, cause);
      for (const append of group) append.reject(error);
    }
    if (this.#queue.length > 0) setImmediate(() => this.#flush());
  }

  #nextGroup(): readonly PendingAppend[] {
    let bytes = 0;
    const end = this.#queue.findIndex(
      (append, index) => index === GROUP_APPENDS || (bytes += append.bytes) > GROUP_BYTES,
    );
    return this.#queue.splice(0, end === -1 ? this.#queue.length : Math.max(end, 1));
  }

  /** What to tell the caller once the group is durable. An append that fails does so alone, unless SQLite gave up the group. */
  #outcome(append: PendingAppend): () => void {
    try {
      const result = this.#append(append);
      return () => append.resolve(result);
    } catch (error) {
      if (!this.#db.inTransaction) throw error;
      return () => append.reject(storeError(this.file, error));
    }
  }

  #appendOne({ stream, expected, events }: PendingAppend): AppendResult {
    const head = this.#head(stream);
    if (!isAt(head, expected)) {
      const earlier = this.#earlierResult(stream, expected, events, head);
      if (earlier) return earlier;
      throw new WrongExpectedRevision(stream, expected, head === ABSENT ? 'no-stream' : head);
    }
    if (events.length === 0) {
      const position = this.#sql.positionOf.get(stream, head);
      return { revision: head, position: position === undefined ? undefined : positionOf(position) };
    }
    let revision = head;
    let position = 0n;
    for (const event of events) {
      revision += 1n;
      const { id, type, data, meta } = event;
      const leaf = leafHash({ id, stream, type, revision, data, meta });
      position = BigInt(this.#sql.insert.run(stream, revision, id, type, data, meta, leaf).lastInsertRowid);
    }
    this.#sql.moveHead.run(stream, revision);
    return { revision, position: positionOf(position) };
  }

  /** The result of the same append, if it was made before: the whole of it lies where it would have been put. */
  #earlierResult(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    head: bigint,
  ): AppendResult | undefined {
    if (events.length === 0 || expected === 'stream-exists' || (expected !== 'no-stream' && expected < 0n))
      return undefined;
    const first = expected === 'no-stream' ? 0n : expected + 1n;
    const revision = first + BigInt(events.length) - 1n;
    if (revision > head) return undefined;
    const stored = this.#sql.ids.all(stream, first, revision);
    if (stored.length !== events.length || stored.some(({ id }, index) => id !== events[index]!.id)) return undefined;
    return { revision, position: positionOf(stored.at(-1)!.position) };
  }

  // --- reading ---

  /** Revision of the last event, -1 when there is none. Events and the recorded head must agree about it. */
  #head(stream: string): bigint {
    const { recorded, stored } = this.#sql.head.get(stream, stream)!;
    if (recorded !== stored) throw new StreamDamaged(stream, (recorded < stored ? recorded : stored) + 1n);
    return stored;
  }

  #page(stream: string, from: bigint, to: bigint, limit: number): readonly Row[] {
    const rows: Row[] = [];
    let bytes = 0;
    const found =
      from <= to ? this.#sql.forwards.iterate(stream, from, to) : this.#sql.backwards.iterate(stream, from, to);
    for (const row of found) {
      rows.push(row);
      bytes += row.data.length + row.meta.length;
      if (rows.length >= Math.min(limit, PAGE_ROWS) || bytes >= PAGE_BYTES) break;
    }
    if (rows.length === 0) throw new StreamDamaged(stream, from);
    return rows;
  }

  /** Position of the last event of the log as SQLite remembers it, whether or not that row is still there. */
  #logHead(): bigint {
    return this.#sql.logHead.get() ?? 0n;
  }

  /** A position is recognised only by lying within the log: one of another log, as long or longer, cannot be told. */
  #start(after: Position | undefined): bigint {
    if (after === undefined) return 0n;
    const start = BigInt(after);
    if (start < 1n || start > this.#logHead()) throw foreignPosition();
    return start;
  }

  /** Positions are contiguous (a transaction rolled back uses none up), so a hole is an event that was taken out. */
  #logAfter(after: bigint, limit: number, bytes: number): readonly RecordedEvent[] {
    const head = this.#logHead();
    const events: RecordedEvent[] = [];
    let next = after + 1n;
    for (const row of this.#sql.after.iterate(after)) {
      if (row.position !== next) break;
      events.push(verified(row));
      next += 1n;
      bytes -= row.data.length + row.meta.length;
      if (events.length >= limit || bytes <= 0) return events;
    }
    if (next <= head) throw new StreamDamaged('$all', next);
    return events;
  }

  // --- waiting ---

  /** Called in the same turn as the read that found nothing, so no commit of ours can come between and be missed. */
  async #change(signal: AbortSignal): Promise<void> {
    this.#poll ??= setInterval(() => this.#lookForOthers(), POLL_MS);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        if (this.#waiting.size === 0) this.#poll = void clearInterval(this.#poll);
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }

  #lookForOthers(): void {
    try {
      const version = this.#sql.foreignVersion.get();
      if (version === this.#foreignVersion) return;
      this.#foreignVersion = version;
    } catch {
      // whoever is woken meets the same error where it can be reported
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreUnavailable(`${this.file} is closed`);
  }

  #guard<T>(read: () => T): T {
    this.#checkOpen();
    try {
      return read();
    } catch (error) {
      throw storeError(this.file, error);
    }
  }
}

const EVENT = 'SELECT position, stream, revision, id, type, data, meta, leaf FROM event';

const prepare = (db: Database.Database) => ({
  insert: db.prepare<[string, bigint, string, string, Uint8Array, Uint8Array, Uint8Array]>(
    'INSERT INTO event (stream, revision, id, type, data, meta, leaf) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ),
  moveHead: db.prepare<[string, bigint]>(
    'INSERT INTO stream_head VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision',
  ),
  head: db.prepare<[string, string], { recorded: bigint; stored: bigint }>(
    `SELECT ifnull((SELECT revision FROM stream_head WHERE stream = ?), -1) AS recorded,
            ifnull((SELECT max(revision) FROM event WHERE stream = ?), -1) AS stored`,
  ),
  positionOf: db
    .prepare<[string, bigint], bigint>('SELECT position FROM event WHERE stream = ? AND revision = ?')
    .pluck(),
  ids: db.prepare<[string, bigint, bigint], { id: string; position: bigint }>(
    'SELECT id, position FROM event WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision',
  ),
  forwards: db.prepare<[string, bigint, bigint], Row>(
    `${EVENT} WHERE stream = ? AND revision >= ? AND revision <= ? ORDER BY revision`,
  ),
  backwards: db.prepare<[string, bigint, bigint], Row>(
    `${EVENT} WHERE stream = ? AND revision <= ? AND revision >= ? ORDER BY revision DESC`,
  ),
  after: db.prepare<[bigint], Row>(`${EVENT} WHERE position > ? ORDER BY position`),
  logHead: db.prepare<[], bigint>("SELECT seq FROM sqlite_sequence WHERE name = 'event'").pluck(),
  foreignVersion: db.prepare('PRAGMA data_version').pluck(),
});

const isAt = (head: bigint, expected: ExpectedRevision): boolean => {
  if (expected === 'no-stream') return head === ABSENT;
  if (expected === 'stream-exists') return head !== ABSENT;
  return expected === head && head !== ABSENT;
};

/** The event, if it still is what was stored; its content is part of no error. */
const verified = ({ position, ...event }: Row): RecordedEvent => {
  let leaf: Uint8Array | undefined;
  try {
    leaf = leafHash(event);
  } catch {
    // meta is no longer JSON
  }
  if (!leaf || !event.leaf.equals(leaf)) throw new EventTampered(event.stream, event.revision, event.id);
  return { ...event, position: positionOf(position) };
};

const positionOf = (position: bigint): Position => position.toString().padStart(20, '0') as Position;
