import canonicalize from 'canonicalize';
import { SUBJECTS, type SubjectAct, type Subject, ACTS } from '@ledger/domain/catalogue';
import { REJECTIONS, type Aggregate, type DomainEvent } from '@ledger/domain/decision';
import { draftFact, draftPayload, isFaults } from '@ledger/domain/fact/draft';
import { fault, type Fault } from '@ledger/domain/fault';
import { incident } from '@ledger/domain/incident/state';
import { organisation } from '@ledger/domain/organisation/organisation';
import { party } from '@ledger/domain/party/party';
import { fieldMeta, innerType, type Named } from '@ledger/domain/schema/fields';
import type { Codec } from '@ledger/event-store/codec';
import type { EventStore } from '@ledger/event-store/port';
import { z } from 'zod';
import { factIdFor, RecordFact, RecordFactHandler } from '../incident/record-fact';
import { LedgerKey } from '../ledger-key';
import { madeId, PerformAct, PerformActHandler } from '../perform-act';
import { incidentStream, organisationStream, partyStream } from '../streams';
import type { Outcome, Transactor } from '../transact';
import { MAKERS, type Asked } from './asked';
import { CommandIds } from './command-ids';
import { Incidents } from './incidents';
import { readNotation, type Notation } from './notation';
import { OnRecord } from './on-record';
import { readRecord, type Reading } from './record';

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

export interface ImportOptions {
  readonly prefixes: Readonly<Record<Named, string>>;
  readonly recordedBy: string;
  /** Of the whole import: every open event of it carries it. */
  readonly correlationId: string;
  /** For rows that name no incident. */
  readonly incidentId?: string | undefined;
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

/** Another process kept getting in between, or the record cannot be read: nothing is wrong with the row. */
export class ImportInterrupted extends Error {
  constructor(reason: string) {
    super(`${reason}. What was recorded stays; run the same import again, and it goes on from there`);
    this.name = 'ImportInterrupted';
  }
}

/** Something that a row makes: its id, and in which order of all rows it comes. */
interface Made {
  readonly id: string;
  readonly ordinal: number;
}

const STREAMS: Readonly<
  Record<Subject, { readonly stream: (id: string) => string; readonly aggregate: Aggregate<unknown> }>
> = {
  incident: { stream: incidentStream, aggregate: incident },
  party: { stream: partyStream, aggregate: party },
  organisation: { stream: organisationStream, aggregate: organisation },
};

/**
 * Sends every row of some files as a command, in their order: the same commands that the server takes. A row is
 * recognised by its own id or reference, otherwise by its content, so that it is one command whenever it comes again.
 *
 * Files are read twice: what rows are called must be known before the first one may name another. Kept in memory are the
 * names of rows, never the rows.
 */
export class Importer {
  readonly incidents: Incidents;
  private readonly ids: CommandIds;
  private readonly onRecord: OnRecord;
  private readonly facts: RecordFactHandler;
  private readonly acts: PerformActHandler;
  /** By what it is, its incident and its reference; undefined: two rows carry it. */
  private readonly byReference = new Map<string, Made | undefined>();
  private readonly byId = new Map<string, number>();
  /** Of the file at hand: how often rows of the same content came. */
  private readonly alike = new Map<string, number>();

  constructor(
    private readonly ledger: Ledger,
    private readonly options: ImportOptions,
  ) {
    this.incidents = new Incidents(ledger.store, ledger.codec);
    this.onRecord = new OnRecord(ledger.store, ledger.codec);
    this.ids = new CommandIds(ledger.ledgerKey.key);
    this.facts = new RecordFactHandler(ledger.transactor, ledger.ledgerKey);
    this.acts = new PerformActHandler(ledger.transactor);
  }

  /** Reads the files once, and notes what each row is called. Yields how many rows there were so far. */
  async *survey(files: readonly RowFile[]): AsyncGenerator<number, void> {
    let ordinal = 0;
    for (const file of files)
      for await (const row of file.rows()) {
        ordinal += 1;
        if (row.record !== undefined) await this.note(readRecord(row.record), ordinal);
        yield ordinal;
      }
  }

  /** Sends every row, in order, after `survey` has seen the same files. Throws what the stores throw, and ImportInterrupted. */
  async *run(files: readonly RowFile[]): AsyncGenerator<Verdict, void> {
    let ordinal = 0;
    for (const file of files) {
      this.alike.clear();
      for await (const row of file.rows()) {
        ordinal += 1;
        yield await this.send(file, row, ordinal);
      }
    }
  }

  /** The id of an incident that is opened by its reference alone. */
  incidentIdFor(reference: string): string {
    return this.ids.of('incident', reference);
  }

  private async note(reading: Reading, ordinal: number): Promise<void> {
    const { asked, written } = reading;
    if (asked?.makes === undefined) return;
    const scope = await this.scopeOf(reading, []);
    const identity = this.identify(reading, scope, () => undefined);
    if (identity === undefined) return;
    const { id } = identity;
    const reference = textOf(written['reference']);
    if (asked.makes.named === 'incident') this.incidents.opens(id, reference, textOf(written['zone']));
    if (!this.byId.has(id)) this.byId.set(id, ordinal);
    if (reference === undefined) return;
    const key = nameOf(asked.makes.named, scope, reference);
    const known = this.byReference.get(key);
    if (!this.byReference.has(key)) this.byReference.set(key, { id, ordinal });
    else if (known?.id !== id) this.byReference.set(key, undefined);
  }

  private async send(file: RowFile, row: Row, ordinal: number): Promise<Verdict> {
    const reading = row.record === undefined ? undefined : readRecord(row.record);
    const verdict = (outcome: Verdict['outcome'], id?: string, faults: readonly Fault[] = []): Verdict => ({
      file: file.name,
      line: row.line,
      outcome,
      type: reading?.asked?.type,
      reference: textOf(reading?.written['reference']),
      id: id === undefined || reading?.asked?.makes === undefined ? undefined : this.prefixed(reading.asked, id),
      faults: faults.map(({ path, code, message }) => ({ field: file.fieldName(path, row), code, reason: message })),
    });
    if (reading?.asked === undefined || reading.asked.followsOnly)
      return verdict('refused', undefined, [...row.faults, ...(reading?.faults ?? [])]);

    const faults = [...row.faults, ...reading.faults];
    const scope = await this.scopeOf(reading, faults);
    const identity = this.identify(reading, scope, () => this.countedContent(scope, row.content, faults));
    const event = await this.eventOf(file, reading, scope, identity, ordinal, faults);
    if (event === undefined || identity === undefined) return verdict('refused', undefined, faults);
    const done = await this.ask(reading, event, identity.commandId);
    return typeof done === 'string' ? verdict(done, identity.id) : verdict('refused', undefined, [done]);
  }

  private prefixed({ makes }: Asked, id: string): string {
    return makes === undefined ? id : `${this.options.prefixes[makes.named]}_${id}`;
  }

  // --- what a row is ---

  /** Of what it is a record: the incident, party or organisation. Undefined where that cannot be told; `faults` say why. */
  private async scopeOf({ asked, incident: named, written }: Reading, faults: Fault[]): Promise<string | undefined> {
    if (asked === undefined) return undefined;
    if (asked.subject !== 'incident') return textOf(written[SUBJECTS[asked.subject]]);
    if (asked.makes?.named === 'incident') {
      const id = this.bareId('incident', named);
      if (named !== undefined && named !== null && id === undefined)
        faults.push(notAnId(['incidentId'], this.options.prefixes.incident));
      const reference = textOf(written['reference']);
      return id ?? (reference === undefined ? undefined : this.incidentIdFor(reference));
    }
    if (named === undefined || named === null) {
      if (this.options.incidentId === undefined)
        faults.push(
          fault('required', ['incidentId'], 'is required: name the incident here, or all over with --incident'),
        );
      return this.options.incidentId;
    }
    return this.incidentNamed(named, ['incidentId'], faults);
  }

  private async incidentNamed(named: unknown, path: Path, faults: Fault[]): Promise<string | undefined> {
    const id = this.bareId('incident', named);
    if (id !== undefined) return id;
    const found = typeof named === 'string' ? await this.incidents.withReference(named) : [];
    if (found.length === 0)
      faults.push(
        fault('unknown-reference', path, 'is the id or reference of no incident on record or in these files'),
      );
    if (found.length > 1)
      faults.push(fault('ambiguous-reference', path, `is the reference of ${found.length} incidents: give the id`));
    return found.length === 1 ? found[0] : undefined;
  }

  /** Its command, and the id of what it makes. */
  private identify(
    { asked, written, commandId: given }: Reading,
    scope: string | undefined,
    byContent: () => string | undefined,
  ): { readonly commandId: string; readonly id: string } | undefined {
    if (asked === undefined || scope === undefined) return undefined;
    const { makes, type } = asked;
    if (makes === undefined) {
      const commandId = given ?? byContent();
      return commandId === undefined ? undefined : { commandId, id: scope };
    }
    if (makes.named === 'incident') return { commandId: given ?? this.ids.of('incident-opened', scope), id: scope };
    const id = this.bareId(makes.named, written[makes.field]);
    const name = id ?? textOf(written['reference']);
    const commandId = given ?? (name === undefined ? byContent() : this.ids.of(makes.named, scope, name));
    if (commandId === undefined) return undefined;
    return {
      commandId,
      id: id ?? (asked.isFact ? factIdFor(commandId, scope) : madeId(commandId, scope, ACTS.get(type) as SubjectAct)),
    };
  }

  private countedContent(scope: string | undefined, content: unknown, faults: Fault[]): string | undefined {
    const canonical = canonicalText(content);
    if (canonical === undefined)
      return void faults.push(fault('invalid', [], 'holds broken Unicode or is nested too deep'));
    const mark = this.ids.mark(scope ?? '', canonical);
    const before = this.alike.get(mark) ?? 0;
    this.alike.set(mark, before + 1);
    return this.ids.of('content', mark, String(before));
  }

  /** The UUID of an id, given with its prefix or without. */
  private bareId(named: Named, id: unknown): string | undefined {
    const [, prefix, uuid] = typeof id === 'string' ? (ID.exec(id.trim()) ?? []) : [];
    return prefix === undefined || prefix === this.options.prefixes[named] ? uuid : undefined;
  }

  // --- what it asks for ---

  private async eventOf(
    file: RowFile,
    reading: Reading,
    scope: string | undefined,
    identity: { readonly id: string } | undefined,
    ordinal: number,
    faults: Fault[],
  ): Promise<DomainEvent | undefined> {
    const asked = reading.asked as Asked;
    const { makes, subject, schema } = asked;
    const own = makes?.field;
    if (
      own !== undefined &&
      own !== 'incidentId' &&
      reading.written[own] != null &&
      this.bareId(makes!.named, reading.written[own]) === undefined
    )
      faults.push(notAnId([own], this.options.prefixes[makes!.named]));
    const linked = await this.linked(asked, reading.written, scope, ordinal, faults);
    const zone = textOf(reading.zone) ?? this.options.zone ?? (await this.zoneOf(asked, scope, faults));
    const notation: Notation = { zone, cells: file.cells, dateFormats: file.dateFormats };
    const given = {
      ...readNotation(schema, linked, notation, faults),
      ...(subject === 'incident' && { incidentId: scope ?? NO_ID }),
      ...(own !== undefined && { [own]: identity?.id ?? NO_ID }),
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

  /** Ids in place of what the record calls other things, as far as they are found. */
  private async linked(
    asked: Asked,
    written: Values,
    scope: string | undefined,
    ordinal: number,
    faults: Fault[],
  ): Promise<Values> {
    const linked: Record<string, unknown> = { ...written };
    const needs = scope !== undefined && asked.needs.includes('incidentId') ? this.byId.get(scope) : undefined;
    if (needs !== undefined && needs > ordinal && !(await this.incidents.isOnRecord(scope!)))
      faults.push(fault('comes-later', ['incidentId'], 'is opened further down: a record follows its opening'));
    for (const [field, schema] of Object.entries<z.ZodType>(asked.schema.shape)) {
      const named = namedIn(schema);
      const value = written[field];
      if (
        named === undefined ||
        value === undefined ||
        value === null ||
        field === asked.makes?.field ||
        field === 'incidentId'
      )
        continue;
      const one = (entry: unknown, path: Path) =>
        this.link(named, entry, path, scope, asked.needs.includes(field) ? ordinal : undefined, faults);
      if (Array.isArray(value))
        linked[field] = await Promise.all(value.map((entry, index) => one(entry, [field, index])));
      else if (isList(schema) && typeof value === 'string')
        linked[field] = await Promise.all(
          value
            .split(';')
            .map((entry) => entry.trim())
            .filter((entry) => entry !== '')
            .map((entry) => one(entry, [field])),
        );
      else linked[field] = await one(value, [field]);
    }
    return linked;
  }

  /** `before`: it must be made by an earlier row, if by any. */
  private async link(
    named: Named,
    written: unknown,
    path: Path,
    scope: string | undefined,
    before: number | undefined,
    faults: Fault[],
  ): Promise<unknown> {
    if (named === 'incident') return (await this.incidentNamed(written, path, faults)) ?? undefined;
    if (typeof written !== 'string') return void faults.push(fault('invalid', path, 'must be an id or a reference'));
    const id = this.bareId(named, written);
    if (id !== undefined) {
      if (before !== undefined && (this.byId.get(id) ?? 0) > before) faults.push(comesLater(path));
      return id;
    }
    const reference = written.trim();
    const key = nameOf(named, scope, reference);
    const row = this.byReference.get(key);
    if (row !== undefined) {
      if (before !== undefined && row.ordinal > before) faults.push(comesLater(path));
      return row.id;
    }
    const maker = MAKERS.get(named);
    const stream = scope === undefined || maker === undefined ? undefined : STREAMS[maker.subject].stream(scope);
    const recorded =
      stream === undefined || this.byReference.has(key)
        ? []
        : await this.onRecord.withReference(stream, named, reference);
    if (recorded.length === 1) return recorded[0];
    faults.push(
      this.byReference.has(key) || recorded.length > 1
        ? fault('ambiguous-reference', path, 'is the reference of several: give the id')
        : fault('unknown-reference', path, 'is neither an id nor the reference of a row or of anything on record'),
    );
    return undefined;
  }

  // --- asking ---

  private async ask(
    { asked, partition, written }: Reading,
    event: DomainEvent,
    commandId: string,
  ): Promise<'recorded' | 'already-there' | Fault> {
    const { isFact, subject, makes } = asked as Asked;
    const { recordedBy, correlationId } = this.options;
    // One id in open and privileged events would tell where a privileged one belongs.
    const context = { commandId, recordedBy, ...(partition === 'open' && { correlationId }) };
    const outcome = isFact
      ? await this.facts.execute(new RecordFact(event as RecordFact['fact'], partition, context))
      : await this.acts.execute(new PerformAct(event, context));
    const { stream, aggregate } = STREAMS[subject];
    const name = stream(String(event.payload[SUBJECTS[subject]]));
    if (outcome.outcome === 'accepted') {
      if (outcome.replayed) return 'already-there';
      // An act whose goal holds already leaves nothing behind.
      const done = isFact || (await this.ledger.transactor.read(name, aggregate)).commands.has(commandId);
      return done ? 'recorded' : 'already-there';
    }
    if (outcome.outcome === 'rejected' && outcome.code.endsWith('-exists') && (await this.onRecord.holds(name, event)))
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

const ID = /^(?:([a-z]+)_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** Stands for an id that could not be told, and never leaves this file: there is a fault beside it. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

const canonicalText = (content: unknown): string | undefined => {
  try {
    return canonicalize(content);
  } catch {
    return undefined;
  }
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const nameOf = (named: Named, scope: string | undefined, reference: string): string =>
  `${named} ${scope ?? ''} ${reference}`;

const isList = (schema: z.core.$ZodType): boolean => {
  const inner = innerType(schema);
  return inner === undefined ? schema instanceof z.ZodArray : isList(inner);
};

/** What the id in a field, or each id in a list, is one of. */
const namedIn = (schema: z.core.$ZodType): Named | undefined => {
  const inner = innerType(schema);
  if (inner !== undefined) return namedIn(inner);
  return schema instanceof z.ZodArray ? namedIn(schema.element) : fieldMeta(schema)?.names;
};

const notAnId = (path: Path, prefix: string): Fault => fault('invalid', path, `must be an id: ${prefix}_ and a UUID`);

const comesLater = (path: Path): Fault =>
  fault('comes-later', path, 'names a row further down: this one must come after it');

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
