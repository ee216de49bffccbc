import { fault, isFault, type Fault } from '../fault';
import type { Bounds } from './bounds';
import { epochMs, instantOf, isInstantMs, parseInstant, type Instant } from './instant';
import {
  canonicalZone,
  hull,
  isUnit,
  isWithinOneDay,
  readings,
  UNITS,
  unitAround,
  wallClock,
  WIDEST_CHANGE,
  type Span,
  type Unit,
} from './wall-clock';

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
  /** Local civil times of the same forms: from the beginning of the one to the end of the other. */
  readonly from?: string | null;
  readonly until?: string | null;
  /** RFC 3339 with `Z` or an offset. */
  readonly earliest?: string | null;
  readonly latest?: string | null;
  readonly precision?: string | null;
  readonly qualifier?: string | null;
  readonly edtf?: string | null;
  readonly basis?: string | null;
}

/**
 * Checks an input and computes what it leaves out, or returns all its faults at once, each with the path of its field.
 *
 * `local` is as wide as it is written and is measured in the zone: 29 Oct 2021 in London is [28 Oct 23:00Z, 29 Oct 23:00Z).
 * A local time that came twice gets the earliest and the latest reading as its bounds, so they also hold the moments
 * between; one that the clock left out is refused with both neighbours named.
 * Otherwise the bounds are `from` or `earliest` and `until` or `latest`; with none, the time is unknown. `until` includes
 * the day, or whatever it names, to its end.
 *
 * An absent `precision` is the width of `local`, or follows from the bounds: `unknown`, `bound`, a unit if they are exactly
 * one of the zone's calendar, else `interval`. A stated one must agree with them. `qualifier` is by default `exact`;
 * `basis` is by default `inferred`, which puts nobody down as having said it.
 *
 * Fault codes: `text-invalid`, `zone-unknown`, `local-and-bounds`, `two-bounds`, `local-malformed`, `local-with-offset`,
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
  if (local !== undefined && BOUNDS.some((field) => input[field] != null))
    report('local-and-bounds', 'local', 'is given beside a bound: give one or the other');
  const unit = local === undefined ? undefined : unitWritten(local, 'local', report);
  const bounds =
    local === undefined
      ? givenBounds(input, zone, report)
      : zone && unit && localBounds(local, unit, zone, 'local', report);
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

const BOUNDS = ['from', 'earliest', 'until', 'latest'] as const;

type LocalField = 'local' | 'from' | 'until';

const unitWritten = (local: string, field: LocalField, report: Report): Unit | undefined => {
  if (WITH_OFFSET.test(local))
    return report('local-with-offset', field, 'takes no Z or offset: give instants as earliest and latest');
  if (!LOCAL.test(local))
    return report('local-malformed', field, 'must be a local time such as 2021, 2021-11, 2021-10-29, 2021-10-29T15:45');
  if (isFault(firstShown(local)))
    return report('local-not-in-calendar', field, 'names a date or time of day that does not exist');
  return UNIT_BY_LENGTH[local.length];
};

const localBounds = (
  local: string,
  unit: Unit,
  zone: string,
  field: LocalField,
  report: Report,
): (Bounds & { readonly earliest: Instant; readonly latest: Instant }) | undefined => {
  const wall = unitAround(epochMs(firstShown(local) as Instant), unit);
  const span = hull(readings(zone, wall));
  if (span === undefined)
    return report('local-never-happened', field, `never happened in ${zone}${neighbours(zone, wall, local)}`);
  if (!isInstantMs(span.start) || !isInstantMs(span.end))
    return report('local-out-of-range', field, 'reaches beyond the years 0001 to 9999');
  return { earliest: instantOf(span.start), latest: instantOf(span.end) };
};

const neighbours = (zone: string, wall: Span, local: string): string => {
  const last = hull(readings(zone, { start: wall.start - WIDEST_CHANGE, end: wall.start }));
  const next = hull(readings(zone, { start: wall.end, end: wall.end + WIDEST_CHANGE }));
  const written = (ms: number) => new Date(wallClock(zone, ms)).toISOString().slice(0, local.length);
  return last && next ? `: its clock went from ${written(last.end - 1)} to ${written(next.start)}` : '';
};

const givenBounds = (input: WhenInput, zone: string | undefined, report: Report): Bounds | undefined => {
  const civil = (field: 'from' | 'until', local: string, bound: 'earliest' | 'latest'): Instant | undefined => {
    if (input[bound] != null) return report('two-bounds', field, `is given beside ${bound}: give one or the other`);
    const unit = unitWritten(local, field, report);
    return unit === undefined || zone === undefined
      ? undefined
      : localBounds(local, unit, zone, field, report)?.[bound];
  };
  const bound = (field: 'earliest' | 'latest', local: 'from' | 'until'): Instant | null | undefined => {
    const written = input[local] ?? null;
    if (written !== null) return civil(local, written, field);
    const text = input[field] ?? null;
    const parsed = text === null ? null : parseInstant(text);
    return isFault(parsed) ? report(parsed.code, field, parsed.message) : parsed;
  };
  const [earliest, latest] = [bound('earliest', 'from'), bound('latest', 'until')];
  if (earliest === undefined || latest === undefined) return undefined;
  return earliest !== null && latest !== null && earliest >= latest
    ? report(
        'bounds-empty',
        input.until == null ? 'latest' : 'until',
        'must be after earliest: a time is as wide as its precision',
      )
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
