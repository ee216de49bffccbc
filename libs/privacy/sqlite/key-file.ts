import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { KeyLookup, KeyVault } from '../key-vault';
import { APPLICATION_ID, LEDGER_KID, NotAKeyFile } from './sqlite-key-vault';

/**
 * The keys in a file, for reading what lies under them: none is made, none is destroyed, and the file stays as it is.
 * Throws NotAKeyFile.
 */
export const openKeysToRead = (file: string): KeyVault => {
  const db = recognised(file, true);
  const find = db.prepare('SELECT material FROM data_key WHERE kid = ?').pluck();
  const refuse = (): never => {
    throw new Error(`${file} was opened for reading only`);
  };
  return {
    ledgerKey: find.get(LEDGER_KID) as Buffer,
    take: refuse,
    destroy: refuse,
    find(kid): KeyLookup {
      const material = find.get(kid) as Buffer | null | undefined;
      return material === undefined ? 'missing' : (material ?? 'destroyed');
    },
    close: () => void db.close(),
  };
};

/**
 * Copies the keys as they are at this moment into the file `to`, which is made here, mode 0600. A ledger that runs waits
 * with new keys until it is done. Keys are durable before an event lies under them, so this copy opens every event of a
 * copy of the log that was made before it.
 */
export const copyKeyFile = async (file: string, to: string): Promise<void> => {
  const db = recognised(file, false); // what a crash left half-written is taken back first, and that needs writing
  try {
    closeSync(openSync(to, 'wx', 0o600));
    // All at once: what comes in pieces could change in between. Busy at the very beginning is told as nothing to copy.
    const { totalPages } = await db.backup(to, { progress: () => ALL_PAGES });
    if (totalPages === 0) throw new Error(`${file} is busy: try again`);
  } finally {
    db.close();
  }
};

const ALL_PAGES = 0x7fffffff;

const recognised = (file: string, readonly: boolean): Database.Database => {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { fileMustExist: true, timeout: 5000, readonly });
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
      throw new NotAKeyFile(file, 'it is a file of something else');
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new NotAKeyFile(file, 'it is damaged');
    if (db.prepare('SELECT material FROM data_key WHERE kid = ?').pluck().get(LEDGER_KID) === undefined)
      throw new NotAKeyFile(file, 'it lacks the key of the ledger');
    return db;
  } catch (cause) {
    db?.close();
    if (cause instanceof NotAKeyFile) throw cause;
    throw new NotAKeyFile(file, (cause as Error).message);
  }
};
