import { Fault, fault } from '../fault';

/** `2021-10-28T23:00:00.000Z`: RFC 3339 in UTC with exactly milliseconds, years 0001 to 9999. String order is time order. */
export type Instant = string & { readonly __instant: unique symbol };

const RFC_3339 =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|(?<sign>[+-])(?<hours>[01]\d|2[0-3]):(?<minutes>[0-5]\d))$/;
const ZONELESS = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * An RFC 3339 date-time with `Z` or a numeric offset, upper-case `T` and `Z`. The offset is applied and not kept.
 * Faults, at the empty path: `instant-zoneless`, `instant-malformed`, `instant-too-fine` (below milliseconds: refused,
 * never cut), `instant-not-in-calendar` (30 February, hour 24, second 60), `instant-out-of-range`.
 */
export const parseInstant = (text: string): Instant | Fault => {
  const match = RFC_3339.exec(text);
  if (match === null)
    return ZONELESS.test(text)
      ? fault('instant-zoneless', [], 'says no zone: end it with Z or an offset such as +01:00')
      : fault('instant-malformed', [], 'must be a date-time such as 2021-11-03T15:45:00Z or 2021-11-03T15:45:00+01:00');
  const [, seconds, fraction = ''] = match;
  if (fraction.length > 3) return fault('instant-too-fine', [], 'is finer than a millisecond');
  const wall = `${seconds}.${fraction.padEnd(3, '0')}Z`;
  const wallMs = Date.parse(wall);
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== wall)
    return fault('instant-not-in-calendar', [], 'names a date or time of day that does not exist');
  const { sign, hours = '0', minutes = '0' } = match.groups ?? {};
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return isInstantMs(wallMs - offsetMs)
    ? instantOf(wallMs - offsetMs)
    : fault('instant-out-of-range', [], 'lies outside the years 0001 to 9999');
};

/** Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
export const epochMs = (instant: Instant): number => Date.parse(instant);

/** Whether `instantOf` takes it. */
export const isInstantMs = (ms: number): boolean => Number.isInteger(ms) && ms >= FIRST_MS && ms <= LAST_MS;

/** Throws RangeError unless `ms` is whole and within the years 0001 to 9999. */
export const instantOf = (ms: number): Instant => {
  if (!isInstantMs(ms)) throw new RangeError(`${ms} ms is no instant of the years 0001 to 9999`);
  return new Date(ms).toISOString() as Instant;
};
