import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStoreDbDouble } from '../../test/double/eventstoredb-double';
import { opened, particulars } from '../../test/support/facts';
import { command } from '../../test/support/ledger';
import { readConfig } from './config';
import { openLedger, type LedgerResources } from './ledger-resources';

const ACCEPTED = 'i-accept-that-old-texts-cannot-be-read';

describe.each(['the embedded store', 'an EventStoreDB'])('keys that are missing, on %s', (kind) => {
  let folder: string;
  let double: Awaited<ReturnType<typeof startEventStoreDbDouble>> | undefined;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    double = kind === 'an EventStoreDB' ? await startEventStoreDbDouble() : undefined;
  });
  afterEach(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (env: Record<string, string> = {}): Promise<LedgerResources> =>
    openLedger(readConfig({ ...env, LEDGER_DATA: folder, EVENTSTORE_URL: double?.url }));
  const recorded = async (): Promise<void> => {
    const ledger = await open();
    const stream = `incident-${particulars.incidentId}`;
    const state = { initial: () => undefined, evolve: () => undefined };
    await ledger.transactor.transact(stream, state, () => [opened], command());
    await ledger.close();
  };
  const keys = (): string => join(folder, 'keys.db');

  test('are made for an empty log, also when it was opened before', async () => {
    await (await open()).close();
    rmSync(keys());
    await (await open()).close();
  });

  test('are not made anew for a log that holds events: the message says what to do', async () => {
    await recorded();
    for (const lose of [() => rmSync(keys()), () => writeFileSync(keys(), '')]) {
      lose();
      const refused = open();
      await expect(refused).rejects.toThrow(`${keys()} is missing`);
      await expect(refused).rejects.toThrow('restore it from the backup');
      await expect(refused).rejects.toThrow(`LEDGER_LOST_KEYS=${ACCEPTED}`);
    }
  });

  test('are made anew when the loss is accepted, and from then on nothing need be accepted', async () => {
    await recorded();
    rmSync(keys());
    await (await open({ LEDGER_LOST_KEYS: ACCEPTED })).close();
    await (await open()).close();
  });
});
