import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { EraseTexts, EraseTextsHandler } from '@ledger/application/incident/erase-texts';
import { RecordFact, RecordFactHandler, type Partition } from '@ledger/application/incident/record-fact';
import { KeyCustody } from '@ledger/application/key-custody';
import { LedgerKey } from '@ledger/application/ledger-key';
import { PerformAct, PerformActHandler } from '@ledger/application/perform-act';
import { incidentStream, PRIVILEGED_PREFIX } from '@ledger/application/streams';
import { Transactor, type Accepted, type CommandContext, type Outcome } from '@ledger/application/transact';
import { CATALOGUE } from '@ledger/domain/catalogue';
import type { Decision } from '@ledger/domain/decision';
import type { FactDraft } from '@ledger/domain/fact/fact-draft';
import { incident, type Incident } from '@ledger/domain/incident/state';
import { Codec, type DecodedEvent } from '@ledger/event-store/codec';
import type { EventStore, RecordedEvent } from '@ledger/event-store/port';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import { openSqliteKeyVault } from '@ledger/privacy/sqlite/sqlite-key-vault';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { closure, INCIDENT_ID, particulars, uuidOf } from './facts';

export const RECORDER = uuidOf('a recorder');

/** Of a command of its own, or of the one whose id is given. */
export const command = (commandId: string = randomUUID()): CommandContext => ({ commandId, recordedBy: RECORDER });

export const isPrivileged = (stream: string): boolean => stream.startsWith(PRIVILEGED_PREFIX);

export interface TestLedgerOptions {
  readonly now?: () => Date;
  /** What stands between the ledger and its store: a store that fails at the wrong moment, say. */
  readonly between?: (store: EventStore) => EventStore;
}

/** One process of a ledger on its real files, without a server. Several may be open on one folder. */
export type TestLedger = ReturnType<typeof openTestLedger>;

export const openTestLedger = (folder: string, { now = () => new Date(), between }: TestLedgerOptions = {}) => {
  const logFile = join(folder, 'log.db');
  const keysFile = join(folder, 'keys.db');
  const vault = openSqliteKeyVault(keysFile);
  const sqlite = openSqliteEventStore(logFile);
  const store = between?.(sqlite) ?? sqlite;
  const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
  const transactor = new Transactor(store, codec, vault, now);
  const acts = new PerformActHandler(transactor);
  const recording = new RecordFactHandler(transactor, new LedgerKey(vault.ledgerKey));
  const opened: LedgerViews[] = [];

  return {
    folder,
    logFile,
    keysFile,
    vault,
    store,
    codec,
    transactor,
    open: (context = command(), fields: Partial<typeof particulars> = {}) =>
      acts.execute(new PerformAct({ type: 'incident-opened', payload: { ...particulars, ...fields } }, context)),
    close: (context = command()) =>
      acts.execute(new PerformAct({ type: 'incident-closed', payload: closure }, context)),
    record: (fact: FactDraft, context = command(), partition: Partition = 'open'): Promise<Outcome> =>
      recording.execute(new RecordFact(fact, partition, context)),
    /** Whatever a decision about the incident makes of it. */
    decide: (decision: (state: Incident) => Decision, context = command()) =>
      transactor.transact(incidentStream(INCIDENT_ID), incident, decision, context),
    register: (party: Readonly<Record<string, string>>, context = command()) =>
      acts.execute(new PerformAct({ type: 'party-registered', payload: party }, context)),
    /** Any other act. */
    act: (type: string, payload: Readonly<Record<string, unknown>>, context = command()) =>
      acts.execute(new PerformAct({ type, payload }, context)),
    erase: (views: LedgerViews, kids: readonly string[], context = command(), incidentId = INCIDENT_ID) =>
      new EraseTextsHandler(transactor, new KeyCustody(vault, views)).execute(
        new EraseTexts({ incidentId, kids, ground: 'A request by the person concerned.' }, context),
      ),

    /** The read models in a file of their own; closed with the ledger. */
    views(file = join(folder, 'views.db')): LedgerViews {
      const views = new LedgerViews(file, store, codec, isPrivileged);
      views.start();
      opened.push(views);
      return views;
    },
    async caughtUp(views: LedgerViews): Promise<void> {
      const last = (await this.events()).at(-1);
      if (last !== undefined && !(await views.reached(last.position, 10_000))) throw new Error('the views are behind');
    },
    async stop(views: LedgerViews): Promise<void> {
      opened.splice(opened.indexOf(views), 1);
      await views.stop();
    },

    events: (): Promise<readonly RecordedEvent[]> => store.readAll({ limit: 1_000_000 }),
    async stream(name: string = incidentStream(INCIDENT_ID)): Promise<DecodedEvent[]> {
      const found: DecodedEvent[] = [];
      for await (const recorded of store.readStream(name)) found.push(codec.decode(recorded));
      return found;
    },
    /** Ids of the keys under which one event of the incident lies: of a subject, or of the fact's own text. */
    async kids(revision: bigint, subject?: string): Promise<string[]> {
      const event = (await this.stream()).find((candidate) => candidate.revision === revision);
      if (event?.readable !== true) throw new Error('no such event');
      return event.keys.filter((use) => use.subject === subject).map(({ kid }) => kid);
    },
    async shut(): Promise<void> {
      for (const views of opened.splice(0)) await views.stop();
      await store.close();
      vault.close();
    },
  };
};

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'ledger-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

export const accepted = (outcome: Outcome): Accepted => {
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome, (_, v: unknown) => String(v)));
  return outcome;
};

/** Everything that lies in an SQLite file and what SQLite keeps beside it, as bytes. */
export const rawBytes = (file: string): Buffer =>
  Buffer.concat(
    ['', '-wal', '-journal']
      .map((end) => file + end)
      .filter(existsSync)
      .map((name) => readFileSync(name)),
  );

export type Table = readonly Readonly<Record<string, unknown>>[];

/** Every table with its rows in a fixed order, bytes as hex. Of a full-text index its rows, not the tables inside it. */
export const tablesOf = (db: Database.Database): Record<string, Table> => {
  const tables = db
    .prepare("SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')")
    .all() as { name: string; type: string }[];
  return Object.fromEntries(
    tables.map(({ name, type }) => {
      const rows = db.prepare(`SELECT ${type === 'virtual' ? 'rowid, ' : ''}* FROM "${name}"`).all() as object[];
      return [name, rows.map(plain).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))];
    }),
  );
};

const plain = (row: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : (value as unknown),
    ]),
  );

/** All that stands in each column of each table, those inside a full-text index too, as `table.column` and Latin-1 text. */
export const columnsOf = (db: Database.Database): Map<string, string> => {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  const found = new Map<string, string>();
  for (const name of names)
    for (const row of db.prepare(`SELECT * FROM "${name}"`).all() as object[])
      for (const [column, value] of Object.entries(row)) {
        const text = (value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value))).toString('latin1');
        found.set(`${name}.${column}`, `${found.get(`${name}.${column}`) ?? ''} ${text}`);
      }
  return found;
};
