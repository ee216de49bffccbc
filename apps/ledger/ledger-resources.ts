import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { KeyCustody } from '@ledger/application/key-custody';
import { LedgerKey } from '@ledger/application/ledger-key';
import { PRIVILEGED_PREFIX } from '@ledger/application/streams';
import { Transactor } from '@ledger/application/transact';
import { CATALOGUE } from '@ledger/domain/catalogue';
import { Codec } from '@ledger/event-store/codec';
import type { EventStore } from '@ledger/event-store/port';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import type { KeyVault } from '@ledger/privacy/key-vault';
import { openSqliteKeyVault } from '@ledger/privacy/sqlite/sqlite-key-vault';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { DevelopmentIdentity } from './auth/development-identity';
import type { Config } from './config';

/** Everything one ledger holds open. */
export interface LedgerResources {
  readonly store: EventStore;
  readonly vault: KeyVault;
  readonly codec: Codec;
  readonly views: LedgerViews;
  readonly transactor: Transactor;
  readonly custody: KeyCustody;
  readonly ledgerKey: LedgerKey;
  readonly identity: DevelopmentIdentity;
  close(): Promise<void>;
}

/** In `config.data`: `log.db` (precious; absent with EventStoreDB), `keys.db` (precious, 0600), `views.db` (disposable). */
export const openLedger = async (
  config: Pick<Config, 'data' | 'eventStoreUrl' | 'lostKeysAccepted'>,
  now: () => Date = () => new Date(),
): Promise<LedgerResources> => {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const identity = new DevelopmentIdentity(config.data);
  const store = await openStore(config);
  const vault = await openVault(config, store).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const log = new Logger('Views');
  const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
  const views = new LedgerViews(
    join(config.data, 'views.db'),
    store,
    codec,
    (stream) => stream.startsWith(PRIVILEGED_PREFIX),
    (projection, error) => log.warn(`${projection}: ${error instanceof Error ? error.message : String(error)}`),
  );
  views.start();
  return {
    store,
    vault,
    codec,
    views,
    transactor: new Transactor(store, codec, vault, now),
    custody: new KeyCustody(vault, views),
    ledgerKey: new LedgerKey(vault.ledgerKey),
    identity,
    async close() {
      await views.stop();
      await store.close();
      vault.close();
    },
  };
};

/** The log is there and its keys are not: whoever goes on with new ones has lost every text in it. */
export class KeysMissing extends Error {
  constructor(file: string) {
    super(
      `the log holds events, but ${file} is missing, and with it the keys to every text: restore it from the backup. Is it lost for good, start once with LEDGER_LOST_KEYS=i-accept-that-old-texts-cannot-be-read`,
    );
    this.name = 'KeysMissing';
  }
}

/** New keys for an empty log only. An empty file of keys is none. */
const openVault = async (
  { data, lostKeysAccepted }: Pick<Config, 'data' | 'lostKeysAccepted'>,
  store: EventStore,
): Promise<KeyVault> => {
  const file = join(data, 'keys.db');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 && !lostKeysAccepted && (await store.readAll({ limit: 1 })).length > 0) throw new KeysMissing(file);
  return openSqliteKeyVault(file);
};

/** The client of EventStoreDB is loaded only where it is used. */
const openStore = async ({ data, eventStoreUrl }: Pick<Config, 'data' | 'eventStoreUrl'>): Promise<EventStore> => {
  if (eventStoreUrl === undefined) return openSqliteEventStore(join(data, 'log.db'));
  const { openEventStoreDb } = await import('@ledger/event-store/eventstoredb/eventstoredb-event-store');
  return openEventStoreDb(eventStoreUrl, { tries: 4, deadline: 4_000 }); // a caller waits for a few of these at the most
};
