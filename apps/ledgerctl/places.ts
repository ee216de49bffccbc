import { existsSync } from 'node:fs';
import type { EventStore } from '@ledger/event-store/port';
import { countEvents } from '@ledger/event-store/sqlite/log-copy';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import type { Config } from '../ledger/config';
import { ledgerFiles, openEventStore } from '../ledger/ledger-resources';
import { WrongUse, type Terminal } from './command';

/** Where a log lies: in the folder of a ledger, or in an EventStoreDB. */
export type Place =
  { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'eventstoredb'; readonly url: string };

const URL_OF_EVENTSTORE = /^esdb(\+discover)?:\/\/.+/;

/** A folder, the URL of an EventStoreDB, or the name of the variable that holds the URL: so its password stays off the command line. */
export const placeOf = (text: string, { env }: Pick<Terminal, 'env'>): Place => {
  const named = text === 'EVENTSTORE_URL';
  const url = named ? (env['EVENTSTORE_URL'] ?? '') : text;
  if (URL_OF_EVENTSTORE.test(url)) return { kind: 'eventstoredb', url };
  if (named) throw new WrongUse('EVENTSTORE_URL is not set to a URL that begins with esdb:// or esdb+discover://');
  return { kind: 'folder', folder: text };
};

/** Where the configured ledger has its log. */
export const placeOfLog = ({ data, eventStoreUrl }: Pick<Config, 'data' | 'eventStoreUrl'>): Place =>
  eventStoreUrl === undefined ? { kind: 'folder', folder: data } : { kind: 'eventstoredb', url: eventStoreUrl };

/** In words, without a password. */
export const nameOf = (place: Place): string =>
  place.kind === 'folder' ? place.folder : place.url.replace(/\/\/[^/@]*@/, '//');

export interface OpenedLog {
  readonly store: EventStore;
  /** How many events it held when it was opened, where that can be told without reading them. */
  readonly total: number | undefined;
}

/** A log that is there, for reading only. */
export const openToRead = async (place: Place): Promise<OpenedLog> => {
  if (place.kind === 'eventstoredb') return { store: await openEventStore(place.url), total: undefined };
  const { log } = ledgerFiles(place.folder);
  if (!existsSync(log))
    throw new Error(
      `${place.folder} holds no log.db. If the log of this ledger lies in an EventStoreDB, name that: esdb://… or EVENTSTORE_URL`,
    );
  return { store: openSqliteEventStore(log, { readonly: true }), total: countEvents(log) };
};

/** A log to write into; made where there is none. */
export const openToWrite = async (place: Place): Promise<EventStore> =>
  place.kind === 'eventstoredb' ? openEventStore(place.url) : openSqliteEventStore(ledgerFiles(place.folder).log);
