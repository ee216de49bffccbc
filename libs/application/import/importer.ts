import { SUBJECTS } from '@ledger/domain/catalogue';
import { REJECTIONS, type DomainEvent } from '@ledger/domain/decision';
import { draftFact, draftPayload, isFaults } from '@ledger/domain/fact/draft';
import { fault, type Fault } from '@ledger/domain/fault';
import type { Codec } from '@ledger/event-store/codec';
import type { EventStore } from '@ledger/event-store/port';
import { RecordFact, RecordFactHandler } from '../incident/record-fact';
import { LedgerKey } from '../ledger-key';
import { PerformAct, PerformActHandler, ROOMS } from '../perform-act';
import type { Outcome, Transactor } from '../transact';
import type { Asked } from './asked';
import { Incidents } from './incidents';
import { readNotation, type Notation } from './notation';
import { OnRecord } from './on-record';
import { readRecord, textOf, type Reading } from './record';
import { RowNames, type Identity, type NamingOptions } from './row-names';

type Values = Readonly<Record<string, unknown>>;
type Path = Fault['path'];

/** One row of a file, taken out of it. */
export interface Row {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Undefined where there is none to be had; then `faults` say why. */
  readonly record: unknown;
  /** By which a row without a reference of its own is recognised. */
  readonly content: unknown;
  readonly faults: readonly Fault[];
}

/** A file that can be read twice. */
export interface RowFile extends Pick<Notation, 'cells' | 'dateFormats'> {
  readonly name: string;
  rows(): AsyncIterable<Row>;
  /** What a field of a row is called in the file. */
  fieldName(path: Path, row: Row): string;
}

export interface FieldFault {
  readonly field: string;
  /** Stable; see `docs/guides/import.md`. */
  readonly code: string;
  readonly reason: string;
}

/** What became of one row. */
export interface Verdict {
  readonly file: string;
  readonly line: number;
  readonly outcome: 'recorded' | 'already-there' | 'refused';
  /** Type of the event that it asked for, where that could be told. */
  readonly type: string | undefined;
  readonly reference: string | undefined;
  /** Of what it made, with its prefix. */
  readonly id: string | undefined;
  /** Of a refused row, every one. */
  readonly faults: readonly FieldFault[];
}

export interface ImportOptions extends NamingOptions {
  readonly recordedBy: string;
  /** Of the whole import: every open event of it carries it. */
  readonly correlationId: string;
  /** For times that name no zone, before that of the incident. */
  readonly zone?: string | undefined;
  /** For the same in records of parties and organisations, which have no zone. */
  readonly zoneElsewhere?: string | undefined;
}

export interface Ledger {
  readonly store: EventStore;
  readonly codec: Codec;
  readonly transactor: Transactor;
  readonly ledgerKey: LedgerKey;
}

type AskingRow = Reading & { readonly asked: Asked };

/** Another process kept getting in between, or the record cannot be read: nothing is wrong with the row. */
export class ImportInterrupted extends Error {
  constructor(reason: string) {
    super(`${reason}. What was recorded stays; run the same import again, and it goes on from there`);
    this.name = 'ImportInterrupted';
  }
}

/**
 * Sends every row of some files as a command, in their order: the same commands that the server takes. A row is
 * recognised by its own id or reference, otherwise by its content, so that it is one command whenever it comes again.
 *
 * Files are read twice: what rows are called must be known before the first one may name another. Kept in memory are the
 * names of rows, never the rows.
 */
export class Importer {
  readonly incidents: Incidents;
  private readonly names: RowNames;
  private readonly onRecord: OnRecord;
  private readonly facts: RecordFactHandler;
  private readonly acts: PerformActHandler;

  constructor(
    private readonly ledger: Ledger,
    private readonly options: ImportOptions,
  ) {
    this.incidents = new Incidents(ledger.store, ledger.codec);
    this.onRecord = new OnRecord(ledger.store, ledger.codec);
    this.names = new RowNames(ledger.ledgerKey.key, this.incidents, this.onRecord, options);
    this.facts = new RecordFactHandler(ledger.transactor, ledger.ledgerKey);
    this.acts = new PerformActHandler(ledger.transactor);
  }

  /** Reads the files once, and notes what each row is called. Yields how many rows there were so far. */
  async *survey(files: readonly RowFile[]): AsyncGenerator<number, void> {
    let ordinal = 0;
    for (const file of files)
      for await (const row of file.rows()) {
        ordinal += 1;
        if (row.record !== undefined) await this.names.note(readRecord(row.record), ordinal);
        yield ordinal;
      }
  }

  /** Sends every row, in order, after `survey` has seen the same files. Throws what the stores throw, and ImportInterrupted. */
  async *run(files: readonly RowFile[]): AsyncGenerator<Verdict, void> {
    let ordinal = 0;
    for (const file of files) {
      this.names.beginFile();
      for await (const row of file.rows()) {
        ordinal += 1;
        yield await this.send(file, row, ordinal);
      }
    }
  }

  /** The id of an incident that is opened by its reference alone. */
  incidentIdFor(reference: string): string {
    return this.names.incidentIdFor(reference);
  }

  private async send(file: RowFile, row: Row, ordinal: number): Promise<Verdict> {
    const reading = row.record === undefined ? undefined : readRecord(row.record);
    const verdict = (outcome: Verdict['outcome'], id?: string, faults: readonly Fault[] = []): Verdict => ({
      file: file.name,
      line: row.line,
      outcome,
      type: reading?.asked?.type,
      reference: textOf(reading?.written['reference']),
      id: id === undefined || makes === undefined ? undefined : this.names.prefixed(makes.named, id),
      faults: faults.map(({ path, code, message }) => ({ field: file.fieldName(path, row), code, reason: message })),
    });
    const { asked } = reading ?? {};
    const makes = asked?.makes;
    if (reading === undefined || asked === undefined || asked.followsOnly)
      return verdict('refused', undefined, [...row.faults, ...(reading?.faults ?? [])]);

    const faults = [...row.faults, ...reading.faults];
    const scope = await this.names.scopeOf(reading, faults);
    const identity = this.names.identify(reading, scope, { of: row.content, faults });
    const event = await this.eventOf(file, { ...reading, asked }, scope, identity, ordinal, faults);
    if (event === undefined || identity === undefined) return verdict('refused', undefined, faults);
    const done = await this.ask({ ...reading, asked }, event, identity.commandId);
    return typeof done === 'string' ? verdict(done, identity.id) : verdict('refused', undefined, [done]);
  }

  /** What the row asks for, or undefined, with everything that is wrong with it in `faults`. */
  private async eventOf(
    file: RowFile,
    reading: AskingRow,
    scope: string | undefined,
    identity: Identity | undefined,
    ordinal: number,
    faults: Fault[],
  ): Promise<DomainEvent | undefined> {
    const { asked } = reading;
    const { makes, subject, schema } = asked;
    const linked = await this.names.linked(reading, scope, ordinal, faults);
    const zone = textOf(reading.zone) ?? this.options.zone ?? (await this.zoneOf(asked, scope, faults));
    const notation: Notation = { zone, cells: file.cells, dateFormats: file.dateFormats };
    const given = {
      ...readNotation(schema, linked, notation, faults),
      ...(subject === 'incident' && { incidentId: scope ?? NO_ID }),
      ...(makes !== undefined && { [makes.field]: identity?.id ?? NO_ID }),
    };
    const drafted = asked.isFact ? draftFact(asked.type, given) : draftPayload(schema, given);
    if (isFaults(drafted)) faults.push(...newFaults(faults, drafted).map(inOurWords));
    if (faults.length > 0) return undefined;
    return asked.isFact ? (drafted as DomainEvent) : { type: asked.type, payload: drafted as Values };
  }

  /** Of the incident. Where there is none, that is what is wrong, and not every single time. */
  private async zoneOf(asked: Asked, scope: string | undefined, faults: Fault[]): Promise<string | undefined> {
    if (asked.subject !== 'incident') return this.options.zoneElsewhere;
    const zone = scope === undefined ? undefined : await this.incidents.zoneOf(scope);
    if (zone === undefined && scope !== undefined && asked.makes?.named !== 'incident')
      faults.push(fault('incident-not-found', ['incidentId'], REJECTIONS['incident-not-found']));
    return zone ?? 'UTC';
  }

  private async ask(
    { asked, partition, written }: AskingRow,
    event: DomainEvent,
    commandId: string,
  ): Promise<'recorded' | 'already-there' | Fault> {
    const { isFact, subject, makes } = asked;
    const { recordedBy, correlationId } = this.options;
    // One id in open and privileged events would tell where a privileged one belongs.
    const context = { commandId, recordedBy, ...(partition === 'open' && { correlationId }) };
    const outcome = isFact
      ? await this.facts.execute(new RecordFact(event as RecordFact['fact'], partition, context))
      : await this.acts.execute(new PerformAct(event, context));
    if (outcome.outcome === 'accepted') return outcome.replayed || outcome.alreadySo ? 'already-there' : 'recorded';
    const stream = ROOMS[subject].stream(String(event.payload[SUBJECTS[subject]]));
    if (
      outcome.outcome === 'rejected' &&
      outcome.code.endsWith('-exists') &&
      (await this.onRecord.holds(stream, event))
    )
      return 'already-there';
    const named = [makes?.field ?? '', 'reference'].find((field) => textOf(written[field]) !== undefined);
    return refusal(outcome, named === undefined ? [] : [named]);
  }
}

/** `name`: the field by which the row is recognised. */
const refusal = (outcome: Exclude<Outcome, { outcome: 'accepted' }>, name: Path): Fault => {
  if (outcome.outcome === 'rejected') return fault(outcome.code, outcome.path, outcome.message);
  if (outcome.outcome === 'command-reused')
    return fault(
      'command-reused',
      name,
      'was recorded before with other content. The record is not edited: correct or retract the fact, or give the row a reference of its own',
    );
  throw new ImportInterrupted('Another process keeps writing to the same incident');
};

/** Stands for an id that could not be told, and never leaves this file: there is a fault beside it. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** What is missing because it could not be read is not reported again, and no field twice. */
const newFaults = (known: readonly Fault[], found: readonly Fault[]): Fault[] =>
  found.filter(
    ({ path }, index) =>
      !known.some((one) => areOneWay(one.path, path)) &&
      found.findIndex((one) => one.path.join('/') === path.join('/')) === index,
  );

/** What a schema says of something absent is about its type. */
const inOurWords = (found: Fault): Fault =>
  found.code === 'required' && found.message.startsWith('Invalid input') ? { ...found, message: 'is required' } : found;

/** One lies on the way to the other. */
const areOneWay = (one: Path, other: Path): boolean => {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).join('/') === other.slice(0, length).join('/');
};
