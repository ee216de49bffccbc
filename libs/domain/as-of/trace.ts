import { z } from 'zod';
import { actorRef, type Actor } from '../fact/actor';
import type { AnyFact, Changes, FactFields } from '../fact/fact';
import { KINDS } from '../fact/kinds';
import { fieldMeta, innerType } from '../schema/fields';
import type { Bounds } from '../time/bounds';

/** Who knew, as `role:id`, and since when. */
export interface KnownSince extends Bounds {
  readonly by: string;
}

/** When it happened; of a state, when it began. */
export interface Occurred extends Bounds {
  /** Of a state alone: its end; null: none is on record with it. */
  readonly end?: Bounds | null;
}

/** What views need of one fact: ids, bounds and values of closed lists. No text, nothing that erasure would have to reach. */
export interface Trace {
  readonly incidentId: string;
  /** Ordinal in the log, from 1. */
  readonly sequence: number;
  readonly factId: string;
  /** The recorder's own number for it. */
  readonly reference?: string;
  readonly type: string;
  readonly occurred: Occurred;
  readonly known: readonly KnownSince[];
  /** `role:id`. */
  readonly actor: string;
  readonly document: string;
  readonly manner: string;
  /** Who told whom, first to last, as `role:id`. */
  readonly via: readonly string[];
  readonly identity?: 'shown' | 'assumed';
  /** The facts that it points at, by field. */
  readonly links: Readonly<Record<string, readonly string[]>>;
  /** Whom its own fields name, as `role:id`, by field. */
  readonly parties: Readonly<Record<string, string>>;
  /** What its own fields say in tokens and values of closed lists, by field. */
  readonly values: Readonly<Record<string, string>>;
  /** What they count, by field. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Of a correction, a retraction or a later knower: what it is about. */
  readonly amends?: {
    readonly target: string;
    readonly nature: 'substance' | 'transcription' | 'retraction' | 'knowledge';
    readonly changes: Partial<Pick<Trace, Changeable>>;
  };
}

/** What a correction can change, as far as views look into it. */
export type Changeable = 'occurred' | 'known' | 'actor' | 'document' | 'manner';

export const traceOf = (sequence: number, type: string, fact: AnyFact): Trace => ({
  incidentId: fact.incidentId,
  sequence,
  factId: fact.factId,
  ...(fact.reference !== undefined && { reference: fact.reference }),
  type,
  occurred: occurred(fact.occurred),
  known: known(fact.known),
  actor: actorRef(fact.actor),
  document: fact.source.document,
  manner: fact.manner,
  via: fact.via.map(actorRef),
  ...(fact.identity && { identity: fact.identity }),
  ...pointers(type, fact),
  ...amends(type, fact),
});

const NO_BOUNDS: Bounds = { earliest: null, latest: null };

/** An event that cannot be read: when it happened and who knew is not known either, so it may have been known at any time. */
export const unreadableTrace = (incidentId: string, sequence: number, factId: string, type: string): Trace => ({
  incidentId,
  sequence,
  factId,
  type,
  occurred: NO_BOUNDS,
  known: [{ by: 'unattributed:unreadable', ...NO_BOUNDS }],
  actor: 'unattributed:unreadable',
  document: '',
  manner: '',
  via: [],
  links: {},
  parties: {},
  values: {},
  numbers: {},
});

export const boundsOf = ({ earliest, latest }: { earliest: string | null; latest: string | null }): Bounds =>
  ({ earliest, latest }) as Bounds;

const known = (list: FactFields['known']): Trace['known'] =>
  list.map(({ by, when }) => ({ by: actorRef(by), ...boundsOf(when) }));

const occurred = (occurrence: FactFields['occurred']): Occurred =>
  occurrence.shape === 'moment'
    ? boundsOf(occurrence.when)
    : { ...boundsOf(occurrence.start), end: occurrence.end && boundsOf(occurrence.end) };

/** What the fields of the fact point at, whichever they are: a new kind of fact needs nothing here. */
const pointers = (type: string, fact: AnyFact): Pick<Trace, 'links' | 'parties' | 'values' | 'numbers'> => {
  const links: Record<string, readonly string[]> = {};
  const parties: Record<string, string> = {};
  const values: Record<string, string> = {};
  const numbers: Record<string, number> = {};
  const given = fact as unknown as Readonly<Record<string, unknown>>;
  const kind = KINDS.get(type);
  const own = Object.entries(kind?.fields ?? {});
  const common = Object.entries(kind?.schema.shape ?? {}).filter(
    ([name]) => name === 'partOf' || name === 'sameThingAs' || name === 'restates',
  ) as [string, z.ZodType][];
  for (const [name, schema] of [...common, ...own]) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    const plain = innerType(schema) ?? schema;
    const meta = fieldMeta(plain instanceof z.ZodArray ? plain.element : plain);
    if (meta?.names === 'fact') links[name] = Array.isArray(value) ? (value as string[]) : [value as string];
    else if (meta?.shape === 'actor') parties[name] = actorRef(value as Actor);
    else if (typeof value === 'number') numbers[name] = value;
    else if ((meta?.shape === 'enum' || meta?.shape === 'token') && typeof value === 'string') values[name] = value;
  }
  return { links, parties, values, numbers };
};

const amends = (type: string, fact: AnyFact): Pick<Trace, 'amends'> => {
  const { corrects, retracts, learned, nature, changes } = fact;
  if (type === 'fact-retracted' && retracts !== undefined)
    return { amends: { target: retracts, nature: 'retraction', changes: {} } };
  if (type === 'fact-became-known' && learned !== undefined)
    return { amends: { target: learned, nature: 'knowledge', changes: {} } };
  if (type !== 'fact-corrected' || corrects === undefined || nature === undefined) return {};
  return { amends: { target: corrects, nature, changes: changed(changes ?? {}) } };
};

const changed = (changes: Changes): NonNullable<Trace['amends']>['changes'] => ({
  ...(changes.occurred && { occurred: occurred(changes.occurred) }),
  ...(changes.known && { known: known(changes.known) }),
  ...(changes.actor && { actor: actorRef(changes.actor) }),
  ...(changes.source && { document: changes.source.document }),
  ...(changes.manner && { manner: changes.manner }),
});
