import { z } from 'zod';

/**
 * The words in which facts are described. Each builder gives a zod schema and says, beside it, what the rest of the house
 * must know: how the field is protected in the log and how it appears at the edge. GraphQL types, class-validator rules,
 * the JSON Schema catalogue and the encryption all follow from here.
 */
export interface FieldMeta {
  readonly shape: Shape;
  readonly description: string;
  /** `text`: encrypted under a key of the fact's own. `personal`: under a key of the person's, one per stream. */
  readonly protect?: 'text' | 'personal';
  /** Of a personal field: whose it is, read from the object that holds it. */
  readonly subject?: (holder: Readonly<Record<string, unknown>>) => string;
  /** Of an enumeration: its name at the edge, and what each value means. */
  readonly enumeration?: Enumeration;
  readonly max?: number;
  /** Of an id: what it identifies. */
  readonly names?: Named;
  /** Of an object without a shape of its own: its name at the edge. */
  readonly object?: string;
  /** The description is this field's own; without it, it is that of the shape wherever it is used. */
  readonly worded?: true;
}

export type Shape =
  | 'token'
  | 'text'
  | 'redactable'
  | 'uuid'
  | 'id'
  | 'sha256'
  | 'count'
  | 'amount'
  | 'enum'
  | 'zone'
  | 'when'
  | 'occurrence'
  | 'actor'
  | 'knowledge'
  | 'source'
  | 'contact'
  | 'object'
  | 'list';

/** What has an id of this ledger: a UUID, at the edge behind a prefix. */
export type Named = 'incident' | 'fact' | 'gap' | 'contested-question' | 'agreement' | 'contact-point';

export interface Enumeration {
  readonly name: string;
  readonly description: string;
  readonly values: Readonly<Record<string, string>>;
}

const registry = z.registry<FieldMeta>();

/** What a builder below said about a schema; looks through `optional` and `default`. */
export const fieldMeta = (schema: z.core.$ZodType): FieldMeta | undefined => registry.get(schema) ?? innerMeta(schema);

const innerMeta = (schema: z.core.$ZodType): FieldMeta | undefined => {
  const inner = innerType(schema);
  return inner === undefined ? undefined : fieldMeta(inner);
};

/** The schema inside `optional`, `nullable` or `default`. */
export const innerType = (schema: z.core.$ZodType): z.core.$ZodType | undefined =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
    ? schema.def.innerType
    : undefined;

export const described = <S extends z.ZodType>(schema: S, meta: FieldMeta): S => {
  const named = schema.meta({ description: meta.description });
  registry.add(named, meta);
  return named;
};

/** The same schema under words of its own: what this one field means, not what its type is. */
export const worded = <S extends z.ZodType>(description: string, schema: S): S =>
  described(schema, { ...(fieldMeta(schema) ?? { shape: 'list' }), description, worded: true });

/** A protected value that can no longer be, or cannot now be, read. It is never written. */
export const Hidden = z.strictObject({ hidden: z.enum(['erased', 'key-missing']) });
export type Hidden = z.infer<typeof Hidden>;

/** The source itself blacked it out: stored as that, never completed from knowledge. */
export const Redacted = z.strictObject({ redacted: z.literal('in-source') });
export type Redacted = z.infer<typeof Redacted>;

export type Protected = string | Hidden;

export const isHidden = (value: unknown): value is Hidden => Hidden.safeParse(value).success;

// Lone surrogates have no UTF-8 form, and control characters have no place in evidence that people read.
// eslint-disable-next-line no-control-regex -- they are what is refused
const READABLE = /^[^\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+$/u;
const words = (max: number) =>
  z
    .string()
    .min(1, 'is empty')
    .max(max, `has more than ${max} characters`)
    .regex(READABLE, 'holds control characters or broken Unicode')
    .refine((value) => value.trim() !== '', 'is blank');

/** Free text: may hold anything, so it is encrypted under the fact's own key. */
export const text = (max: number, description: string) =>
  described(z.union([words(max), Hidden]), { shape: 'text', description, protect: 'text', max });

/** Identifying words about one subject, encrypted under that subject's key. */
export const personal = (max: number, description: string, subject: FieldMeta['subject']) =>
  described(z.union([words(max), Hidden]), { shape: 'text', description, protect: 'personal', subject, max });

/** As `personal`, or blacked out by the source. */
export const redactable = (max: number, description: string, subject: FieldMeta['subject']) =>
  described(z.union([words(max), Redacted, Hidden]), {
    shape: 'redactable',
    description,
    protect: 'personal',
    subject,
    max,
  });

const TOKEN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** A short name made for machines: 1 to 64 letters, digits, `_`, `.` or `-`. In clear, so never a person's name. */
export const token = (description: string) =>
  described(z.string().regex(TOKEN, 'must be 1 to 64 letters, digits, _ . or -, beginning with a letter or digit'), {
    shape: 'token',
    description,
    max: 64,
  });

const lowerCaseUuid = () =>
  z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a lower-case UUID');

/** A random id of somebody or something outside the record. */
export const uuid = (description: string) => described(lowerCaseUuid(), { shape: 'uuid', description });

/** The id of something in the record. */
export const idOf = (names: Named, description: string) =>
  described(lowerCaseUuid(), { shape: 'id', description, names });

export const sha256 = (description: string) =>
  described(z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'), {
    shape: 'sha256',
    description,
    max: 64,
  });

export const count = (description: string) =>
  described(z.number().int().min(1).max(1_000_000_000), { shape: 'count', description });

/** Zero is an answer here. */
export const amount = (description: string) =>
  described(z.number().int().min(0).max(1_000_000_000), { shape: 'amount', description });

/** Fields that belong together under a name of their own, and what must hold between them. */
export const record = <S extends z.ZodRawShape>(
  name: string,
  shape: S,
  description: string,
  rule?: {
    readonly holds: (value: Readonly<Record<string, unknown>>) => boolean;
    readonly path: string;
    readonly error: string;
  },
) => {
  const object = z.strictObject(shape);
  const checked =
    rule === undefined ? object : object.refine((value) => rule.holds(value), { path: [rule.path], error: rule.error });
  return described(checked, { shape: 'object', object: name, description });
};

/** Several of the same, none if it is left out. */
export const list = <S extends z.ZodType>(of: S, max: number, description: string) =>
  worded(description, z.array(of).max(max));

/** One of a closed list. `values` maps each stored value to its meaning. */
export const oneOf = <const V extends Readonly<Record<string, string>>>(name: string, values: V, description: string) =>
  described(z.enum(Object.keys(values) as [keyof V & string, ...(keyof V & string)[]]), {
    shape: 'enum',
    description,
    enumeration: { name, description, values },
  });
