import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KeyCustody } from '@ledger/application/key-custody';
import { LedgerKey } from '@ledger/application/ledger-key';
import { PRIVILEGED_PREFIX } from '@ledger/application/streams';
import { Transactor } from '@ledger/application/transact';
import { CATALOGUE } from '@ledger/domain/catalogue';
import { Codec } from '@ledger/event-store/codec';
import type { EventStore } from '@ledger/event-store/port';
import { holdLock, lockHolder, type HeldLock } from '@ledger/event-store/sqlite/lock-file';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import type { KeyVault } from '@ledger/privacy/key-vault';
import { openSqliteKeyVault } from '@ledger/privacy/sqlite/sqlite-key-vault';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { takeOverNext } from '@ledger/projections/sqlite/views';
import { DevelopmentIdentity } from './auth/development-identity';
import type { Config } from './config';
import type { Observation } from './observability/observation';
import { observedStore, type Append } from './observability/observed-store';

/** The log and its keys: what a program needs that appends or reads, and asks no read model. */
export interface LedgerLog {
  readonly store: EventStore;
  readonly vault: KeyVault;
  readonly codec: Codec;
  readonly transactor: Transactor;
  readonly ledgerKey: LedgerKey;
  readonly identity: DevelopmentIdentity;
  /** The clock of recording, by which ages are counted too. */
  readonly now: () => Date;
  close(): Promise<void>;
}

/** Everything one server holds open. */
export interface LedgerResources extends LedgerLog {
  readonly views: LedgerViews;
  readonly custody: KeyCustody;
}

type Place = Pick<Config, 'data' | 'eventStoreUrl' | 'lostKeysAccepted'>;

/** In `data`: `log.db` (precious; absent with EventStoreDB), `keys.db` (precious, 0600), `views.db` (disposable). */
export const ledgerFiles = (data: string) => ({
  log: join(data, 'log.db'),
  keys: join(data, 'keys.db'),
  identity: join(data, 'development-identity.json'),
  views: join(data, 'views.db'),
  /** Held by the one server that may run on the folder. */
  lock: join(data, 'server.lock'),
  /** Held by the one rebuild that may run beside it. */
  rebuildLock: join(data, 'rebuild.lock'),
});

/**
 * Takes the folder for this process alone and opens all that is in it. Read models that a rebuild has left to be taken
 * over replace the old ones first. Throws FolderInUse, KeysMissing and what the stores throw.
 */
export const openLedger = async (
  place: Place,
  now: () => Date = () => new Date(),
  seen?: Pick<Observation, 'onAppend' | 'onProblem' | 'onCommit'>,
): Promise<LedgerResources> => {
  const lock = holdFolder(place.data);
  try {
    const log = await openLedgerLog(place, now, seen?.onAppend);
    try {
      return withViews(ledgerFiles(place.data).views, log, lock, seen);
    } catch (error) {
      await log.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
};

const withViews = (
  file: string,
  log: LedgerLog,
  lock: HeldLock,
  seen?: Pick<Observation, 'onProblem' | 'onCommit'>,
): LedgerResources => {
  takeOverNext(file);
  const views = new LedgerViews(file, log.store, log.codec, isPrivileged, seen?.onProblem, seen?.onCommit);
  views.start();
  return {
    ...log,
    views,
    custody: new KeyCustody(log.vault, views),
    async close() {
      await views.stop();
      await log.close();
      lock.release();
    },
  };
};

/** Streams whose events are absent from every open view. */
export const isPrivileged = (stream: string): boolean => stream.startsWith(PRIVILEGED_PREFIX);

/**
 * The log and its keys without read models. It takes no lock, so it may be open beside a server: appends of both meet at
 * the expected revision, and keys are found in the file. It must not destroy keys: that is for who has the read models.
 */
export const openLedgerLog = async (
  place: Place,
  now: () => Date = () => new Date(),
  onAppend: (append: Append) => void = () => undefined,
): Promise<LedgerLog> => {
  mkdirSync(place.data, { recursive: true, mode: 0o700 });
  const identity = new DevelopmentIdentity(place.data);
  const store = observedStore(await openStore(place), onAppend);
  const vault = await openVault(place, store).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
  return {
    store,
    vault,
    codec,
    transactor: new Transactor(store, codec, vault, now),
    now,
    ledgerKey: new LedgerKey(vault.ledgerKey),
    identity,
    async close() {
      await store.close();
      vault.close();
    },
  };
};

/** Another process serves the ledger in this folder. Two would build one set of read models and stop each other. */
export class FolderInUse extends Error {
  constructor(data: string, pid: number | undefined) {
    const who = pid === undefined ? 'another process' : `another process (${pid})`;
    super(
      `${data} is in use: ${who} serves the ledger in this folder. Stop it first, or set LEDGER_DATA to another folder`,
    );
    this.name = 'FolderInUse';
  }
}

/** How long a server waits for one that is just ending. */
const LOCK_WAIT_MS = 1_000;

/** Takes the folder, and makes it where there is none. What was taken goes with the process. Throws FolderInUse. */
export const holdFolder = (data: string): HeldLock => {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const { lock } = ledgerFiles(data);
  const held = holdLock(lock, LOCK_WAIT_MS);
  if (held === undefined) throw new FolderInUse(data, lockHolder(lock)?.pid);
  return held;
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
const openVault = async ({ data, lostKeysAccepted }: Place, store: EventStore): Promise<KeyVault> => {
  const file = ledgerFiles(data).keys;
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 && !lostKeysAccepted && (await store.readAll({ limit: 1 })).length > 0) throw new KeysMissing(file);
  return openSqliteKeyVault(file);
};

/** The client of EventStoreDB is loaded only where it is used. */
const openStore = async ({ data, eventStoreUrl }: Place): Promise<EventStore> => {
  if (eventStoreUrl === undefined) return openSqliteEventStore(ledgerFiles(data).log);
  return openEventStore(eventStoreUrl);
};

/** The log in an EventStoreDB, as a caller who waits wants it. */
export const openEventStore = async (eventStoreUrl: string): Promise<EventStore> => {
  const { openEventStoreDb } = await import('@ledger/event-store/eventstoredb/eventstoredb-event-store');
  return openEventStoreDb(eventStoreUrl, { tries: 4, deadline: 4_000 }); // a caller waits for a few of these at the most
};
