import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Importer, type ImportOptions, type Ledger, type Row, type RowFile } from '@ledger/application/import/importer';
import { NO_KEYS, NO_LOG, RehearsalStore, rehearsalVault } from '@ledger/application/import/rehearsal';
import { LedgerKey } from '@ledger/application/ledger-key';
import { Transactor } from '@ledger/application/transact';
import { CATALOGUE } from '@ledger/domain/catalogue';
import { Codec } from '@ledger/event-store/codec';
import { EventStoreError } from '@ledger/event-store/errors';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import { openKeysToRead } from '@ledger/privacy/sqlite/key-file';
import type { Config } from '../../ledger/config';
import { PREFIXES } from '../../ledger/graphql/common/ids';
import { ledgerFiles, openLedgerLog } from '../../ledger/ledger-resources';
import { WrongUse, type Terminal } from '../command';
import { openToRead, placeOfLog } from '../places';
import { inWords, Report } from './report';

export interface ImportRequest {
  readonly files: readonly RowFile[];
  /** Id or reference. */
  readonly incident?: string | undefined;
  /** Opens the incident where its reference is on no record. */
  readonly open?: { readonly title?: string | undefined; readonly controller?: string | undefined } | undefined;
  readonly zone?: string | undefined;
  readonly dryRun: boolean;
  readonly report?: string | undefined;
}

export interface ImportResult {
  readonly rows: number;
  readonly recorded: number;
  readonly alreadyThere: number;
  readonly refused: number;
  /** The correlation id of every event that came of it. */
  readonly correlationId: string;
}

export const importFiles = async (
  config: Config,
  request: ImportRequest,
  terminal: Terminal,
): Promise<ImportResult> => {
  const taken = request.files.find(
    ({ name }) => request.report !== undefined && resolve(name) === resolve(request.report),
  );
  if (taken !== undefined) throw new WrongUse(`--report would replace ${taken.name}, which is to be imported`);
  const opened = request.dryRun ? await openRehearsal(config) : await openToAppend(config);
  try {
    return await sendAll(opened, request, terminal);
  } catch (cause) {
    if (!(cause instanceof EventStoreError)) throw cause;
    throw new Error(`${cause.message}. What was recorded stays; run the same import again, and it goes on from there`, {
      cause,
    });
  } finally {
    await opened.close();
  }
};

interface Opened {
  readonly ledger: Ledger;
  readonly recordedBy: string;
  close(): Promise<void>;
}

const openToAppend = async (config: Config): Promise<Opened> => {
  const log = await openLedgerLog(config);
  return { ledger: log, recordedBy: log.identity.userId, close: () => log.close() };
};

/** The ledger as it is, read only, and what would come behind it in memory. */
const openRehearsal = async (config: Config): Promise<Opened> => {
  const files = ledgerFiles(config.data);
  const there = config.eventStoreUrl !== undefined || existsSync(files.log);
  const below = there ? (await openToRead(placeOfLog(config))).store : NO_LOG;
  const vault = rehearsalVault(existsSync(files.keys) ? openKeysToRead(files.keys) : NO_KEYS());
  const store = new RehearsalStore(below);
  const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
  return {
    ledger: {
      store,
      codec,
      transactor: new Transactor(store, codec, vault, () => new Date()),
      ledgerKey: new LedgerKey(vault.ledgerKey),
    },
    recordedBy: randomUUID(),
    async close() {
      await store.close();
      vault.close();
    },
  };
};

const sendAll = async (
  { ledger, recordedBy }: Opened,
  request: ImportRequest,
  terminal: Terminal,
): Promise<ImportResult> => {
  const correlationId = randomUUID();
  const { importer, files, opening } = await begin(ledger, { prefixes: PREFIXES, recordedBy, correlationId }, request);
  const before = files.map(stateOf);
  const reading = terminal.progress('Reading', 'rows');
  let total = 0;
  for await (const rows of importer.survey(files)) reading((total = rows));

  const report = request.report === undefined ? undefined : new Report(request.report);
  const importing = terminal.progress(request.dryRun ? 'Rehearsing' : 'Importing', 'rows');
  const counts = { recorded: 0, 'already-there': 0, refused: 0 };
  let rows = 0;
  try {
    for await (const verdict of importer.run(files)) {
      counts[verdict.outcome] += 1;
      importing((rows += 1), total);
      report?.add(verdict);
      if (verdict.outcome !== 'refused') continue;
      if (verdict.file === opening?.name)
        throw new WrongUse(
          `the incident cannot be opened: ${verdict.faults.map(({ field, reason }) => `${field} ${reason}`).join('; ')}`,
        );
      for (const line of inWords(verdict)) terminal.note(line);
    }
  } finally {
    report?.close();
  }
  if (rows !== total || files.some((file, index) => stateOf(file) !== before[index]))
    throw new Error('the files were changed while they were read: run the import again');
  return {
    rows,
    recorded: counts.recorded,
    alreadyThere: counts['already-there'],
    refused: counts.refused,
    correlationId,
  };
};

const begin = async (
  ledger: Ledger,
  options: ImportOptions,
  { files, incident, open, zone }: ImportRequest,
): Promise<{ readonly importer: Importer; readonly files: readonly RowFile[]; readonly opening?: RowFile }> => {
  // The zone of an incident that is to be opened is its own, not that of others in the same files.
  const zones = { ...(open === undefined && { zone }), zoneElsewhere: zone };
  if (incident === undefined) return { importer: new Importer(ledger, { ...options, ...zones }), files };
  const asker = new Importer(ledger, options);
  const found = await asker.incidents.find(incident, PREFIXES.incident);
  if (found.length > 1) throw new WrongUse(`${found.length} incidents have the reference ${incident}: give the id`);
  const importer = (incidentId: string) => new Importer(ledger, { ...options, ...zones, incidentId });
  if (found[0] !== undefined) return { importer: importer(found[0]), files };
  if (open === undefined)
    throw new WrongUse(`no incident ${incident} is on record: open it with --open, --title, --controller and --zone`);
  const opening = openingRow(incident, { ...open, zone });
  return { importer: importer(asker.incidentIdFor(incident)), files: [opening, ...files], opening };
};

/** `--open` as a row like any other, before all others. */
const openingRow = (reference: string, fields: Readonly<Record<string, string | undefined>>): RowFile => {
  const record = { act: 'open-incident', reference, ...fields };
  return {
    name: 'the command line',
    fieldName: ([field]) => (field === 'reference' ? '--incident' : `--${field}`),
    async *rows(): AsyncGenerator<Row> {
      yield { line: 1, record, content: record, faults: [] };
    },
  };
};

const stateOf = ({ name }: RowFile): string => {
  const { size, mtimeMs } = statSync(name, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
  return `${size} ${mtimeMs}`;
};
