import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
  config: Pick<Config, 'data' | 'eventStoreUrl'>,
  now: () => Date = () => new Date(),
): Promise<LedgerResources> => {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const vault = openSqliteKeyVault(join(config.data, 'keys.db'));
  const store = await openStore(config);
  const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
  const views = new LedgerViews(join(config.data, 'views.db'), store, codec, (stream) =>
    stream.startsWith(PRIVILEGED_PREFIX),
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
    identity: new DevelopmentIdentity(config.data),
    async close() {
      await views.stop();
      await store.close();
      vault.close();
    },
  };
};

/** The client of EventStoreDB is loaded only where it is used. */
const openStore = async ({ data, eventStoreUrl }: Pick<Config, 'data' | 'eventStoreUrl'>): Promise<EventStore> => {
  if (eventStoreUrl === undefined) return openSqliteEventStore(join(data, 'log.db'));
  const { openEventStoreDb } = await import('@ledger/event-store/eventstoredb/eventstoredb-event-store');
  return openEventStoreDb(eventStoreUrl);
};
