import { lookAt, type IncidentView } from '@ledger/domain/as-of/incident-view';
import { recordOf, type ActTrace } from '@ledger/domain/as-of/record';
import type { Changeable, KnownSince, Trace } from '@ledger/domain/as-of/trace';
import type { AsOf, Seen } from '@ledger/domain/as-of/view';
import type { Bounds } from '@ledger/domain/time/bounds';
import type { Instant } from '@ledger/domain/time/instant';

/** The made-up case as views see it: ids and bounds, no text. Times are days of January 2031. */
export const COUNCIL_REF = 'controller:example-council';
export const ARCHIVE_REF = 'processor:example-archive';
export const PUBLIC_REF = 'public:public';

export const day = (ofJanuary: number): Instant =>
  `2031-01-${String(ofJanuary).padStart(2, '0')}T00:00:00.000Z` as Instant;
export const within = (from: number | null, to: number | null): Bounds => ({
  earliest: from === null ? null : day(from),
  latest: to === null ? null : day(to),
});
export const since = (from: number | null, to: number | null, by = COUNCIL_REF): KnownSince => ({
  by,
  ...within(from, to),
});

export type TraceFields = Partial<Omit<Trace, 'incidentId' | 'sequence' | 'factId'>>;

/** A claim of the council, known to it on the 2nd, unless `fields` say otherwise. */
export const trace = (sequence: number, factId: string, fields: TraceFields = {}): Trace => ({
  incidentId: 'one',
  sequence,
  factId,
  type: 'claim-made',
  occurred: within(1, 2),
  known: [since(2, 3)],
  actor: COUNCIL_REF,
  document: 'letter-7',
  manner: 'stated',
  via: [],
  links: {},
  parties: {},
  values: {},
  numbers: {},
  ...fields,
});

/** A log of traces by fact id, numbered from 1 in the order given. */
export const log = (steps: Readonly<Record<string, TraceFields>>): Trace[] =>
  Object.entries(steps).map(([factId, fields], index) => trace(index + 1, factId, fields));

type Changes = Partial<Pick<Trace, Changeable>>;

export const amends = (
  target: string,
  nature: 'substance' | 'transcription' | 'retraction',
  changes: Changes = {},
) => ({
  amends: { target, nature, changes },
});

/** That they came to know it: an amendment of who knew, and a fact of its own. */
export const learned = (target: string, ...known: readonly KnownSince[]): TraceFields => ({
  type: 'fact-became-known',
  links: { learned: [target] },
  known,
  amends: { target, nature: 'knowledge', changes: {} },
});

export const EVERYTHING = 99;
export const recorded = (sequence: number): AsOf => ({ sequence });
export const known = (at: number, by?: string): AsOf => ({
  sequence: EVERYTHING,
  known: { at: day(at), ...(by !== undefined && { by }) },
});

export type DoneAct = readonly [type: string, payload: Readonly<Record<string, unknown>>];

/** The opening of the record, in which the council is the controller. */
export const OPENING: DoneAct = [
  'incident-opened',
  {
    incidentId: 'one',
    reference: 'EX-2031-007',
    controller: { role: 'controller', id: 'example-council' },
    zone: 'Europe/London',
  },
];

/** Acts behind each other: the opening is number 50, so that it lies behind the facts of a short log. */
export const acts = (...done: readonly DoneAct[]): ActTrace[] =>
  [OPENING, ...done].map(([type, payload], index) => ({ sequence: 50 + index, type, payload }));

/** The incident of these facts and acts as of a moment; absent: of everything. */
export const look = (
  facts: Readonly<Record<string, TraceFields>>,
  done: readonly DoneAct[] = [],
  asOf: AsOf = recorded(EVERYTHING),
): IncidentView => lookAt(recordOf('one', acts(...done), asOf.sequence), log(facts), asOf);

/** The fact as the view shows it. Throws where it does not. */
export const seenIn = (view: IncidentView, factId: string): Seen => {
  const seen = view.byFact.get(factId);
  if (seen === undefined) throw new Error(`the view does not show ${factId}`);
  return seen;
};

export const factIds = (seen: readonly Seen[]): string[] => seen.map(({ trace: { factId } }) => factId);
