import { z } from 'zod';
import { fault, faultUnder, type Fault } from '../fault';
import { fieldMeta, innerType } from '../schema/fields';
import { makeOccurrence, type OccurrenceInput } from '../time/occurrence';
import { canonicalZone } from '../time/wall-clock';
import { makeWhen, type WhenInput } from '../time/when';
import type { FactDraft } from './fact-draft';
import { KINDS } from './kinds';

type Path = readonly (string | number)[];
type Values = Readonly<Record<string, unknown>>;

/** Whether something could not be made: tells the faults from the result. */
export const isFaults = (result: object): result is readonly Fault[] => Array.isArray(result);

/**
 * A fact as people give it, made into one as it is stored, or everything that is wrong with it at once.
 * As given: times are `WhenInput`; an occurrence is `{ moment }` or `{ state: { start, observed, end } }`; a contact that
 * the source blacked out is `{ redactedInSource: true }`; null is the same as absent. Paths are those of the input.
 */
export const draftFact = (type: string, given: Values): FactDraft | readonly Fault[] => {
  const kind = KINDS.get(type);
  if (kind === undefined) return [fault('unknown-kind', ['kind'], `${type} is no kind of fact`)];
  const corrects = type === 'fact-corrected';
  const filled = corrects && isObject(given) ? { ...given, known: given['known'] ?? [] } : given;
  const result = draftPayload(kind.schema, filled);
  const faults = [
    ...(isFaults(result) ? result : []),
    ...(corrects && isObject(filled) ? knowersOfCorrection(filled) : []),
  ];
  return faults.length > 0 ? faults : { type, payload: result as FactDraft['payload'] };
};

/** The same for any payload that holds times, actors and contacts. */
export const draftPayload = (schema: z.ZodObject, given: Values): Values | readonly Fault[] => {
  const faults: Fault[] = [];
  const prepared = prepare(schema, given, [], faults);
  const refused = faults.map(({ path }) => path.join('/'));
  const checked = schema.safeParse(prepared, { reportInput: true });
  for (const issue of checked.error?.issues.flatMap(leaves) ?? []) {
    const path = asGiven(issue.path as Path);
    const code = codeOf(issue);
    // What has a fault of its own (a time that could not be made) is not reported again for being absent.
    if (code !== 'required' || !refused.some((known) => `${known}/`.startsWith(`${path.join('/')}/`)))
      faults.push(fault(code, path, issue.message));
  }
  return faults.length > 0 ? faults : (checked.data as Values);
};

/** A transcription error of ours was known to whoever knew the original; a correction of substance has knowers of its own. */
const knowersOfCorrection = ({ nature, known }: Values): Fault[] => {
  if (!Array.isArray(known)) return [];
  if (nature === 'transcription' && known.length > 0)
    return [
      fault(
        'not-allowed',
        ['known'],
        'a transcription correction takes the knowers of the original and has none of its own',
      ),
    ];
  if (nature === 'substance' && known.length === 0)
    return [fault('required', ['known'], 'a correction of substance needs at least one knower')];
  return [];
};

const NO_ZONE = 'must be an IANA time zone such as Europe/London';

const prepare = (schema: z.core.$ZodType, given: unknown, path: Path, faults: Fault[]): unknown => {
  if (given === undefined || given === null) return undefined;
  const meta = fieldMeta(schema);
  switch (meta?.shape) {
    case 'when':
      return made(given, path, faults);
    case 'occurrence':
      return occurrence(given, path, faults);
    case 'contact':
      return contact(given, path, faults);
    case 'zone':
      return (
        (typeof given === 'string' ? canonicalZone(given) : undefined) ??
        refuse(faults, fault('zone-unknown', path, NO_ZONE))
      );
  }
  if ((meta?.protect !== undefined || schema instanceof z.ZodString) && typeof given !== 'string')
    return refuse(faults, fault('invalid', path, 'must be text'));
  const inner = innerType(schema);
  if (inner !== undefined) return prepare(inner, given, path, faults);
  if (schema instanceof z.ZodObject && isObject(given)) {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    const entries = Object.entries(fieldsOf(given, Object.keys(shape), path, faults) ?? {})
      .filter(([name]) => Object.hasOwn(shape, name))
      .map(([name, value]) => [name, prepare(shape[name] as z.core.$ZodType, value, [...path, name], faults)]);
    return { ...emptyLists(shape), ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
  }
  if (schema instanceof z.ZodArray)
    return Array.isArray(given)
      ? given.map((entry, index) => prepare(schema.element, entry, [...path, index], faults))
      : refuse(faults, fault('invalid', path, 'must be a list'));
  return given;
};

/** A list that may be empty is that where it is left out. */
const emptyLists = (shape: Readonly<Record<string, z.core.$ZodType>>): Values =>
  Object.fromEntries(
    Object.entries(shape).flatMap(([name, child]) =>
      child instanceof z.ZodArray && child.safeParse([]).success ? [[name, []]] : [],
    ),
  );

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refuse = (faults: Fault[], found: Fault): undefined => void faults.push(found);

/** The fields of an object. Reports what is no object, and every field that does not belong there: a misspelt bound is not an open one. */
const fieldsOf = (given: unknown, names: readonly string[], path: Path, faults: Fault[]): Values | undefined => {
  if (!isObject(given)) return refuse(faults, fault('invalid', path, 'must be an object'));
  for (const [name, value] of Object.entries(given))
    if (!names.includes(name) && value !== undefined && value !== null)
      faults.push(fault('unknown-field', [...path, name], 'is not a field that belongs here'));
  return given;
};

const TIME_FIELDS: readonly (keyof WhenInput)[] = [
  'text',
  'zone',
  'local',
  'from',
  'until',
  'earliest',
  'latest',
  'precision',
  'qualifier',
  'edtf',
  'basis',
];

/** A time as far as it can be measured: an object whose fields are texts. */
const time = (given: unknown, path: Path, faults: Fault[]): WhenInput | undefined => {
  if (given === undefined || given === null) return refuse(faults, fault('required', path, 'is required'));
  const fields = fieldsOf(given, TIME_FIELDS, path, faults);
  if (fields === undefined) return undefined;
  const wrong = TIME_FIELDS.filter((name) => typeof (fields[name] ?? '') !== 'string');
  faults.push(...wrong.map((name) => fault('invalid', [...path, name], 'must be text')));
  return wrong.length > 0 ? undefined : { ...fields, zone: (fields['zone'] as string | null | undefined) ?? '' };
};

const made = (given: unknown, path: Path, faults: Fault[]): unknown => {
  const input = time(given, path, faults);
  if (input === undefined) return undefined;
  const when = makeWhen(input);
  if (!isFaults(when)) return when;
  faults.push(...when.map((found) => faultUnder(path, found)));
  return undefined;
};

const occurrence = (given: unknown, path: Path, faults: Fault[]): unknown => {
  const { moment, state } = isObject(given) ? given : {};
  if ((moment == null) === (state == null))
    return refuse(faults, fault('moment-or-state', path, 'is either a moment or a state'));
  fieldsOf(given, ['moment', 'state'], path, faults);
  const input = state == null ? momentOf(moment, path, faults) : stateOf(state, [...path, 'state'], faults);
  if (input === undefined) return undefined;
  const result = makeOccurrence(input);
  if (!isFaults(result)) return result;
  faults.push(...result.map((found) => ({ ...found, path: asGiven([...path, ...found.path]) })));
  return undefined;
};

const momentOf = (moment: unknown, path: Path, faults: Fault[]): OccurrenceInput | undefined => {
  const when = time(moment, [...path, 'moment'], faults);
  return when && { shape: 'moment', when };
};

const stateOf = (given: unknown, path: Path, faults: Fault[]): OccurrenceInput | undefined => {
  const state = fieldsOf(given, ['start', 'observed', 'end'], path, faults);
  if (state === undefined) return undefined;
  const observations = state['observed'] ?? [];
  if (!Array.isArray(observations))
    return refuse(faults, fault('invalid', [...path, 'observed'], 'must be a list of times'));
  const start = time(state['start'], [...path, 'start'], faults);
  const observed = observations.map((when, index) => time(when, [...path, 'observed', index], faults));
  const end = state['end'] == null ? null : time(state['end'], [...path, 'end'], faults);
  const whole = observed.filter((when) => when !== undefined);
  return start === undefined || end === undefined || whole.length < observed.length
    ? undefined
    : { shape: 'state', start, observed: whole, end };
};

/** Details that the source blacked out are never completed from knowledge. */
const contact = (given: unknown, path: Path, faults: Fault[]): unknown => {
  const fields = fieldsOf(given, ['subject', 'details', 'redactedInSource'], path, faults);
  if (fields === undefined) return undefined;
  const { subject, details, redactedInSource } = fields;
  if (typeof (redactedInSource ?? false) !== 'boolean')
    return refuse(faults, fault('invalid', [...path, 'redactedInSource'], 'must be true or false'));
  if (typeof (details ?? '') !== 'string')
    return refuse(faults, fault('invalid', [...path, 'details'], 'must be text'));
  if (redactedInSource === true && details != null)
    return refuse(faults, fault('not-allowed', [...path, 'details'], 'are blacked out in the source, and stay so'));
  return {
    ...(subject != null && { subject }),
    ...(redactedInSource === true ? { details: { redacted: 'in-source' } } : details != null && { details }),
  };
};

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly origin?: string;
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of a union (a text or a hidden value) the first option is what people give; its issues are the useful ones. */
const leaves = (issue: Issue): Issue[] =>
  issue.code === 'invalid_union' && issue.errors?.[0] !== undefined && issue.errors[0].length > 0
    ? issue.errors[0].flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] }))
    : [issue];

const codeOf = ({ code, input, origin }: Issue): string => {
  if (input === undefined) return 'required';
  if (code !== 'too_big') return 'invalid';
  return { string: 'too-long', array: 'too-many' }[origin ?? ''] ?? 'invalid';
};

/** From the stored shape of an occurrence back to the given one. */
const asGiven = (path: Path): Path =>
  path.flatMap((step, index): Path => {
    if (path[index - 1] !== 'occurred') return [step];
    return step === 'when' ? ['moment'] : step === 'shape' ? [] : ['state', step];
  });
