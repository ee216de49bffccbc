import { compareBounds, interval, type Bounds } from '../time/bounds';
import { epochMs, instantOf, type Instant } from '../time/instant';
import type { KnownSince } from './view';

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

/** The first to know, as lists are ordered; unknown where nobody is on record. */
export const firstToKnow = (known: readonly KnownSince[]): Bounds =>
  [...known].sort(compareBounds)[0] ?? { earliest: null, latest: null };

/** When somebody first knew: not before any lower bound, and at the latest when the first upper bound had passed. */
const firstKnowledge = (known: readonly KnownSince[]): Bounds => {
  const earliest = known.map((one) => one.earliest).sort((a, b) => (a ?? '').localeCompare(b ?? ''));
  const latest = known.flatMap((one) => (one.latest === null ? [] : [one.latest])).sort();
  return { earliest: earliest[0] ?? null, latest: latest[0] ?? null };
};

/** From first knowledge to recording. The server's clock is as fine as a millisecond. */
export const recordingLag = (known: readonly KnownSince[], recordedAt: Instant): RecordingLag => {
  const recorded = { earliest: recordedAt, latest: instantOf(epochMs(recordedAt) + 1) };
  const { minMs, maxMs } = interval(firstKnowledge(known), recorded);
  const exceeded =
    minMs !== null && minMs >= CONTEMPORANEOUS_MS
      ? 'shown'
      : maxMs !== null && maxMs <= CONTEMPORANEOUS_MS
        ? 'refuted'
        : 'not-shown';
  return { minMs, maxMs, exceeded };
};
