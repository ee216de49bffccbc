import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyKeyFile, openKeysToRead } from './key-file';
import { NotAKeyFile, openSqliteKeyVault } from './sqlite-key-vault';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-file-'));
  file = join(folder, 'keys.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('keys opened for reading are found as they are, and the file stays as it was', () => {
  const vault = openSqliteKeyVault(file);
  const [kept, gone] = [vault.take(), vault.take()];
  vault.destroy([gone.kid]);
  vault.close();
  const before = readFileSync(file);
  const keys = openKeysToRead(file);
  expect(Buffer.from(keys.find(kept.kid) as Uint8Array).equals(kept.key)).toBe(true);
  expect([keys.find(gone.kid), keys.find('k_other')]).toEqual(['destroyed', 'missing']);
  expect(Buffer.from(keys.ledgerKey).equals(vault.ledgerKey)).toBe(true);
  expect(() => keys.take()).toThrow('for reading only');
  expect(() => keys.destroy([kept.kid])).toThrow('for reading only');
  keys.close();
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a copy of keys in use holds each that was given out before, is for its owner only, and replaces nothing', async () => {
  const vault = openSqliteKeyVault(file);
  const taken = Array.from({ length: 700 }, () => vault.take());
  const to = join(folder, 'copy.db');
  await copyKeyFile(file, to);
  const copy = openKeysToRead(to);
  expect(taken.filter(({ kid, key }) => !Buffer.from(key).equals(copy.find(kid) as Uint8Array))).toEqual([]);
  copy.close();
  expect(statSync(to).mode & 0o777).toBe(0o600);
  await expect(copyKeyFile(file, to)).rejects.toThrow('EEXIST');
  expect(vault.take().key).toHaveLength(32);
  vault.close();
});

test.each(['Dear diary', ''])(
  'what is no key file (%j) is refused, and so is one that is not there or cut short',
  async (text) => {
    writeFileSync(file, text);
    const refused = async (): Promise<void> => {
      expect(() => openKeysToRead(file)).toThrow(NotAKeyFile);
      await expect(copyKeyFile(file, join(folder, 'copy.db'))).rejects.toThrow(NotAKeyFile);
    };
    await refused();
    rmSync(file);
    await refused();
    openSqliteKeyVault(file).close();
    truncateSync(file, statSync(file).size - 4096);
    await refused();
  },
);
