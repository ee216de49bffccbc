import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

export type Views = Database.Database;

/**
 * The views file: derived from the log, disposable. `synchronous=NORMAL` may lose its last commits when the machine
 * fails, never its wholeness: rows and checkpoint go back together and the log fills them in again.
 * `secure_delete` overwrites what an erasure takes out. Tables carry their version, and each program reads those of its own.
 */
export const openViews = (file: string): Views => {
  try {
    return prepared(new Database(file));
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'SQLITE_NOTADB' && !code?.startsWith('SQLITE_CORRUPT')) throw error;
    // Whatever it was, it holds nothing that the log does not.
    remove(file);
    return prepared(new Database(file));
  }
};

const remove = (file: string): void => {
  for (const part of [file, `${file}-wal`, `${file}-shm`]) rmSync(part, { force: true });
};

const prepared = (db: Views): Views => {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('secure_delete = ON');
  db.pragma('busy_timeout = 5000');
  // A checkpoint that does not say to which log it belongs is none: without it the views are built anew.
  if (!(db.pragma('table_info(checkpoint)') as { name: string }[]).some(({ name }) => name === 'leaf'))
    db.exec('DROP TABLE IF EXISTS checkpoint; DROP TABLE IF EXISTS active');
  db.exec(`
    CREATE TABLE IF NOT EXISTS checkpoint (
      name TEXT NOT NULL, version INTEGER NOT NULL, sequence INTEGER NOT NULL,
      position TEXT, stream TEXT, revision TEXT, event_id TEXT, leaf BLOB,
      PRIMARY KEY (name, version)
    ) STRICT, WITHOUT ROWID
  `);
  return db;
};

/** Beside the views in `file`: where others are built that shall replace them. */
export const buildingViews = (file: string): string => beside(file, 'building');

/** Beside the views in `file`: others that are finished and wait to take their place. Whole, because a rename makes it. */
export const nextViews = (file: string): string => beside(file, 'next');

const beside = (file: string, what: string): string => `${file.replace(/\.db$/, '')}.${what}.db`;

/** The views that were built beside `file` are gone: an erasure was carried out while they were being built. */
export class BuiltViewsDiscarded extends Error {
  constructor() {
    super('an erasure was carried out meanwhile, and what was being built might have kept an erased text: build again');
    this.name = 'BuiltViewsDiscarded';
  }
}

/** An empty place for views to be built in; what a killed run left there goes. */
export const clearBuilding = (file: string): string => {
  remove(buildingViews(file));
  return buildingViews(file);
};

/** The views that were built beside `file`, which nobody has open any more, wait from now on to take their place. */
export const finishBuilding = (file: string): void => {
  const building = buildingViews(file);
  try {
    const db = new Database(building, { fileMustExist: true });
    try {
      // One file and whole: nothing may be left in a write-ahead log that would not come along.
      if (
        db.pragma('quick_check(1)', { simple: true }) !== 'ok' ||
        db.pragma('journal_mode = DELETE', { simple: true }) !== 'delete'
      )
        throw new Error(`${building} could not be finished`);
    } finally {
      db.close();
    }
    sync(building);
    renameSync(building, nextViews(file));
  } catch (error) {
    throw existsSync(building) ? error : new BuiltViewsDiscarded();
  }
  sync(dirname(file));
};

const sync = (path: string): void => {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
};

/**
 * Lets finished views that wait beside `file` take its place; false when there are none. Only for who holds the folder,
 * while nobody has the views open. Killed at any point, it is done again from the beginning.
 */
export const takeOverNext = (file: string): boolean => {
  if (!existsSync(nextViews(file))) return false;
  // The write-ahead log of the old file would be taken for the new one's.
  for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  renameSync(nextViews(file), file);
  return true;
};

/**
 * Takes away what is being built beside `file` and what waits there. An erasure does so before it destroys keys: views
 * that are not fed any more would keep its texts in their full-text index. First the one being built, so that it cannot
 * become the other one in between.
 */
export const discardBeside = (file: string): void => {
  remove(buildingViews(file));
  remove(nextViews(file));
};

/** Up to where a projection has come, and by which event the log is recognised. */
export interface StoredCheckpoint {
  readonly name: string;
  readonly version: number;
  readonly sequence: number;
  readonly position: string | null;
  readonly stream: string | null;
  readonly revision: string | null;
  readonly event_id: string | null;
  readonly leaf: Uint8Array | null;
}

/** What the views in `file` say of themselves, after SQLite has checked them; nothing is changed. Throws when it cannot be read. */
export const readCheckpoints = (file: string): StoredCheckpoint[] => {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    const found = db.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(`it is damaged: ${String(found)}`);
    return db.prepare('SELECT * FROM checkpoint').all() as StoredCheckpoint[];
  } finally {
    db.close();
  }
};

const statements = new WeakMap<Views, Map<string, Database.Statement>>();

/** A statement, prepared once per connection and text. */
export const sql = (views: Views, text: string): Database.Statement => {
  const known = statements.get(views) ?? new Map<string, Database.Statement>();
  statements.set(views, known);
  const statement = known.get(text) ?? views.prepare(text);
  known.set(text, statement);
  return statement;
};
