import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Held until it is released, or until the process ends, however it ends: it never goes stale. */
export interface HeldLock {
  release(): void;
}

/** Who holds a lock. The process id is for people only. */
export interface LockHolder {
  readonly pid: number | undefined;
}

/**
 * A lock that the operating system lets go of with its process: an SQLite file with a transaction that is never ended.
 * It is one that others may read beside, so that they can be told who holds it.
 * Nothing in the process that holds it may open the file by other means: closing it would let the lock go (POSIX).
 *
 * Undefined when another connection holds it, after waiting `waitMs`, which blocks this process.
 */
export const holdLock = (file: string, waitMs = 0): HeldLock | undefined => {
  const db = new Database(file, { timeout: waitMs });
  try {
    db.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL); DELETE FROM holder');
    db.prepare('INSERT INTO holder VALUES (?)').run(process.pid);
    db.exec('COMMIT; BEGIN IMMEDIATE');
    return { release: () => void db.close() };
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw notALock(file, error);
  }
};

/** Undefined when nobody holds it. Changes nothing. */
export const lockHolder = (file: string): LockHolder | undefined => {
  if (!existsSync(file)) return undefined;
  const db = new Database(file, { fileMustExist: true, timeout: 0 });
  try {
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return undefined;
  } catch (error) {
    if (!isBusy(error)) throw notALock(file, error);
    return { pid: pidIn(db) };
  } finally {
    db.close();
  }
};

const pidIn = (db: Database.Database): number | undefined => {
  try {
    return db.prepare('SELECT pid FROM holder').pluck().get() as number | undefined;
  } catch {
    return undefined; // it is being taken just now
  }
};

const notALock = (file: string, cause: unknown): Error =>
  new Error(`${file} cannot be used as a lock: ${(cause as Error).message}`, { cause });

const isBusy = (error: unknown): boolean => String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
