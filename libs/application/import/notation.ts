import { z } from 'zod';
import { isActorRef, refParts } from '@ledger/domain/fact/actor';
import { fault, faultUnder, isFault, type Fault } from '@ledger/domain/fault';
import { fieldMeta, innerType } from '@ledger/domain/schema/fields';
import { PRECISIONS, QUALIFIERS, TIME_BASES } from '@ledger/domain/time/when';
import { kebab } from './asked';
import { textOf } from './record';
import { readTime, type DateFormat } from './written-time';

type Values = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** How the values of a record are written. */
export interface Notation {
  /** Of the incident; of a time that says none. */
  readonly zone?: string | undefined;
  /** All is text: numbers, lists and yes or no are read from it too. */
  readonly cells?: boolean | undefined;
  readonly dateFormats?: readonly DateFormat[] | undefined;
}

/** Where companions stand beside a cell (`actor` and `actor_name`): the name of the cell itself. */
export const ITSELF = '';

const TIME_ENUMS = { precision: PRECISIONS, qualifier: QUALIFIERS, basis: TIME_BASES };
const TIME_WORDS = ['text', 'zone', 'qualifier', 'basis'];
/** Of a time in a cell: the last day or minute in which it may have been. */
const UNTIL = 'until';

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Values as people write them, made into what drafting takes: enumerated values in any spelling, actors as `role:id`,
 * times as in a cell, a zone where none is given. What cannot be read is left out and reported in `faults`; what belongs
 * nowhere is passed on for drafting to report.
 */
export const readNotation = (schema: z.ZodObject, written: Values, notation: Notation, faults: Fault[]): Values => {
  const refuse = (code: string, path: Path, message: string): undefined => void faults.push(fault(code, path, message));

  const read = (node: z.core.$ZodType, value: unknown, path: Path): unknown => {
    if (value === undefined || value === null) return undefined;
    const inner = innerType(node);
    if (inner !== undefined) return read(inner, value, path);
    if (node instanceof z.ZodArray) return list(node, value, path);
    const meta = fieldMeta(node);
    switch (meta?.shape) {
      case 'when':
        return time(value, path);
      case 'occurrence':
        return occurrence(value, path);
      case 'actor':
        return actor(node as z.ZodObject, value, path);
      case 'enum':
        return oneOf(Object.keys(meta.enumeration?.values ?? {}), value, path);
      case 'count':
      case 'amount':
        return notation.cells === true ? number(value, path) : value;
      case 'source':
        return fields(node as z.ZodObject, withItself(value, 'document'), path);
      case 'contact':
        return contact(value, path);
    }
    return node instanceof z.ZodObject ? fields(node, value, path) : value;
  };

  const fields = (node: z.ZodObject, value: unknown, path: Path): unknown => {
    if (!isObject(value)) return value;
    const shape = node.shape as Readonly<Record<string, z.core.$ZodType | undefined>>;
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [
        name,
        Object.hasOwn(shape, name) ? read(shape[name] as z.core.$ZodType, child, [...path, name]) : child,
      ]),
    );
  };

  const list = (node: z.ZodArray, value: unknown, path: Path): unknown => {
    const entries = notation.cells === true && typeof value === 'string' ? split(node.element, value) : value;
    return Array.isArray(entries)
      ? Array.from(entries, (entry: unknown, index) => read(node.element, entry, [...path, index]))
      : entries;
  };

  const oneOf = (options: readonly string[], value: unknown, path: Path): unknown => {
    if (typeof value !== 'string') return value;
    const found = options.includes(value) ? value : kebab(value);
    return options.includes(found) ? found : refuse('invalid', path, `must be one of ${options.join(', ')}`);
  };

  const number = (value: unknown, path: Path): unknown =>
    typeof value === 'string' && !/^\d{1,15}$/.test(value.trim())
      ? refuse('invalid', path, 'must be a whole number in digits')
      : Number(value);

  /** `role:id`, or the id beside its role. */
  const actor = (node: z.ZodObject, value: unknown, path: Path): unknown => {
    const { [ITSELF]: itself, ...rest } = isObject(value) ? value : { [ITSELF]: value };
    if (typeof itself !== 'string') return isObject(value) ? fields(node, rest, path) : value;
    const ref = itself.trim();
    if (rest['role'] !== undefined && !ref.includes(':')) return fields(node, { ...rest, id: ref }, path);
    const { role, id } = refParts(ref);
    const named = { role: kebab(role), id: id.trim() };
    if (!isActorRef(`${named.role}:${named.id}`))
      return refuse('invalid', path, 'must be an actor as role:id, such as processor:example-archive');
    if (rest['role'] !== undefined && kebab(textOf(rest['role']) ?? '') !== named.role)
      return refuse('invalid', path, 'names one role, and another one stands beside it');
    return fields(node, { ...rest, ...named }, path);
  };

  const contact = (value: unknown, path: Path): unknown => {
    const given = withItself(value, 'details');
    if (notation.cells !== true || !isObject(given)) return given;
    const redacted = given['redactedInSource'];
    if (typeof redacted !== 'string') return given;
    if (/^(yes|true)$/i.test(redacted)) return { ...given, redactedInSource: true };
    if (/^(no|false)$/i.test(redacted)) return { ...given, redactedInSource: false };
    return refuse('invalid', [...path, 'redactedInSource'], 'must be yes or no');
  };

  const time = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return cell({ [ITSELF]: value }, path);
    if (!isObject(value)) return value;
    return isCell(value) ? cell(value, path) : withZone(value, path);
  };

  const isCell = (value: Values): boolean => ITSELF in value || (notation.cells === true && UNTIL in value);

  const withZone = (value: Values, path: Path): unknown => {
    const zone = value['zone'] ?? notation.zone;
    if (zone === undefined) return noZone(path);
    const before = faults.length;
    const words = { ...value, zone };
    for (const [name, options] of Object.entries(TIME_ENUMS))
      if (value[name] !== undefined && value[name] !== null)
        Object.assign(words, { [name]: oneOf(options, value[name], [...path, name]) });
    return faults.length > before ? undefined : words;
  };

  const noZone = (path: Path): undefined =>
    refuse('zone-missing', path, 'is a time without a zone: give --zone, a zone beside it, or the incident on record');

  const cell = (value: Values, path: Path): unknown => {
    const { [ITSELF]: from = '', [UNTIL]: until = '', ...rest } = value;
    const zone = rest['zone'] ?? notation.zone;
    if (typeof zone !== 'string') return noZone(path);
    if (typeof from !== 'string' || typeof until !== 'string') return refuse('invalid', path, 'must be text');
    const strange = Object.keys(rest).find((name) => !TIME_WORDS.includes(name));
    if (strange !== undefined) return refuse('unknown-field', [...path, strange], 'is not a field that belongs here');
    if (until !== '' && from.includes('..'))
      return refuse('time-malformed', path, 'names its last day twice: in itself and beside it');
    const read = readTime(until === '' ? from : `${from}..${until}`, zone, notation.dateFormats);
    if (isFault(read)) return void faults.push(faultUnder(path, read));
    return withZone({ ...rest, ...read }, path);
  };

  const occurrence = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return { moment: time(value, [...path, 'moment']) };
    if (!isObject(value)) return value;
    const { moment, state } = value;
    if (moment != null || state != null)
      return {
        ...value,
        ...(moment != null && { moment: time(moment, [...path, 'moment']) }),
        ...(isObject(state) && { state: given(state, [...path, 'state']) }),
      };
    const { observed, end, ...start } = value;
    if (observed === undefined && end === undefined) return { moment: time(start, [...path, 'moment']) };
    const begun = isCell(start) ? start : { ...start, [ITSELF]: 'unknown' };
    const seen = typeof observed === 'string' ? observed.split(';') : (observed ?? []);
    return { state: given({ start: begun, observed: seen, end }, [...path, 'state']) };
  };

  const given = (state: Values, path: Path): Values => ({
    ...state,
    ...(state['start'] != null && { start: time(state['start'], [...path, 'start']) }),
    ...(Array.isArray(state['observed']) && {
      observed: state['observed'].map((when, index) => time(when, [...path, 'observed', index])),
    }),
    ...(state['end'] != null && { end: time(state['end'], [...path, 'end']) }),
  });

  return fields(schema, written, []) as Values;
};

const withItself = (value: unknown, field: string): unknown => {
  if (typeof value === 'string') return { [field]: value };
  if (!isObject(value) || !(ITSELF in value)) return value;
  const { [ITSELF]: itself, ...rest } = value;
  return { ...rest, [field]: itself };
};

/** Several in one cell: texts one a line, because they may hold semicolons. */
const split = (element: z.core.$ZodType, text: string): string[] =>
  text
    .split(fieldMeta(element)?.shape === 'text' ? /\r?\n/ : ';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
