import { Instant, epochMs, instantOf } from '@ledger/domain/time/instant';
import type { Bounds } from '@ledger/domain/time/bounds';
import { canonicalZone, wallClock } from '@ledger/domain/time/wall-clock';

const HOUR_MS = 3_600_000;

/** Where a period that began within some bounds ends. Null = that bound is open, and stays open. */
export interface DeadlineWindow {
  readonly earliest: Instant | null;
  readonly latest: Instant | null;
  /** Whether the period may end at `latest` itself, or only before it. False where `latest` is open. */
  readonly latestAttained: boolean;
}

/**
 * N elapsed hours, clock changes and holidays notwithstanding: an internal target, never a finding of lateness.
 * Throws RangeError unless `hours` is a positive whole number and the end lies before the year 10000.
 */
export const elapsedHours = ({ earliest, latest }: Bounds, hours: number): DeadlineWindow => {
  const ms = period(hours);
  const end = (start: Instant | null) => (start === null ? null : instantOf(epochMs(start) + ms));
  return { earliest: end(earliest), latest: end(latest), latestAttained: false };
};

/**
 * A period in hours under Reg. (EEC, Euratom) 1182/71 Art. 3(1), 3(2)(a) and 3(3): the hour in which the event falls is not
 * counted, the period ends with the expiry of its last hour, and weekends and holidays count. The hours are those on the
 * clocks of `zone`, the authority's. Art. 3(4) does not roll a period in hours; Art. 3(5) is not applied here.
 *
 * Over an uncertain start the window runs to the latest end that any start allows, which one of them attains.
 * Guaranteed for zones whose clocks change on the hour or by whole hours, as all have since 1970.
 * Throws RangeError as `elapsedHours`, and if the zone is unknown. Whether an act applies the Regulation is not decided here.
 */
export const eu1182Hours = ({ earliest, latest }: Bounds, hours: number, zone: string): DeadlineWindow => {
  if (canonicalZone(zone) === undefined) throw new RangeError('the authority needs a known IANA zone');
  const ms = period(hours);
  const end = (start: number) => {
    const intoTheHour = ((wallClock(zone, start) % HOUR_MS) + HOUR_MS) % HOUR_MS;
    return instantOf(start - intoTheHour + HOUR_MS + ms);
  };
  return {
    earliest: earliest === null ? null : end(epochMs(earliest)),
    // Every start within one clock hour has the same end, so the last millisecond stands for the supremum.
    latest: latest === null ? null : end(epochMs(latest) - 1),
    latestAttained: latest !== null,
  };
};

const period = (hours: number): number => {
  if (!Number.isSafeInteger(hours) || hours <= 0) throw new RangeError('a period in hours is a positive whole number');
  return hours * HOUR_MS;
};
