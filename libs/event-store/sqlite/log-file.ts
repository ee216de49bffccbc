import Database from 'better-sqlite3';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EventStoreError, NotAnEventLog, StoreUnavailable } from '../errors';
import { APPLICATION_ID, GUARDS, SCHEMA_VERSION, TABLES } from './schema';

/** Up to this size the whole file is checked at opening (0.1 s per 150 MB when cached); above it only what is read. */
const CHECKED_AT_OPENING = 64 * 1024 * 1024;

/**
 * Why these, and not SQLite's defaults:
 * - WAL with synchronous = FULL: a commit is one sequential write and one fsync, and it survives loss of power;
 *   fullfsync makes macOS mean it too. Readers and the writer do not wait for each other.
 * - wal_autocheckpoint 1000 pages (SQLite's own): 4000 and 20000 were no faster here, because hashing sets the rate, and
 *   made the longest pause 3 and 7 times as long. journal_size_limit gives the disk back after a burst.
 * - busy_timeout: another process on the same file holds the write lock for one commit; we wait that long and no longer,
 *   because waiting blocks this process.
 * - mmap_size 0: with a mapped file a read error would be a SIGBUS that ends the process, not an error.
 * - cell_size_check: a damaged page is refused rather than interpreted. trusted_schema off: a file from elsewhere cannot
 *   make our functions run. recursive_triggers: INSERT OR REPLACE fires the DELETE guards as well.
 */
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'fullfsync = ON',
  'wal_autocheckpoint = 1000',
  'journal_size_limit = 67108864',
  'mmap_size = 0',
  'cell_size_check = ON',
  'trusted_schema = OFF',
  'recursive_triggers = ON',
];

export interface SqliteEventStoreOptions {
  /** How many ms to wait for another process that is writing; waiting blocks this one. Default 5000. */
  readonly busyTimeout?: number;
  /** The file is not changed, and not made where there is none. SQLite may leave its `-wal` and `-shm` beside it. */
  readonly readonly?: boolean;
}

/**
 * Opens the log, or creates it where there is no file (or an empty one). Nothing is written to a file that is not ours.
 * Cost at opening: the header, the schema and, for a small file, SQLite's quick_check. A large log opens as quickly, so
 * damage deep inside it is found when that part is read: by SQLite, by the leaf hash, or as a missing revision.
 */
export const openLogFile = (
  file: string,
  { busyTimeout = 5000, readonly = false }: SqliteEventStoreOptions = {},
): Database.Database => {
  let db: Database.Database | undefined;
  try {
    const fresh = isFresh(file);
    if (fresh && readonly) throw new NotAnEventLog(file, 'there is none');
    db = new Database(file, { timeout: busyTimeout, readonly });
    db.defaultSafeIntegers();
    if (fresh) create(db);
    recognise(file, db);
    for (const pragma of PRAGMAS) db.pragma(pragma);
    if (db.pragma('journal_mode', { simple: true }) !== 'wal')
      throw new NotAnEventLog(file, 'its file system does not support the write-ahead log');
    if (statSync(file).size <= CHECKED_AT_OPENING && db.pragma('quick_check(1)', { simple: true }) !== 'ok')
      throw new NotAnEventLog(file, 'it is damaged');
    return db;
  } catch (error) {
    db?.close();
    throw storeError(file, error);
  }
};

const MAGIC = 'SQLite format 3\0';

/** Looks at the header before SQLite does, because SQLite may write to a file by merely opening it. */
const isFresh = (file: string): boolean => {
  const header = Buffer.alloc(100);
  try {
    const fd = openSync(file, 'r');
    try {
      if (readSync(fd, header) === 0) return true;
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && existsSync(dirname(file))) return true;
    const reason =
      { ENOENT: 'its folder does not exist', EISDIR: 'it is a folder' }[code!] ?? `it cannot be read (${code})`;
    throw new NotAnEventLog(file, reason, { cause });
  }
  if (header.toString('latin1', 0, 16) !== MAGIC) throw new NotAnEventLog(file, 'it is not an SQLite file');
  if (header.readUInt32BE(68) !== APPLICATION_ID) throw new NotAnEventLog(file, 'it belongs to another program');
  return false;
};

/** In the rollback journal, before WAL is on: so the header in the file itself names us from the first commit on. */
const create = (db: Database.Database): void =>
  db
    .transaction(() => {
      const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
      if (tables !== 0n) return; // another process was quicker
      db.exec(TABLES + GUARDS);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${SCHEMA_VERSION}`);
    })
    .exclusive();

const recognise = (file: string, db: Database.Database): void => {
  if (db.pragma('application_id', { simple: true }) !== BigInt(APPLICATION_ID))
    throw new NotAnEventLog(file, 'it belongs to another program');
  const version = db.pragma('user_version', { simple: true });
  if (version !== BigInt(SCHEMA_VERSION))
    throw new NotAnEventLog(file, `it has format ${String(version)}, this program knows only format ${SCHEMA_VERSION}`);
};

/** Every failure below this adapter, in the words of the port. */
export const storeError = (file: string, error: unknown): EventStoreError => {
  if (error instanceof EventStoreError) return error;
  // by code, not by class: the driver keeps one error class per process, and a module registry may hold another
  const { code } = Object(error) as { code?: unknown };
  const known = REASONS.find(([prefix]) => String(code).startsWith(prefix));
  if (known) return known[1](file, { cause: error });
  return new StoreUnavailable(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
};

type Reason = (file: string, options: ErrorOptions) => EventStoreError;
const notALog =
  (reason: string): Reason =>
  (file, options) =>
    new NotAnEventLog(file, reason, options);
const unavailable =
  (reason: string): Reason =>
  (file, options) =>
    new StoreUnavailable(`${file}: ${reason}`, options);

const REASONS: readonly (readonly [code: string, Reason])[] = [
  ['SQLITE_CORRUPT', notALog('it is damaged')],
  ['SQLITE_NOTADB', notALog('it is not an SQLite file, or its beginning is damaged')],
  ['SQLITE_CANTOPEN', notALog('it cannot be opened (does its folder exist, and may we write there?)')],
  ['SQLITE_READONLY', notALog('it may not be written')],
  ['SQLITE_ERROR', notALog('its tables are not those of an event log')],
  ['SQLITE_BUSY', unavailable('another process is writing to it')],
  ['SQLITE_FULL', unavailable('the disk is full')],
  ['SQLITE_IOERR', unavailable('the disk does not read or write')],
];
