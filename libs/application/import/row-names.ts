import canonicalize from 'canonicalize';
import { z } from 'zod';
import { ACTS, SUBJECTS, type SubjectAct } from '@ledger/domain/catalogue';
import { fault, type Fault } from '@ledger/domain/fault';
import { fieldMeta, innerType, type Named } from '@ledger/domain/schema/fields';
import { factIdFor } from '../incident/record-fact';
import { madeId, ROOMS } from '../perform-act';
import { MAKERS, type Asked } from './asked';
import { CommandIds } from './command-ids';
import type { Incidents } from './incidents';
import type { OnRecord } from './on-record';
import { textOf, type Reading } from './record';

type Values = Readonly<Record<string, unknown>>;
type Path = Fault['path'];

export interface Identity {
  readonly commandId: string;
  /** Of what it makes; undefined where that has no id. */
  readonly id: string | undefined;
}

/** Something that a row makes: its id, and in which order of all rows it comes. */
interface Made {
  readonly id: string;
  readonly ordinal: number;
}

export interface NamingOptions {
  /** Of ids at the edge. */
  readonly prefixes: Readonly<Record<Named, string>>;
  /** For rows that name no incident. */
  readonly incidentId?: string | undefined;
}

/** Which command a row is, what it makes, and what it means by the names that it uses. */
export class RowNames {
  private readonly ids: CommandIds;
  /** By what it is, its incident and its reference; undefined: two rows carry it. */
  private readonly byReference = new Map<string, Made | undefined>();
  /** Of what has an id: in which order it is made. */
  private readonly byId = new Map<string, number>();
  /** Of the file at hand: how often rows of the same content came. */
  private readonly alike = new Map<string, number>();

  constructor(
    ledgerKey: Uint8Array,
    private readonly incidents: Incidents,
    private readonly onRecord: OnRecord,
    private readonly options: NamingOptions,
  ) {
    this.ids = new CommandIds(ledgerKey);
  }

  /** Rows of the same content are counted within their file: it means the same alone and beside others. */
  beginFile(): void {
    this.alike.clear();
  }

  /** Notes what a row will make, before any row is looked at. */
  async note(reading: Reading, ordinal: number): Promise<void> {
    const { asked, written } = reading;
    if (asked?.makes === undefined) return;
    const scope = await this.scopeOf(reading, []);
    const id = this.identify(reading, scope)?.id;
    if (id === undefined) return;
    const reference = textOf(written['reference']);
    if (asked.makes.named === 'incident') this.incidents.opens(id, reference, textOf(written['zone']));
    if (!this.byId.has(id)) this.byId.set(id, ordinal);
    if (reference === undefined) return;
    const key = nameOf(asked.makes.named, scope, reference);
    const known = this.byReference.get(key);
    if (!this.byReference.has(key)) this.byReference.set(key, { id, ordinal });
    else if (known?.id !== id) this.byReference.set(key, undefined);
  }

  /** The id of an incident that is opened by its reference alone. */
  incidentIdFor(reference: string): string {
    return this.ids.of('incident', reference);
  }

  /** Of what it is a record: the incident, party or organisation. Undefined where that cannot be told; `faults` say why. */
  async scopeOf({ asked, incident: named, written }: Reading, faults: Fault[]): Promise<string | undefined> {
    if (asked === undefined) return undefined;
    if (asked.subject !== 'incident') return textOf(written[SUBJECTS[asked.subject]]);
    if (asked.makes?.named === 'incident') {
      const id = this.bareId('incident', named);
      if (named !== undefined && named !== null && id === undefined)
        faults.push(this.notAnId('incident', ['incidentId']));
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

  /**
   * Its command, and the id of what it makes; undefined where they cannot be told. `content` is asked for only where it has
   * neither an id nor a reference, and counted.
   */
  identify(
    { asked, written, commandId: given }: Reading,
    scope: string | undefined,
    content?: { readonly of: unknown; readonly faults: Fault[] },
  ): Identity | undefined {
    if (asked === undefined || scope === undefined) return undefined;
    const { makes, type } = asked;
    const byContent = () => content && this.countedContent(scope, content.of, content.faults);
    if (makes?.named === 'incident') return { commandId: given ?? this.ids.of('incident-opened', scope), id: scope };
    const id = makes && this.bareId(makes.named, written[makes.field]);
    const name = id ?? (makes && textOf(written['reference']));
    const commandId = given ?? (name === undefined ? byContent() : this.ids.of(makes?.named ?? type, scope, name));
    if (commandId === undefined) return undefined;
    if (makes === undefined) return { commandId, id: undefined };
    const made = asked.isFact ? factIdFor(commandId, scope) : madeId(commandId, scope, ACTS.get(type) as SubjectAct);
    return { commandId, id: id ?? made };
  }

  private countedContent(scope: string, content: unknown, faults: Fault[]): string | undefined {
    const canonical = canonicalText(content);
    if (canonical === undefined)
      return void faults.push(fault('invalid', [], 'holds broken Unicode or is nested too deep'));
    const mark = this.ids.mark(scope, canonical);
    const before = this.alike.get(mark) ?? 0;
    this.alike.set(mark, before + 1);
    return this.ids.of('content', mark, String(before));
  }

  /** The UUID of an id, given with its prefix or without. */
  private bareId(named: Named, id: unknown): string | undefined {
    const [, prefix, uuid] = typeof id === 'string' ? (ID.exec(id.trim()) ?? []) : [];
    return prefix === undefined || prefix === this.options.prefixes[named] ? uuid : undefined;
  }

  /** Ids in place of what the record calls other things, as far as they are found. */
  async linked(
    { asked, written }: Reading & { readonly asked: Asked },
    scope: string | undefined,
    ordinal: number,
    faults: Fault[],
  ): Promise<Values> {
    const linked: Record<string, unknown> = { ...written };
    const opening = scope !== undefined && asked.needs.includes('incidentId') ? this.byId.get(scope) : undefined;
    if (opening !== undefined && opening > ordinal) faults.push(comesLater(['incidentId']));
    const own = asked.makes?.field;
    if (
      own !== undefined &&
      own !== 'incidentId' &&
      written[own] != null &&
      this.bareId(asked.makes!.named, written[own]) === undefined
    )
      faults.push(this.notAnId(asked.makes!.named, [own]));
    for (const [field, schema] of Object.entries<z.ZodType>(asked.schema.shape)) {
      const named = namedIn(schema);
      const value = written[field];
      if (named === undefined || value === undefined || value === null || field === own || field === 'incidentId')
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
    const stream = scope === undefined || maker === undefined ? undefined : ROOMS[maker.subject].stream(scope);
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

  prefixed(named: Named, id: string): string {
    return `${this.options.prefixes[named]}_${id}`;
  }

  private notAnId(named: Named, path: Path): Fault {
    return fault('invalid', path, `must be an id: ${this.options.prefixes[named]}_ and a UUID`);
  }
}

const ID = /^(?:([a-z]+)_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const canonicalText = (content: unknown): string | undefined => {
  try {
    return canonicalize(content);
  } catch {
    return undefined;
  }
};

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

const comesLater = (path: Path): Fault =>
  fault('comes-later', path, 'names a row further down: this one must come after it');
