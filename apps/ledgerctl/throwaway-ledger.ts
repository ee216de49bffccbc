import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../ledger/config';
import { createApp, type LedgerApp } from '../ledger/create-app';

/** A ledger in a folder of its own, which is gone when this process ends, however it ends. */
export const openThrowawayLedger = async (env: Readonly<Record<string, string | undefined>>): Promise<LedgerApp> => {
  const folder = mkdtempSync(join(tmpdir(), 'incident-ledger-'));
  const throwAway = (): void => rmSync(folder, { recursive: true, force: true });
  process.on('exit', throwAway);
  const ledger = await createApp(
    readConfig({ LEDGER_PORT: '0', LEDGER_LOG_LEVEL: 'warn', ...env, LEDGER_DATA: folder }),
  );
  return {
    ...ledger,
    async close() {
      await ledger.close();
      throwAway();
      process.off('exit', throwAway);
    },
  };
};
