import { closeSync, openSync } from 'node:fs';
import { NotAnEventLog } from '../errors';
import { openLogFile, storeError } from './log-file';

/**
 * Copies the log as it is at this moment into the file `to`, while others go on writing: the copy holds everything that
 * was acknowledged before the call. One read transaction spans the copy; without it SQLite would begin again at every
 * foreign write, and on a busy log never come to an end. `to` is made here, mode 0600.
 */
export const copyLogFile = async (
  file: string,
  to: string,
  onProgress: (pages: number, total: number) => void = () => undefined,
): Promise<void> => {
  const db = openLogFile(file, { readonly: true });
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get(); // the moment
    closeSync(openSync(to, 'wx', 0o600));
    await db.backup(to, {
      progress({ totalPages, remainingPages }) {
        onProgress(totalPages - remainingPages, totalPages);
        return PAGES_AT_ONCE;
      },
    });
  } catch (error) {
    throw storeError(file, error);
  } finally {
    db.close();
  }
};

const PAGES_AT_ONCE = 2_000;

/** SQLite's own check of the whole file, which opening leaves out for a large one. Throws NotAnEventLog. */
export const checkLogFile = (file: string): void => {
  const db = openLogFile(file, { readonly: true });
  try {
    const found = db.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new NotAnEventLog(file, `it is damaged: ${String(found)}`);
  } catch (error) {
    throw storeError(file, error);
  } finally {
    db.close();
  }
};

/** How many events the log holds, as its end says; for showing how far something has come. */
export const countEvents = (file: string): number => {
  const db = openLogFile(file, { readonly: true });
  try {
    return Number(db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'event'").pluck().get() ?? 0);
  } finally {
    db.close();
  }
};
