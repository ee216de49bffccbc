import { z } from 'zod';
import { fieldMeta, innerType } from '../schema/fields';

type Values = Readonly<Record<string, unknown>>;

/**
 * What people give for a stored payload: the inverse of `draftFact` and `draftPayload`. Drafted again it is the same
 * payload, wherever the time-zone database measures the same. Null is left out. A value that is hidden stays so, and
 * nobody can give it: drafting refuses it.
 */
export const asGiven = (schema: z.ZodObject, payload: Values): Values => given(schema, payload) as Values;

const given = (schema: z.core.$ZodType, stored: unknown): unknown => {
  if (stored === undefined || stored === null) return undefined;
  switch (fieldMeta(schema)?.shape) {
    case 'when':
      return present(stored);
    case 'occurrence':
      return occurrence(stored as Values);
    case 'contact':
      return contact(stored as Values);
  }
  const inner = innerType(schema);
  if (inner !== undefined) return given(inner, stored);
  if (schema instanceof z.ZodObject && isObject(stored)) {
    const shape = schema.shape as Readonly<Record<string, z.core.$ZodType | undefined>>;
    return present(
      Object.fromEntries(
        Object.entries(stored).map(([name, value]) => [
          name,
          shape[name] === undefined ? value : given(shape[name], value),
        ]),
      ),
    );
  }
  if (schema instanceof z.ZodArray && Array.isArray(stored)) return stored.map((entry) => given(schema.element, entry));
  return stored;
};

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const present = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined && field !== null))
    : value;

const occurrence = (stored: Values): Values => {
  const { shape, when, ...state } = stored;
  if (shape === 'moment') return { moment: present(when) };
  if (shape !== 'state') return stored;
  const { observed } = state as { readonly observed?: unknown };
  return {
    state: {
      ...Object.fromEntries(Object.entries(state).map(([name, value]) => [name, present(value)])),
      ...(Array.isArray(observed) && { observed: observed.map(present) }),
    },
  };
};

const contact = (stored: Values): Values => {
  const { details, ...rest } = stored;
  return isObject(details) && details['redacted'] !== undefined ? { ...rest, redactedInSource: true } : stored;
};
