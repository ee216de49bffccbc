import { compareBounds, earliestOf, interval, type Bounds } from '../time/bounds';
import { epochMs, instantOf, type Instant } from '../time/instant';
import type { KnownSince } from './trace';
import { knowersShown, type Seen } from './view';

/** A fact that was recorded later than this after it was known is no contemporaneous record. Our rule, not the law's. */
export const CONTEMPORANEOUS_MS = 24 * 60 * 60 * 1000;

export interface RecordingLag {
  /** More than this; null: no lower bound. Negative: it may have been recorded before it was known. */
  readonly minMs: number | null;
  /** Less than this; null: no upper bound. */
  readonly maxMs: number | null;
  /** Whether it was recorded more than `CONTEMPORANEOUS_MS` after it was known. */
  readonly exceeded: 'shown' | 'refuted' | 'not-shown';
}

const UNKNOWN: Bounds = { earliest: null, latest: null };

/** The first to know, as lists are ordered; unknown where nobody is on record. */
export const firstToKnow = (known: readonly KnownSince[]): Bounds => [...known].sort(compareBounds)[0] ?? UNKNOWN;

/** When the first of those whose knowledge shows these facts knew one of them, whoever that was; unknown of no facts. */
export const firstKnown = (facts: readonly Pick<Seen, 'inForce' | 'knownBy'>[]): Bounds =>
  earliestOf(facts.flatMap(knowersShown)) ?? UNKNOWN;

/** From first knowledge to recording. The server's clock is as fine as a millisecond. */
export const recordingLag = (known: readonly KnownSince[], recordedAt: Instant): RecordingLag => {
  const recorded = { earliest: recordedAt, latest: instantOf(epochMs(recordedAt) + 1) };
  const { minMs, maxMs } = interval(earliestOf(known) ?? UNKNOWN, recorded);
  const exceeded =
    minMs !== null && minMs >= CONTEMPORANEOUS_MS
      ? 'shown'
      : maxMs !== null && maxMs <= CONTEMPORANEOUS_MS
        ? 'refuted'
        : 'not-shown';
  return { minMs, maxMs, exceeded };
};
