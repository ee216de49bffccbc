import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { version } from '../../package.json';
import { copyLog } from '@ledger/event-store/copy';
import { history } from '@ledger/event-store/history';
import { copyLogFile } from '@ledger/event-store/sqlite/log-copy';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { copyKeyFile, openKeysToRead } from '@ledger/privacy/sqlite/key-file';
import type { Config } from '../ledger/config';
import { ledgerFiles } from '../ledger/ledger-resources';
import type { Terminal } from './command';
import { measure, writeManifest, type FileName, type Manifest } from './manifest';
import { nameOf, openToRead, placeOfLog } from './places';
import { Survey } from './survey';
import { UnfinishedFolder } from './unfinished-folder';

export interface BackupPlaces {
  readonly to: string;
  /** Where the keys go instead, apart from the log. */
  readonly keysTo: string | undefined;
}

/**
 * Saves a ledger while it is used. The log first, then the keys: keys are durable before anything lies under them, so the
 * later copy of the keys opens every event of the earlier copy of the log; the other way round, events without a key would
 * be possible. What was acknowledged before the call is in it. An erasure that comes in between is in the keys and not in
 * the log: the text is gone from the backup as well, and restored it reads as erased without the order for it.
 * The copy is read from beginning to end before it counts as one.
 */
export const backUp = async (
  ledger: Pick<Config, 'data' | 'eventStoreUrl'>,
  { to, keysTo }: BackupPlaces,
  terminal: Terminal,
): Promise<Manifest> => {
  const files = ledgerFiles(ledger.data);
  if (!existsSync(files.keys))
    throw new Error(`${ledger.data} holds no keys.db, and without keys there is nothing to save`);
  const folder = new UnfinishedFolder(to);
  const apart = keysTo === undefined ? folder : new UnfinishedFolder(keysTo);
  try {
    const [log, keys, identity] = [
      folder.file('log.db'),
      apart.file('keys.db'),
      folder.file('development-identity.json'),
    ];
    await saveLog(ledger, log, terminal);
    await copyKeyFile(files.keys, keys);
    if (existsSync(files.identity)) writeFileSync(identity, readFileSync(files.identity), { mode: 0o600 });

    const survey = await surveyOf(log, keys, terminal);
    const measured: Partial<Record<FileName, Awaited<ReturnType<typeof measure>>>> = {
      'log.db': await measure(log),
      'keys.db': await measure(keys),
      ...(existsSync(identity) && { 'development-identity.json': await measure(identity) }),
    };
    const { events, sequence, position, digest } = survey;
    const manifest: Manifest = {
      format: 1,
      created: new Date().toISOString(),
      software: version,
      store: ledger.eventStoreUrl === undefined ? 'sqlite' : 'eventstoredb',
      log: { events, sequence, ...(position !== undefined && { position }), digest },
      keysMissing: survey.missing.size,
      files: measured,
    };
    writeManifest(folder.path, manifest);
    if (apart !== folder) apart.finish();
    folder.finish(); // last: only with its manifest it is a backup
    return manifest;
  } finally {
    folder.throwAway();
    apart.throwAway();
  }
};

/** Into an SQLite file, wherever it lies. */
const saveLog = async (
  ledger: Pick<Config, 'data' | 'eventStoreUrl'>,
  to: string,
  terminal: Terminal,
): Promise<void> => {
  const place = placeOfLog(ledger);
  const { store, total } = await openToRead(place);
  try {
    if (place.kind === 'folder') {
      await copyLogFile(ledgerFiles(place.folder).log, to, terminal.progress('Saving the log', 'pages'));
      return;
    }
    const saving = terminal.progress(`Saving the log from ${nameOf(place)}`, 'events');
    const target = openSqliteEventStore(to);
    chmodSync(to, 0o600);
    await copyLog(store, target, { copied: (done) => saving(done, total) }).finally(() => target.close());
  } finally {
    await store.close();
  }
};

/** Reads a saved log from beginning to end: every leaf is checked, and every key looked up. */
export const surveyOf = async (log: string, keys: string, terminal: Terminal): Promise<Survey> => {
  const store = openSqliteEventStore(log);
  const vault = openKeysToRead(keys);
  try {
    const survey = new Survey(vault);
    const checking = terminal.progress('Checking every event', 'events');
    for await (const event of history(store)) {
      survey.add(event);
      checking(survey.events);
    }
    return survey;
  } finally {
    vault.close();
    await store.close(); // takes SQLite's own files beside the log away
  }
};
