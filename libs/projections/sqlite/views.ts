import { rmSync } from 'node:fs';
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
    for (const part of [file, `${file}-wal`, `${file}-shm`]) rmSync(part, { force: true });
    return prepared(new Database(file));
  }
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

const statements = new WeakMap<Views, Map<string, Database.Statement>>();

/** A statement, prepared once per connection and text. */
export const sql = (views: Views, text: string): Database.Statement => {
  const known = statements.get(views) ?? new Map<string, Database.Statement>();
  statements.set(views, known);
  const statement = known.get(text) ?? views.prepare(text);
  known.set(text, statement);
  return statement;
};
