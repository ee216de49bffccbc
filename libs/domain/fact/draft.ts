import { z } from 'zod';
import { fault, faultUnder, type Fault } from '../fault';
import type { FactDraft } from '../incident/decide';
import { fieldMeta, innerType } from '../schema/fields';
import { makeOccurrence } from '../time/occurrence';
import { makeWhen, type WhenInput } from '../time/when';
import { KINDS } from './kinds';

type Path = readonly (string | number)[];
type Values = Readonly<Record<string, unknown>>;

/**
 * A fact as people give it, made into one as it is stored, or everything that is wrong with it at once.
 * As given: times are `WhenInput`; an occurrence is `{ moment }` or `{ state: { start, observed, end } }`; a contact that
 * the source blacked out is `{ redactedInSource: true }`; null is the same as absent. Paths are those of the input.
 */
export const draftFact = (type: string, given: Values): FactDraft | readonly Fault[] => {
  const kind = KINDS.get(type);
  if (kind === undefined) return [fault('unknown-kind', ['kind'], `${type} is no kind of fact`)];
  const result = draftPayload(kind.schema, {
    via: [],
    ...given,
    ...(type === 'fact-corrected' ? { known: given['known'] ?? [] } : {}),
  });
  if (Array.isArray(result)) return result as Fault[];
  const payload = result as FactDraft['payload'];
  const rule = type === 'fact-corrected' ? knowersOfCorrection(payload) : [];
  return rule.length > 0 ? rule : { type, payload };
};

/** The same for any payload that holds times, actors and contacts. */
export const draftPayload = (schema: z.ZodObject, given: Values): Values | readonly Fault[] => {
  const faults: Fault[] = [];
  const prepared = prepare(schema, given, [], faults);
  const checked = schema.safeParse(prepared);
  if (!checked.success) {
    const refused = new Set(faults.map(({ path }) => path.join('/')));
    for (const issue of checked.error.issues.flatMap(leaves)) {
      const path = asGiven(issue.path as Path);
      // What already has a fault of its own (a time that could not be made) is not reported again for being absent.
      if (![...refused].some((known) => known === path.join('/') || known.startsWith(`${path.join('/')}/`)))
        faults.push(fault(issue.code === 'unrecognized_keys' ? 'unknown-field' : codeOf(issue), path, issue.message));
    }
  }
  return faults.length > 0 ? faults : (checked.data as Values);
};

/** A transcription error of ours was known to whoever knew the original; a correction of substance has knowers of its own. */
const knowersOfCorrection = (payload: Values): Fault[] => {
  const given = (payload['known'] as unknown[]).length > 0;
  if (payload['nature'] === 'transcription' && given)
    return [
      fault(
        'not-allowed',
        ['known'],
        'a transcription correction takes the knowers of the original and has none of its own',
      ),
    ];
  if (payload['nature'] === 'substance' && !given)
    return [fault('required', ['known'], 'a correction of substance needs at least one knower')];
  return [];
};

const prepare = (schema: z.core.$ZodType, given: unknown, path: Path, faults: Fault[]): unknown => {
  if (given === undefined || given === null) return undefined;
  switch (fieldMeta(schema)?.shape) {
    case 'when':
      return made(given, path, faults);
    case 'occurrence':
      return occurrence(given as Values, path, faults);
    case 'contact':
      return contact(given as Values);
  }
  const inner = innerType(schema);
  if (inner !== undefined) return prepare(inner, given, path, faults);
  if (schema instanceof z.ZodObject && typeof given === 'object') {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    const entries = Object.entries(given).map(([name, value]) => {
      const field = shape[name];
      return [name, field === undefined ? value : prepare(field, value, [...path, name], faults)];
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (schema instanceof z.ZodArray && Array.isArray(given))
    return given.map((entry, index) => prepare(schema.element as z.core.$ZodType, entry, [...path, index], faults));
  return given;
};

const made = (given: unknown, path: Path, faults: Fault[]): unknown => {
  const when = makeWhen(given as WhenInput);
  if (!Array.isArray(when)) return when;
  faults.push(...when.map((found) => faultUnder(path, found)));
  return undefined;
};

const occurrence = (given: Values, path: Path, faults: Fault[]): unknown => {
  const { moment, state } = given as { moment?: WhenInput | null; state?: GivenState | null };
  if ((moment == null) === (state == null)) {
    faults.push(fault('moment-or-state', path, 'is either a moment or a state'));
    return undefined;
  }
  const result = makeOccurrence(
    state == null
      ? { shape: 'moment', when: moment ?? NO_TIME }
      : { shape: 'state', start: state.start ?? NO_TIME, observed: state.observed ?? [], end: state.end },
  );
  if (!Array.isArray(result)) return result;
  faults.push(...result.map((found) => ({ ...found, path: asGiven([...path, ...found.path]) })));
  return undefined;
};

interface GivenState {
  readonly start?: WhenInput;
  readonly observed?: readonly WhenInput[];
  readonly end?: WhenInput | null;
}
const NO_TIME = {} as WhenInput;

const contact = ({ redactedInSource, details, ...rest }: Values): unknown => ({
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null)),
  details: redactedInSource === true && details == null ? { redacted: 'in-source' } : (details ?? undefined),
});

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of a union (a text or a hidden value) the first option is what people give; its issues are the useful ones. */
const leaves = (issue: Issue): Issue[] =>
  issue.code === 'invalid_union' && issue.errors?.[0] !== undefined && issue.errors[0].length > 0
    ? issue.errors[0].flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] }))
    : [issue];

const codeOf = (issue: Issue): string =>
  issue.code === 'too_big' ? 'too-long' : /received undefined/.test(issue.message) ? 'required' : 'invalid';

/** From the stored shape of an occurrence back to the given one. */
const asGiven = (path: Path): Path =>
  path.flatMap((step, index): Path => {
    if (path[index - 1] !== 'occurred') return [step];
    return step === 'when' ? ['moment'] : step === 'shape' ? [] : ['state', step];
  });
