import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataKey, KeyVault } from '@ledger/privacy/key-vault';

/** What every key vault must do. `open` opens the vault at `place`, a path where nothing is at first. */
export const describeKeyVaultContract = (name: string, open: (place: string) => KeyVault): void => {
  describe(`key vault contract: ${name}`, () => {
    let folder: string;
    let vault: KeyVault;

    const reopen = (): void => {
      vault.close();
      vault = open(join(folder, 'keys'));
    };
    const take = (count: number): DataKey[] => Array.from({ length: count }, () => vault.take());
    const found = ({ kid, key }: DataKey): boolean => Buffer.from(key).equals(vault.find(kid) as Uint8Array);

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'key-vault-'));
      vault = open(join(folder, 'keys'));
    });
    afterEach(() => {
      vault.close();
      rmSync(folder, { recursive: true });
    });

    it('gives keys of 256 bits', () => {
      expect(take(3).map(({ key }) => key.length)).toEqual([32, 32, 32]);
    });

    it('never gives a key or an id twice, also across refills and reopenings', async () => {
      const taken: DataKey[] = [];
      for (let round = 0; round < 3; round++) {
        for (let turn = 0; turn < 300; turn++) {
          taken.push(vault.take());
          await new Promise(setImmediate);
        }
        taken.push(...take(700));
        reopen();
      }
      expect(new Set(taken.map(({ kid }) => kid)).size).toBe(3000);
      expect(new Set(taken.map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(3000);
    });

    it('finds every key that it gave', () => {
      expect(take(600).every(found)).toBe(true);
    });

    it('holds a key durably before giving it: another opening finds it at once', () => {
      const taken = take(600);
      const second = open(join(folder, 'keys'));
      expect(taken.filter(({ kid }) => !(second.find(kid) instanceof Uint8Array))).toEqual([]);
      second.close();
      reopen();
      expect(taken.every(found)).toBe(true);
    });

    it('says of a key that it never had that it is missing', () => {
      expect(vault.find('k_never-given')).toBe('missing');
    });

    it('leaves a tombstone in the place of a destroyed key, for good', () => {
      const [gone, kept] = take(2) as [DataKey, DataKey];
      vault.destroy([gone.kid]);
      expect(vault.find(gone.kid)).toBe('destroyed');
      reopen();
      expect(vault.find(gone.kid)).toBe('destroyed');
      expect(found(kept)).toBe(true);
    });

    it('leaves a tombstone also for an id that it does not know, so that it cannot come back', () => {
      vault.destroy(['k_from-elsewhere']);
      reopen();
      expect(vault.find('k_from-elsewhere')).toBe('destroyed');
    });

    it('destroys a key again without complaint, many at once, and none when asked for none', () => {
      const kids = take(400).map(({ kid }) => kid);
      vault.destroy([]);
      vault.destroy(kids);
      vault.destroy(kids);
      expect(kids.every((kid) => vault.find(kid) === 'destroyed')).toBe(true);
    });

    it('has one ledger key of 256 bits, the same at every opening and another in every vault', () => {
      const { ledgerKey } = vault;
      expect(ledgerKey).toHaveLength(32);
      reopen();
      expect(Buffer.from(vault.ledgerKey).equals(ledgerKey)).toBe(true);
      const other = open(join(folder, 'other'));
      expect(Buffer.from(other.ledgerKey).equals(ledgerKey)).toBe(false);
      other.close();
    });
  });
};
