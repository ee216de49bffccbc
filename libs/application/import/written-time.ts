import { fault, isFault, type Fault } from '@ledger/domain/fault';
import { epochMs, instantOf, parseInstant } from '@ledger/domain/time/instant';
import type { WhenInput } from '@ledger/domain/time/when';

/** How somebody writes dates: their day of the month may come first or second, which no date says by itself. */
export interface DateFormat {
  /** Such as `DD/MM/YYYY HH:mm`. */
  readonly written: string;
  /** The local time in our own form, or undefined when it is not written so. */
  read(text: string): string | undefined;
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const TOKENS: Readonly<Record<string, string>> = {
  YYYY: '(?<YYYY>\\d{4})',
  MMMM: `(?<name>${MONTHS.join('|')})`,
  MMM: `(?<name>${MONTHS.map((name) => name.slice(0, 3)).join('|')})`,
  MM: '(?<MM>\\d\\d)',
  M: '(?<MM>\\d{1,2})',
  DD: '(?<DD>\\d\\d)',
  D: '(?<DD>\\d{1,2})',
  HH: '(?<HH>\\d\\d)',
  H: '(?<HH>\\d{1,2})',
  mm: '(?<mm>\\d\\d)',
  ss: '(?<ss>\\d\\d)',
};
const TOKEN = new RegExp(Object.keys(TOKENS).join('|'), 'g');
/** Coarse to fine: what is written leaves none out. */
const UNITS = ['YYYY', 'MM', 'DD', 'HH', 'mm', 'ss'] as const;

/** Undefined when the format is none. Two digits of a year are never taken. */
export const dateFormat = (written: string): DateFormat | undefined => {
  const found = (written.match(TOKEN) ?? []).map((token) => (token.startsWith('MMM') ? 'MM' : token.padEnd(2, token)));
  const order = UNITS.filter((unit) => found.includes(unit));
  const whole = found.length === order.length && order.every((unit, index) => unit === UNITS[index]);
  if (!whole || order.length === 0 || /[A-Za-z]/.test(written.replace(TOKEN, '').replace(/T/, ''))) return undefined;
  const pattern = written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(TOKEN, (token) => TOKENS[token] as string);
  const form = new RegExp(`^${pattern}$`, 'i');
  return {
    written,
    read(text) {
      const parts = form.exec(text)?.groups;
      if (parts === undefined) return undefined;
      const name = parts['name']?.toLowerCase().slice(0, 3);
      const month = name === undefined ? parts['MM'] : String(MONTHS.findIndex((each) => each.startsWith(name)) + 1);
      const [year = '', ...rest] = order.map((unit) => ((unit === 'MM' ? month : parts[unit]) ?? '').padStart(2, '0'));
      const [mm, dd, HH, ...fine] = rest;
      const date = [year, mm, dd].filter((part) => part !== undefined).join('-');
      return HH === undefined ? date : `${date}T${[HH, ...fine].join(':')}`;
    },
  };
};

const LOCAL = /^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ](\d\d(?::\d\d(?::\d\d(?:\.\d{3})?)?)?))?$/;
const MACHINE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d+)? ?(?:(Z)|([+-]\d\d):?(\d\d))$/i;
const IN_NUMBERS = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)\b/;

/**
 * A time as it stands in a cell: `2021-10-29`, `2021-10-29 15:45`, `2021-11`, `2021`, the same with `Z` or an offset where
 * a machine wrote it, `..2021-10-29` (on or before), `2021-10-29..` (on or after), `2021-10-29..2021-11-03` (between, both
 * included), or `unknown`. What may be read in two ways is refused. Faults lie at the empty path.
 */
export const readTime = (text: string, zone: string, formats: readonly DateFormat[] = []): WhenInput | Fault => {
  const written = text.trim();
  if (/^unknown$/i.test(written)) return { zone };
  const edges = written.split('..').map((edge) => edge.trim());
  if (edges.length > 2) return malformed(written);
  if (edges.length === 1) return point(written, zone, formats);
  const [from, to] = edges.map((edge) => (edge === '' ? undefined : point(edge, zone, formats)));
  if (from !== undefined && isFault(from)) return from;
  if (to !== undefined && isFault(to)) return to;
  return {
    zone,
    ...(from?.local == null ? { earliest: from?.earliest ?? null } : { from: from.local }),
    ...(to?.local == null ? { latest: to?.latest ?? null } : { until: to.local }),
  };
};

const point = (text: string, zone: string, formats: readonly DateFormat[]): WhenInput | Fault => {
  const [, date, time] = LOCAL.exec(text) ?? [];
  if (date !== undefined) return { zone, local: time === undefined ? date : `${date}T${time}` };
  if (MACHINE.test(text)) return machine(text, zone);
  for (const format of formats) {
    const local = format.read(text);
    if (local !== undefined) return { zone, local };
  }
  return formats.length > 0 || !IN_NUMBERS.test(text) ? malformed(text, formats) : undecided(text);
};

/** As wide as it is written. */
const machine = (text: string, zone: string): WhenInput | Fault => {
  const [, date, minute, second, fraction, zulu, hours, minutes] = MACHINE.exec(text) as RegExpExecArray;
  const digits = fraction?.slice(1) ?? '';
  const offset = zulu === undefined ? `${hours}:${minutes}` : 'Z';
  const earliest = parseInstant(`${date}T${minute}${second ?? ':00'}${fraction ?? ''}${offset}`);
  if (isFault(earliest)) return earliest;
  const width = second === undefined ? 60_000 : 10 ** (3 - digits.length);
  return { zone, earliest, latest: instantOf(epochMs(earliest) + width) };
};

const undecided = (text: string): Fault => {
  const [, first, , second, year] = IN_NUMBERS.exec(text) as RegExpExecArray;
  const nameOf = (month: number): string => MONTHS[month - 1]!.replace(/^./, (letter) => letter.toUpperCase());
  const [one, other] = [Number(first), Number(second)];
  return year!.length < 4 || one > 12 || other > 12 || one === 0 || other === 0 || one === other
    ? fault(
        'time-malformed',
        [],
        `${text}: nothing says how its dates are written; write 2021-10-29, or state it in --map`,
      )
    : fault(
        'time-ambiguous',
        [],
        `${text} may be ${one} ${nameOf(other)} or ${other} ${nameOf(one)}: write ${year}-MM-DD, or state in --map how dates are written`,
      );
};

const malformed = (text: string, formats: readonly DateFormat[] = []): Fault =>
  fault(
    'time-malformed',
    [],
    `${text.length > 40 ? 'it' : text} is no time: write 2021-10-29, 2021-10-29 15:45, 2021-11, ..2021-10-29, 2021-10-29.. or unknown${formats.map(({ written }) => `, or ${written}`).join('')}`,
  );
