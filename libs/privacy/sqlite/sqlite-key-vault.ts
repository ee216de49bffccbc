import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { DataKey, KeyLookup, KeyVault } from '../key-vault';

export const APPLICATION_ID = 0x494c4b31; // "ILK1"
const BATCH = 256;
export const LEDGER_KID = 'ledger';

/** The file exists and is no key file of ours, or is damaged. */
export class NotAKeyFile extends Error {
  readonly code = 'not-a-key-file';
  constructor(file: string, reason: string) {
    super(`${file} cannot be opened as a key file: ${reason}`);
    this.name = 'NotAKeyFile';
  }
}

/**
 * Keys in a SQLite file of their own, mode 0600. They lie there unwrapped: whoever reads this file reads the ledger.
 * Not guaranteed: that a destroyed key cannot be recovered from backups of this file or from the cells of an SSD.
 */
export const openSqliteKeyVault = (file: string): KeyVault => {
  closeSync(openSync(file, 'a', 0o600)); // never readable by others, not even between creation and chmod
  const db = new Database(file);
  try {
    prepare(db, file);
  } catch (cause) {
    db.close();
    if (cause instanceof NotAKeyFile) throw cause;
    throw new NotAKeyFile(file, (cause as Error).message);
  }

  const insert = db.prepare('INSERT INTO data_key (kid, material) VALUES (?, ?)');
  const find = db.prepare('SELECT material FROM data_key WHERE kid = ?').pluck();
  const destroy = db.prepare(
    'INSERT INTO data_key (kid, material) VALUES (?, NULL) ON CONFLICT (kid) DO UPDATE SET material = NULL',
  );
  const destroyAll = db.transaction((kids: readonly string[]) => {
    for (const kid of kids) if (kid !== LEDGER_KID) destroy.run(kid);
  });

  // Keys left over from an earlier run are not used again: whether an append took them cannot be seen from here.
  let pool: DataKey[] = [];
  let refilling = false;
  const refill = db.transaction(() => {
    const batch = Array.from({ length: BATCH }, () => ({
      kid: `k_${randomBytes(12).toString('base64url')}`,
      key: randomBytes(32),
    }));
    for (const { kid, key } of batch) insert.run(kid, key);
    return batch;
  });
  pool = refill.immediate();

  return {
    ledgerKey: find.get(LEDGER_KID) as Buffer,
    take() {
      if (pool.length === 0) pool = refill.immediate();
      else if (pool.length < BATCH / 4 && !refilling) {
        refilling = true;
        setImmediate(() => {
          refilling = false;
          try {
            if (db.open) pool = [...pool, ...refill.immediate()];
          } catch {
            // The pool still holds keys; `take` says what is wrong when it needs more and it is still wrong.
          }
        });
      }
      return pool.pop() as DataKey;
    },
    find(kid): KeyLookup {
      const material = find.get(kid) as Buffer | null | undefined;
      return material === undefined ? 'missing' : (material ?? 'destroyed');
    },
    destroy: (kids) => destroyAll.immediate(kids),
    close: () => void db.close(),
  };
};

const prepare = (db: Database.Database, file: string): void => {
  const empty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (!empty && db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new NotAKeyFile(file, 'it is an SQLite file of something else');
  chmodSync(file, 0o600);
  // A rollback journal with secure_delete overwrites a destroyed key in place; a write-ahead log would keep it a while.
  db.pragma('journal_mode = TRUNCATE');
  db.pragma('secure_delete = ON');
  db.pragma('synchronous = FULL');
  db.pragma('busy_timeout = 5000');
  if (empty) create(db);
  if (db.pragma('quick_check', { simple: true }) !== 'ok') throw new NotAKeyFile(file, 'it is damaged');
  if (db.prepare('SELECT material FROM data_key WHERE kid = ?').pluck().get(LEDGER_KID) === undefined)
    throw new NotAKeyFile(file, 'it lacks the key of the ledger');
};

/**
 * All or nothing, also when two processes come at once: there is one ledger key.
 * Rows lie in the order in which they came (so no WITHOUT ROWID): ordered by their random ids they would be moved about
 * between pages, and pieces of keys stay where they were moved from, out of reach of secure_delete.
 */
const create = (db: Database.Database): void =>
  db
    .transaction(() => {
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.exec(
        `CREATE TABLE IF NOT EXISTS data_key (
           kid TEXT PRIMARY KEY, material BLOB CHECK (length(material) = 32)
         ) STRICT`,
      );
      db.prepare('INSERT OR IGNORE INTO data_key (kid, material) VALUES (?, ?)').run(LEDGER_KID, randomBytes(32));
    })
    .immediate();
