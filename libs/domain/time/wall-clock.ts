import { Temporal } from 'temporal-polyfill';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const FIXED_UNITS = { day: DAY, hour: HOUR, minute: MINUTE, second: SECOND, millisecond: 1 };
export const UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
export type Unit = (typeof UNITS)[number];

/** No clock has ever been this far from UTC, nor been changed by as much. */
export const WIDEST_CHANGE = 2 * DAY;

/** Milliseconds `[start, end)`: of the epoch, or of the wall clock, which is read as if it were UTC. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The name in canonical case: `Area/Location` as the runtime's time-zone database has it, or `UTC`. Undefined for all
 * else, and for the names that are offsets in disguise (`+01:00`, `GMT+1`, `EST`, `Etc/GMT-1`). An old name stays itself.
 */
export const canonicalZone = (name: string): string | undefined => {
  if (/^utc$/i.test(name)) return 'UTC';
  if (!/^[a-z]+(\/[a-z0-9_+-]+)+$/i.test(name) || /^(etc|systemv)\//i.test(name)) return undefined;
  try {
    return zoned(name, 0).timeZoneId;
  } catch {
    return undefined;
  }
};

export const zoned = (zone: string, ms: number) => new Temporal.ZonedDateTime(BigInt(ms) * 1_000_000n, zone);

/** What the wall clock of a known zone shows at an instant: milliseconds as if that reading were UTC. */
export const wallClock = (zone: string, ms: number): number => ms + zoned(zone, ms).offsetNanoseconds / 1e6;

/** The calendar unit that holds this reading of the wall clock. */
export const unitAround = (wall: number, unit: Unit): Span => {
  if (unit === 'year' || unit === 'month') {
    const date = new Date(wall);
    const [month, months] = unit === 'year' ? [0, 12] : [date.getUTCMonth(), 1];
    const firstOf = (ofMonth: number) => new Date(0).setUTCFullYear(date.getUTCFullYear(), ofMonth, 1);
    return { start: firstOf(month), end: firstOf(month + months) };
  }
  const size = FIXED_UNITS[unit];
  const start = Math.floor(wall / size) * size;
  return { start, end: start + size };
};

/** When the wall clock of the zone read within `wall`: in order, one span for each time that it did, none if it never did. */
export const readings = (zone: string, wall: Span): Span[] => {
  const found: Span[] = [];
  // Temporal searches three years ahead for a change, farther than any unit reaches.
  let from: Temporal.ZonedDateTime | null = zoned(zone, wall.start - WIDEST_CHANGE);
  while (from !== null && from.epochMilliseconds < wall.end + WIDEST_CHANGE) {
    const offset = from.offsetNanoseconds / 1e6;
    const next: Temporal.ZonedDateTime | null = from.getTimeZoneTransition('next');
    const start = Math.max(from.epochMilliseconds, wall.start - offset);
    const end = Math.min(next?.epochMilliseconds ?? Infinity, wall.end - offset);
    if (start < end) found.push({ start, end });
    from = next;
  }
  return found;
};

export const hull = (spans: readonly Span[]): Span | undefined => {
  const first = spans[0];
  const last = spans.at(-1);
  return first && last && { start: first.start, end: last.end };
};

/** Exactly one unit of the zone's calendar; one that came twice counts in full or as either of its passes. */
export const isUnit = (span: Span, zone: string, unit: Unit): boolean => {
  const wall = unitAround(wallClock(zone, span.start), unit);
  if (Math.abs(span.end - span.start - (wall.end - wall.start)) > WIDEST_CHANGE) return false;
  const passes = readings(zone, wall);
  return [hull(passes), ...passes.filter((pass) => pass.end - pass.start === wall.end - wall.start)].some(
    (whole) => whole?.start === span.start && whole.end === span.end,
  );
};

export const isWithinOneDay = (span: Span, zone: string): boolean => {
  const day = hull(readings(zone, unitAround(wallClock(zone, span.start), 'day')));
  return day !== undefined && span.end <= day.end;
};
