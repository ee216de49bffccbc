import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { DataKey, KeyLookup, KeyVault } from '../key-vault';

const APPLICATION_ID = 0x494c4b31; // "ILK1"
const BATCH = 256;

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
  chmodSync(file, 0o600);
  let db: Database.Database;
  try {
    db = new Database(file);
    prepare(db, file);
  } catch (cause) {
    if (cause instanceof NotAKeyFile) throw cause;
    throw new NotAKeyFile(file, cause instanceof Error ? cause.message : String(cause));
  }

  const insert = db.prepare('INSERT INTO data_key (kid, material) VALUES (?, ?)');
  const find = db.prepare('SELECT material FROM data_key WHERE kid = ?').pluck();
  const destroy = db.prepare(
    'INSERT INTO data_key (kid, material) VALUES (?, NULL) ON CONFLICT (kid) DO UPDATE SET material = NULL',
  );

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
    take() {
      if (pool.length === 0) pool = refill.immediate();
      else if (pool.length < BATCH / 4 && !refilling) {
        refilling = true;
        setImmediate(() => {
          refilling = false;
          if (db.open) pool = [...pool, ...refill.immediate()];
        });
      }
      return pool.pop() as DataKey;
    },
    find(kid): KeyLookup {
      const material = find.get(kid) as Buffer | null | undefined;
      return material === undefined ? 'missing' : (material ?? 'destroyed');
    },
    destroy: db.transaction((kids: readonly string[]) => {
      for (const kid of kids) destroy.run(kid);
    }).immediate,
    close: () => void db.close(),
  };
};

const prepare = (db: Database.Database, file: string): void => {
  const empty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (!empty && db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new NotAKeyFile(file, 'it is an SQLite file of something else');
  // A rollback journal with secure_delete overwrites a destroyed key in place; a write-ahead log would keep it a while.
  db.pragma('journal_mode = TRUNCATE');
  db.pragma('secure_delete = ON');
  db.pragma('synchronous = FULL');
  db.pragma('busy_timeout = 5000');
  if (!empty) return;
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.exec(
    'CREATE TABLE data_key (kid TEXT PRIMARY KEY, material BLOB CHECK (length(material) = 32)) STRICT, WITHOUT ROWID',
  );
};
