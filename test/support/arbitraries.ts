import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { fieldMeta, innerType } from '@ledger/domain/schema/fields';

type Schema = z.core.$ZodType;

/** Readable words, from one letter to surrogate pairs. */
export const anyWords = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });

/** Words that occur nowhere by chance, so that they can be searched for in stored bytes. */
export const conspicuousWords = fc.uuid().map((id) => `secret ${id} "ß" 證據`);

const REDACTED = { redacted: 'in-source' };

/**
 * Whatever may be written under a schema of the catalogue. Protected fields hold `words` or, where allowed, a redaction by
 * the source, and nothing is hidden. What a refinement asks for beyond the shape is met by trying again.
 */
export const arbitraryOf = (schema: Schema, words: Arbitrary<string> = anyWords): Arbitrary<unknown> => {
  const of = (child: Schema) => arbitraryOf(child, words);
  const fits = (value: unknown): boolean => z.safeParse(schema, value).success;
  const inner = innerType(schema);
  if (inner !== undefined) return fc.option(of(inner), { nil: schema instanceof z.ZodNullable ? null : undefined });

  const meta = fieldMeta(schema);
  if (meta?.protect !== undefined)
    return fits(REDACTED) ? fc.oneof(words.filter(fits), fc.constant(REDACTED)) : words.filter(fits);
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(of));
  if (schema instanceof z.ZodArray)
    return fc.array(of(schema.element), { minLength: check(schema, 'minimum') ?? 0, maxLength: 3 }).filter(fits);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, Schema>> = schema.shape;
    const fields = Object.entries(shape);
    const object = fc.record(Object.fromEntries(fields.map(([name, field]) => [name, of(field)]))).map(withoutAbsent);
    return (meta?.shape === 'actor' ? fc.tuple(object, fc.uuid()).map(pseudonymous) : object).filter(fits);
  }
  if (schema instanceof z.ZodString) {
    const pattern = check<RegExp>(schema, 'pattern');
    return (pattern === undefined ? fc.string() : fc.stringMatching(pattern)).filter(fits);
  }
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodNumber) return fc.integer({ min: 1 }).filter(fits);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  throw new Error(`no values are known for a schema of type ${schema._zod.def.type}`);
};

/** What one of the schema's checks asks for. */
const check = <T = number>(schema: z.ZodType, name: string): T | undefined =>
  schema.def.checks?.map(({ _zod }) => (_zod.def as unknown as Record<string, T | undefined>)[name]).find(Boolean);

const withoutAbsent = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));

const pseudonymous = ([actor, id]: [Record<string, unknown>, string]): Record<string, unknown> =>
  actor['role'] === 'person' ? { ...actor, id } : actor;
