import { Temporal } from 'temporal-polyfill';
import { Fault, fault, isFault } from '../fault';
import { Instant, epochMs, instantOf, isInstantMs, parseInstant } from './instant';

export const PRECISIONS = [
  'millisecond',
  'second',
  'minute',
  'hour',
  'part-of-day',
  'day',
  'month',
  'year',
  'interval',
  'bound',
  'unknown',
] as const;
export type Precision = (typeof PRECISIONS)[number];

export const QUALIFIERS = ['exact', 'approximate', 'uncertain', 'approximate-uncertain'] as const;
export type Qualifier = (typeof QUALIFIERS)[number];

export const TIME_BASES = [
  'document-header',
  'system-log',
  'stated-by-processor',
  'stated-by-controller',
  'stated-by-other',
  'press',
  'inferred',
  'external',
] as const;
export type TimeBasis = (typeof TIME_BASES)[number];

/** Half-open `[earliest, latest)`, never empty; null = no bound is known. */
export interface Bounds {
  readonly earliest: Instant | null;
  readonly latest: Instant | null;
}

/** A time as honest as its source. Whatever the other fields say, the bounds stand. */
export interface When extends Bounds {
  /** The source's own words. */
  readonly text?: string;
  /** IANA, canonical case: whose days and hours are meant. */
  readonly zone: string;
  readonly precision: Precision;
  readonly qualifier: Qualifier;
  /** For interchange only; never read. */
  readonly edtf?: string;
  readonly basis: TimeBasis;
}

/** Null counts as absent, save that a null bound is an open one, which is what an absent bound is too. */
export interface WhenInput {
  readonly text?: string | null;
  readonly zone: string;
  /** Local civil time: `2021`, `2021-11`, `2021-10-29`, `…T09`, `…T15:45`, `…T15:45:30` or `…T15:45:30.123`. */
  readonly local?: string | null;
  /** RFC 3339 with `Z` or an offset. */
  readonly earliest?: string | null;
  readonly latest?: string | null;
  readonly precision?: string | null;
  readonly qualifier?: string | null;
  readonly edtf?: string | null;
  readonly basis?: string | null;
}

export type Certainty = 'certain' | 'possible' | 'impossible';

// --- The wall clock ---------------------------------------------------------------------------------------------

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FIXED_UNITS = { day: DAY, hour: HOUR, minute: MINUTE, second: SECOND, millisecond: 1 };
const UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
type Unit = (typeof UNITS)[number];

/** No clock has ever been this far from UTC, nor been changed by as much. */
const WIDEST_CHANGE = 2 * DAY;

/** Milliseconds `[start, end)`: of the epoch, or of the wall clock, which is read as if it were UTC. */
interface Span {
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

const zoned = (zone: string, ms: number) => new Temporal.ZonedDateTime(BigInt(ms) * 1_000_000n, zone);

/** What the wall clock of a known zone shows at an instant: milliseconds as if that reading were UTC. */
export const wallClock = (zone: string, ms: number): number => ms + zoned(zone, ms).offsetNanoseconds / 1e6;

/** The calendar unit that holds this reading of the wall clock. */
const unitAround = (wall: number, unit: Unit): Span => {
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
const readings = (zone: string, wall: Span): Span[] => {
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

const hull = (spans: readonly Span[]): Span | undefined => {
  const first = spans[0];
  const last = spans.at(-1);
  return first && last && { start: first.start, end: last.end };
};

/** Exactly one unit of the zone's calendar; one that came twice counts in full or as either of its passes. */
const isUnit = (span: Span, zone: string, unit: Unit): boolean => {
  const wall = unitAround(wallClock(zone, span.start), unit);
  if (Math.abs(span.end - span.start - (wall.end - wall.start)) > WIDEST_CHANGE) return false;
  const passes = readings(zone, wall);
  return [hull(passes), ...passes.filter((pass) => pass.end - pass.start === wall.end - wall.start)].some(
    (whole) => whole?.start === span.start && whole.end === span.end,
  );
};

const isWithinOneDay = (span: Span, zone: string): boolean => {
  const day = hull(readings(zone, unitAround(wallClock(zone, span.start), 'day')));
  return day !== undefined && span.end <= day.end;
};

// --- Making one -------------------------------------------------------------------------------------------------

/**
 * Checks an input and computes what it leaves out, or returns all its faults at once, each with the path of its field.
 *
 * `local` is as wide as it is written and is measured in the zone: 29 Oct 2021 in London is [28 Oct 23:00Z, 29 Oct 23:00Z).
 * A local time that came twice gets the earliest and the latest reading as its bounds, so they also hold the moments
 * between; one that the clock left out is refused with both neighbours named.
 * Otherwise `earliest` and `latest` are the bounds; with neither, the time is unknown.
 *
 * An absent `precision` is the width of `local`, or follows from the bounds: `unknown`, `bound`, a unit if they are exactly
 * one of the zone's calendar, else `interval`. A stated one must agree with them. `qualifier` is by default `exact`;
 * `basis` is by default `inferred`, which puts nobody down as having said it.
 *
 * Fault codes: `text-invalid`, `zone-unknown`, `local-and-bounds`, `local-malformed`, `local-with-offset`,
 * `local-not-in-calendar`, `local-never-happened`, `local-out-of-range`, those of `parseInstant`, `bounds-empty`,
 * `precision-unknown`, `precision-disagrees`, `qualifier-unknown`, `edtf-invalid`, `basis-unknown`.
 *
 * Not guaranteed: that another time-zone database measures the same. Store the result and do not make it again. Before
 * 1970 that database is itself an approximation.
 */
export const makeWhen = (input: WhenInput): When | Fault[] => {
  const faults: Fault[] = [];
  const report: Report = (code, field, message) => void faults.push(fault(code, [field], message));

  const text = checked(input.text, isText, () =>
    report('text-invalid', 'text', 'must be 1 to 200 characters, not blank, without control characters'),
  );
  const zone = canonicalZone(input.zone) ?? report('zone-unknown', 'zone', ZONE_WANTED);
  const local = input.local ?? undefined;
  if (local !== undefined && (input.earliest ?? input.latest ?? undefined) !== undefined)
    report('local-and-bounds', 'local', 'is given beside earliest or latest: give one or the other');
  const unit = local === undefined ? undefined : unitWritten(local, report);
  const bounds =
    local === undefined ? givenBounds(input, report) : zone && unit && localBounds(local, unit, zone, report);
  const stated = choice('precision', PRECISIONS, input.precision, report);
  const precision = stated ?? unit ?? (bounds && zone && derivedPrecision(bounds, zone));
  if (unit === undefined ? stated && bounds && zone && !fits(stated, bounds, zone) : precision !== unit)
    report('precision-disagrees', 'precision', unit ? `local is written to the ${unit}` : PRECISION_WANTED);
  const qualifier = choice('qualifier', QUALIFIERS, input.qualifier, report) ?? 'exact';
  const edtf = checked(input.edtf, isEdtf, () => report('edtf-invalid', 'edtf', 'must be 1 to 80 EDTF characters'));
  const basis = choice('basis', TIME_BASES, input.basis, report) ?? 'inferred';

  return faults.length > 0 || !zone || !bounds || !precision
    ? faults
    : { ...(text && { text }), ...bounds, zone, precision, qualifier, ...(edtf && { edtf }), basis };
};

type Report = (code: string, field: keyof WhenInput, message: string) => undefined;

const ZONE_WANTED =
  'must be a known IANA zone such as Europe/London, or UTC: an offset does not say whose days and hours are meant';
const PRECISION_WANTED =
  'does not fit the bounds: unknown takes none, bound exactly one, interval both, part-of-day both within one day of the ' +
  'zone, and a unit exactly one such unit of its calendar';

const isText = (text: string): boolean =>
  text.length <= 200 && text.trim() !== '' && !/[\p{Cs}\p{Cc}]/u.test(text.replace(/[\t\n\r]/g, ' '));

const isEdtf = (text: string): boolean => /^[0-9TXYZES:.,+\-/?~%[\]{}]{1,80}$/.test(text);

const checked = (value: string | null | undefined, holds: (value: string) => boolean, otherwise: () => undefined) =>
  value === null || value === undefined || holds(value) ? (value ?? undefined) : otherwise();

const choice = <T extends string>(
  field: keyof WhenInput,
  values: readonly T[],
  value: string | null | undefined,
  report: Report,
): T | undefined =>
  value === null || value === undefined
    ? undefined
    : (values.find((known) => known === value) ??
      report(`${field}-unknown`, field, `must be one of ${values.join(', ')}`));

const LOCAL = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\.\d{3})?)?)?)?)?)?$/;
const WITH_OFFSET = /^\d{4}-\d\d-\d\dT[\d:.]*(?:Z|[+-]\d\d:?\d\d)$/i;
const UNIT_BY_LENGTH: Readonly<Record<number, Unit>> = {
  4: 'year',
  7: 'month',
  10: 'day',
  13: 'hour',
  16: 'minute',
  19: 'second',
  23: 'millisecond',
};

/** The first moment of a local time, as its wall clock showed it. */
const firstShown = (local: string): Instant | Fault =>
  parseInstant(local + '0001-01-01T00:00:00.000Z'.slice(local.length));

const unitWritten = (local: string, report: Report): Unit | undefined => {
  if (WITH_OFFSET.test(local))
    return report('local-with-offset', 'local', 'takes no Z or offset: give instants as earliest and latest');
  if (!LOCAL.test(local))
    return report(
      'local-malformed',
      'local',
      'must be a local time such as 2021, 2021-11, 2021-10-29, 2021-10-29T15:45',
    );
  if (isFault(firstShown(local)))
    return report('local-not-in-calendar', 'local', 'names a date or time of day that does not exist');
  return UNIT_BY_LENGTH[local.length];
};

const localBounds = (local: string, unit: Unit, zone: string, report: Report): Bounds | undefined => {
  const wall = unitAround(epochMs(firstShown(local) as Instant), unit);
  const span = hull(readings(zone, wall));
  if (span === undefined)
    return report('local-never-happened', 'local', `never happened in ${zone}${neighbours(zone, wall, local)}`);
  if (!isInstantMs(span.start) || !isInstantMs(span.end))
    return report('local-out-of-range', 'local', 'reaches beyond the years 0001 to 9999');
  return { earliest: instantOf(span.start), latest: instantOf(span.end) };
};

const neighbours = (zone: string, wall: Span, local: string): string => {
  const last = hull(readings(zone, { start: wall.start - WIDEST_CHANGE, end: wall.start }));
  const next = hull(readings(zone, { start: wall.end, end: wall.end + WIDEST_CHANGE }));
  const written = (ms: number) => new Date(wallClock(zone, ms)).toISOString().slice(0, local.length);
  return last && next ? `: its clock went from ${written(last.end - 1)} to ${written(next.start)}` : '';
};

const givenBounds = (input: WhenInput, report: Report): Bounds | undefined => {
  const bound = (field: 'earliest' | 'latest'): Instant | null | undefined => {
    const text = input[field] ?? null;
    const parsed = text === null ? null : parseInstant(text);
    return isFault(parsed) ? report(parsed.code, field, parsed.message) : parsed;
  };
  const [earliest, latest] = [bound('earliest'), bound('latest')];
  if (earliest === undefined || latest === undefined) return undefined;
  return earliest !== null && latest !== null && earliest >= latest
    ? report('bounds-empty', 'latest', 'must be after earliest: a time is as wide as its precision')
    : { earliest, latest };
};

const spanOf = ({ earliest, latest }: Bounds): Span | undefined =>
  earliest === null || latest === null ? undefined : { start: epochMs(earliest), end: epochMs(latest) };

const derivedPrecision = (bounds: Bounds, zone: string): Precision => {
  const span = spanOf(bounds);
  if (span === undefined) return bounds.earliest === bounds.latest ? 'unknown' : 'bound';
  return UNITS.find((unit) => isUnit(span, zone, unit)) ?? 'interval';
};

const fits = (precision: Precision, bounds: Bounds, zone: string): boolean => {
  const span = spanOf(bounds);
  if (precision === 'bound' || precision === 'unknown') return derivedPrecision(bounds, zone) === precision;
  if (span === undefined) return false;
  if (precision === 'interval') return true;
  return precision === 'part-of-day' ? isWithinOneDay(span, zone) : isUnit(span, zone, precision);
};

// --- Order and knowledge ----------------------------------------------------------------------------------------

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

// --- In words ---------------------------------------------------------------------------------------------------

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const RESERVE: Readonly<Record<Qualifier, string>> = {
  exact: '',
  approximate: 'about ',
  uncertain: 'uncertain: ',
  'approximate-uncertain': 'uncertain: about ',
};

/**
 * The bounds in English for a person, in `zone` or in the time's own: `29 Oct 2021`, `15:45 on 3 Nov 2021`,
 * `3 Nov 2021, 12:00–15:45`, `29 Oct – 3 Nov 2021 15:45`, `on or before 29 Oct 2021`, `unknown`. An end with a time of
 * day is exclusive, an end that is a date inclusive. A clock time that came twice bears its offset; a zone other than the
 * time's own is named, and an unknown one is passed over. Never throws.
 */
export const formatWhen = (when: Bounds & Pick<When, 'zone' | 'qualifier'>, zone?: string): string => {
  if (when.earliest === null && when.latest === null) return 'unknown';
  const shown = canonicalZone(zone ?? when.zone) ?? canonicalZone(when.zone) ?? 'UTC';
  return RESERVE[when.qualifier] + inWords(when, shown) + (shown === when.zone ? '' : ` (${shown})`);
};

const inWords = ({ earliest, latest }: Bounds, zone: string): string => {
  const shows = wordsOf(zone);
  if (earliest === null) {
    if (latest === null) return 'unknown';
    const end = epochMs(latest);
    return shows.isMidnight(end)
      ? `on or before ${shows.date(end - 1)}`
      : `before ${shows.clock(end)} on ${shows.date(end)}`;
  }
  const start = epochMs(earliest);
  if (latest === null)
    return shows.isMidnight(start)
      ? `on or after ${shows.date(start)}`
      : `at or after ${shows.clock(start)} on ${shows.date(start)}`;
  return spanInWords({ start, end: epochMs(latest) }, zone);
};

const spanInWords = (span: Span, zone: string): string => {
  const { start, end } = span;
  const shows = wordsOf(zone);
  const unit = UNITS.find((candidate) => isUnit(span, zone, candidate));
  if (unit === 'year') return shows.year(start);
  if (unit === 'month') return `${shows.month(start)} ${shows.year(start)}`;
  if (unit === 'day') return shows.date(start);
  if (unit !== undefined && unit !== 'hour' && end - start === FIXED_UNITS[unit])
    return `${shows.clock(start, unit)} on ${shows.date(start)}`;

  const toMidnight = shows.isMidnight(end);
  if (shows.date(start) === shows.date(end - 1))
    return `${shows.date(start)}, ${shows.clock(start)}–${toMidnight ? '24:00' : shows.clock(end)}`;
  const sameYear = shows.year(start) === shows.year(end - 1);
  const from = sameYear ? shows.dayOfYear(start) : shows.date(start);
  return (
    `${from}${shows.isMidnight(start) ? '' : ` ${shows.clock(start)}`} – ` +
    (toMidnight ? shows.date(end - 1) : `${shows.date(end)} ${shows.clock(end)}`)
  );
};

/** How an instant is written on the clocks and calendars of a zone. */
const wordsOf = (zone: string) => {
  const at = (ms: number) => new Date(wallClock(zone, ms));
  const year = (ms: number) => String(at(ms).getUTCFullYear()).padStart(4, '0');
  const month = (ms: number) => MONTHS[at(ms).getUTCMonth()] ?? '';
  const dayOfYear = (ms: number) => `${at(ms).getUTCDate()} ${month(ms)}`;
  return {
    year,
    month,
    dayOfYear,
    date: (ms: number) => `${dayOfYear(ms)} ${year(ms)}`,
    isMidnight: (ms: number) => readings(zone, unitAround(wallClock(zone, ms), 'day'))[0]?.start === ms,
    clock: (ms: number, unit: Unit = 'minute') => {
      const wall = wallClock(zone, ms);
      const shown = new Date(wall).toISOString().slice(-13);
      const digits =
        unit === 'millisecond' || wall % SECOND !== 0 ? 12 : unit === 'second' || wall % MINUTE !== 0 ? 8 : 5;
      const twice = readings(zone, { start: wall, end: wall + 1 }).length > 1;
      return shown.slice(0, digits) + (twice ? ` (${zoned(zone, ms).offset})` : '');
    },
  };
};
