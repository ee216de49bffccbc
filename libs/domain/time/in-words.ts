import type { Bounds } from './bounds';
import { epochMs } from './instant';
import {
  canonicalZone,
  FIXED_UNITS,
  isUnit,
  MINUTE,
  readings,
  SECOND,
  UNITS,
  unitAround,
  wallClock,
  zoned,
  type Span,
  type Unit,
} from './wall-clock';
import type { Qualifier, When } from './when';

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
