import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CATALOGUE } from '@ledger/domain/catalogue';
import { Codec } from '@ledger/event-store/codec';
import { history } from '@ledger/event-store/history';
import type { EventStore, Position } from '@ledger/event-store/port';
import { holdLock, lockHolder } from '@ledger/event-store/sqlite/lock-file';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import { openKeysToRead } from '@ledger/privacy/sqlite/key-file';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { clearBuilding, finishBuilding, takeOverNext } from '@ledger/projections/sqlite/views';
import type { Config } from '../ledger/config';
import { isPrivileged, ledgerFiles } from '../ledger/ledger-resources';
import type { Terminal } from './command';
import { openToRead, placeOfLog } from './places';
import { Survey } from './survey';
import { messageOf } from './message-of';

export interface Rebuilt {
  readonly events: number;
  /** False when a server holds the folder: it takes them over when it is started the next time. */
  readonly inUse: boolean;
}

const REACH_MS = 60_000;

/**
 * Builds all read models from the log into a file beside those in use, which stay as they are until the new ones are
 * complete. Killed half-way it leaves a file that nobody takes for finished; the next run starts anew.
 */
export const rebuild = async (ledger: Pick<Config, 'data' | 'eventStoreUrl'>, terminal: Terminal): Promise<Rebuilt> => {
  const files = ledgerFiles(ledger.data);
  if (!existsSync(files.keys)) throw new Error(`${ledger.data} holds no keys.db: ledgerctl doctor says what is wrong`);
  const alone = holdLock(files.rebuildLock);
  if (alone === undefined)
    throw new Error(`another rebuild is at work on ${ledger.data} (process ${lockHolder(files.rebuildLock)?.pid})`);
  try {
    const events = await build(ledger, files.views, terminal);
    finishBuilding(files.views);
    const server = holdLock(files.lock);
    if (server !== undefined) {
      takeOverNext(files.views);
      server.release();
    }
    return { events, inUse: server === undefined };
  } finally {
    alone.release();
  }
};

/** Into the file for what is being built; answers how many events it shows. */
const build = async (
  ledger: Pick<Config, 'data' | 'eventStoreUrl'>,
  file: string,
  terminal: Terminal,
): Promise<number> => {
  const { store, total } = await openToRead(placeOfLog(ledger));
  const vault = openKeysToRead(ledgerFiles(ledger.data).keys);
  try {
    const reading = terminal.progress('Reading the log', 'events');
    const survey = new Survey(vault);
    for await (const event of history(store)) {
      survey.add(event);
      reading(survey.events, total);
    }

    const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
    const failures: string[] = [];
    const views = new LedgerViews(clearBuilding(file), store, codec, isPrivileged, (projection, error) =>
      failures.push(`${projection}: ${messageOf(error)}`),
    );
    try {
      views.start();
      const building = terminal.progress('Building the read models', 'events');
      while (!views.isLive()) {
        if (views.health().some(({ status }) => status === 'stopped')) throw new Error(failures.join('; '));
        building(views.head(), survey.sequence);
        await sleep(50);
      }
      const head = await endOf(store, survey.position);
      if (head !== undefined && !(await views.reached(head, REACH_MS)))
        throw new Error('the new read models did not reach the end of the log: try again while less is recorded');
      return views.head();
    } finally {
      await views.stop();
    }
  } finally {
    vault.close();
    await store.close();
  }
};

/** Where the log ends now, of which everything up to `known` was read before. */
const endOf = async (store: EventStore, known: Position | undefined): Promise<Position | undefined> => {
  for (let after = known; ;) {
    const last = (await store.readAll({ ...(after !== undefined && { after }), limit: 500 })).at(-1);
    if (last === undefined) return after;
    after = last.position;
  }
};
