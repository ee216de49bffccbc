import { epochMs, type Instant } from './instant';

/** Half-open `[earliest, latest)`, never empty; null = no bound is known. */
export interface Bounds {
  readonly earliest: Instant | null;
  readonly latest: Instant | null;
}

export type Certainty = 'certain' | 'possible' | 'impossible';

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * A total order for lists: open starts first, then by earliest, then by latest with open ends last. It says where a line
 * stands, not what happened first: ask `before` for that.
 */
export const compareBounds = (a: Bounds, b: Bounds): number =>
  compareText(a.earliest ?? '', b.earliest ?? '') || compareText(a.latest ?? '~', b.latest ?? '~');

/** Whether a moment within the bounds had come by `at`: certain if `latest` had, possible if only `earliest` had or is open. */
export const knownBy = ({ earliest, latest }: Bounds, at: Instant): Certainty =>
  latest !== null && latest <= at ? 'certain' : earliest === null || earliest <= at ? 'possible' : 'impossible';

const precedes = (a: Instant | null, b: Instant | null): boolean => a !== null && b !== null && a <= b;

/**
 * Whether a moment in `a` came strictly before one in `b`; time is continuous, so one moment in the same millisecond may
 * precede another. `before(a, b)` is certain exactly where `before(b, a)` is impossible.
 */
export const before = (a: Bounds, b: Bounds): Certainty =>
  precedes(a.latest, b.earliest) ? 'certain' : precedes(b.latest, a.earliest) ? 'impossible' : 'possible';

/** When the first of several moments was, whichever it was; undefined of none. */
export const earliestOf = (all: readonly Bounds[]): Bounds | undefined => {
  if (all.length === 0) return undefined;
  const earliest = all.map((one) => one.earliest).sort((a, b) => compareText(a ?? '', b ?? ''))[0] ?? null;
  const latest = all.flatMap((one) => (one.latest === null ? [] : [one.latest])).sort(compareText)[0] ?? null;
  return { earliest, latest };
};

/** Precisions of a time that is a whole unit of the calendar. */
const UNITS: ReadonlySet<string> = new Set(['day', 'month', 'year']);

/**
 * When something begins, or ends, that is dated by a day, a month or a year: with its first, or its last, moment. Any
 * other time stays a window within which it began or ended.
 */
export const beginning = (when: Bounds & { readonly precision: string }): Bounds =>
  UNITS.has(when.precision) ? { earliest: when.earliest, latest: when.earliest } : when;
export const ending = (when: Bounds & { readonly precision: string }): Bounds =>
  UNITS.has(when.precision) ? { earliest: when.latest, latest: when.latest } : when;

/** Whether one moment can lie in both. */
export const overlaps = (a: Bounds, b: Bounds): boolean =>
  !precedes(a.latest, b.earliest) && !precedes(b.latest, a.earliest);

/**
 * How long it was from a moment in `a` to one in `b`, in elapsed milliseconds: more than `minMs` and less than `maxMs`.
 * Neither edge is ever attained, because the bounds are half-open. Null = no limit is known; a negative one means that `b`
 * may have come first.
 */
export const interval = (a: Bounds, b: Bounds): { readonly minMs: number | null; readonly maxMs: number | null } => ({
  minMs: difference(a.latest, b.earliest),
  maxMs: difference(a.earliest, b.latest),
});

const difference = (from: Instant | null, to: Instant | null): number | null =>
  from === null || to === null ? null : epochMs(to) - epochMs(from);
