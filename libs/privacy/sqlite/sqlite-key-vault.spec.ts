import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { DataKey, KeyVault } from '../key-vault';
import { NotAKeyFile, openSqliteKeyVault } from './sqlite-key-vault';
import { describeKeyVaultContract } from '../../../test/contracts/key-vault.contract';

describeKeyVaultContract('sqlite', openSqliteKeyVault);

describe('a key file', () => {
  let folder: string;
  let file: string;
  const open: KeyVault[] = [];

  const vaultAt = (path: string): KeyVault => {
    const vault = openSqliteKeyVault(path);
    open.push(vault);
    return vault;
  };
  const mode = (path: string) => statSync(path).mode & 0o777;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'key-file-'));
    file = join(folder, 'keys');
  });
  afterEach(() => {
    for (const vault of open.splice(0)) vault.close();
    rmSync(folder, { recursive: true });
  });

  it('is readable and writable by its owner only', () => {
    vaultAt(file);
    expect(mode(file)).toBe(0o600);
    if (existsSync(`${file}-journal`)) expect(mode(`${file}-journal`)).toBe(0o600);
  });

  it('is made so when it was not', () => {
    vaultAt(file).close();
    chmodSync(file, 0o644);
    vaultAt(file);
    expect(mode(file)).toBe(0o600);
    writeFileSync(join(folder, 'empty'), '', { mode: 0o644 });
    vaultAt(join(folder, 'empty'));
    expect(mode(join(folder, 'empty'))).toBe(0o600);
  });

  it('holds no piece of a destroyed key, however many there were and in whatever order they went', () => {
    const PIECE = 6;
    const pieces = (bytes: Buffer): string[] =>
      Array.from({ length: bytes.length - PIECE + 1 }, (_, at) => bytes.toString('latin1', at, at + PIECE));

    const vault = vaultAt(file);
    const taken = Array.from({ length: 4000 }, () => vault.take());
    const gone = taken.filter((_, index) => index % 4 !== 0);
    for (let at = 0; at < gone.length; at += 200) vault.destroy(gone.slice(at, at + 200).map(({ kid }) => kid));
    vault.close();

    const bytes = [file, `${file}-journal`].filter((path) => existsSync(path)).map((path) => readFileSync(path));
    const standing = new Set(bytes.flatMap(pieces));
    const found = ({ key }: DataKey) => pieces(Buffer.from(key)).some((piece) => standing.has(piece));
    expect(gone.filter(found)).toEqual([]);
    expect(taken.filter(found)).toHaveLength(taken.length - gone.length);
  });

  it('keeps its ledger key whatever is destroyed', () => {
    const vault = vaultAt(file);
    vault.destroy(['ledger']);
    vault.close();
    expect(Buffer.from(vaultAt(file).ledgerKey).equals(vault.ledgerKey)).toBe(true);
  });

  it('serves what is left in the pool when a refill in the background fails, and says so once the pool is empty', async () => {
    const vault = vaultAt(file);
    const other = new Database(file);
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON data_key BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    for (let left = 256; left > 0; left--) {
      vault.take();
      await new Promise(setImmediate);
    }
    expect(() => vault.take()).toThrow('disk full');
    other.exec('DROP TRIGGER full');
    other.close();
    expect(vault.take().key).toHaveLength(32);
  });

  describe('is not', () => {
    const refused = (path: string) => expect(() => openSqliteKeyVault(path)).toThrow(NotAKeyFile);

    it('a file of something else, which stays as it was', () => {
      writeFileSync(file, 'Dear diary, this is a text of some length and no key file at all.', { mode: 0o644 });
      refused(file);
      expect(readFileSync(file, 'utf8')).toMatch(/^Dear diary/);
      expect(mode(file)).toBe(0o644);
    });

    it('an SQLite file of something else, which stays as it was', () => {
      const db = new Database(file);
      db.exec('CREATE TABLE recipe (name TEXT)');
      db.close();
      chmodSync(file, 0o644);
      const before = readFileSync(file);
      refused(file);
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(mode(file)).toBe(0o644);
    });

    it('a key file cut short', () => {
      vaultAt(file).close();
      truncateSync(file, statSync(file).size - 4096);
      refused(file);
    });

    it('a key file with a page overwritten, whichever it is', () => {
      vaultAt(file).close();
      const whole = readFileSync(file);
      for (let at = 0; at < whole.length; at += 4096) {
        writeFileSync(file, Buffer.from(whole).fill(0xa5, at, at + 4096));
        refused(file);
      }
    });

    it('a key file without its ledger key, which no new one may replace', () => {
      vaultAt(file).close();
      const db = new Database(file);
      db.exec(`DELETE FROM data_key WHERE kid = 'ledger'`);
      db.close();
      refused(file);
    });

    it('a key file without its table', () => {
      vaultAt(file).close();
      const db = new Database(file);
      db.exec('DROP TABLE data_key; CREATE TABLE other (x)');
      db.close();
      refused(file);
    });
  });
});
