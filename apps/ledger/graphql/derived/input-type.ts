import type { Type } from '@nestjs/common';
import { Field, ID, InputType, Int, type ReturnTypeFunc } from '@nestjs/graphql';
import { Type as Nested } from 'class-transformer';
import { ArrayMaxSize, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { z } from 'zod';
import type { Fault } from '@ledger/domain/fault';
import { fault } from '@ledger/domain/fault';
import { fieldMeta, innerType, type FieldMeta } from '@ledger/domain/schema/fields';
import { fromId, PREFIXES } from '../common/ids';
import { enumOf } from '../fact/types';
import { ActorInput, ContactInput, KnowledgeInput, OccurrenceInput, SourceInput, WhenInput } from './shapes';

export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
export const ID_MESSAGE = 'must be an id of this ledger';

const INPUT: Readonly<Partial<Record<FieldMeta['shape'], unknown>>> = {
  token: String,
  text: String,
  redactable: String,
  zone: String,
  uuid: ID,
  id: ID,
  sha256: String,
  count: Int,
  amount: Int,
  when: WhenInput,
  occurrence: OccurrenceInput,
  actor: ActorInput,
  knowledge: KnowledgeInput,
  source: SourceInput,
  contact: ContactInput,
};

/** What a field is, seen through `optional` and lists. */
export const partsOf = (schema: z.ZodType) => {
  const optional = schema instanceof z.ZodOptional;
  const required = (optional ? innerType(schema) : schema) as z.ZodType;
  const list = required instanceof z.ZodArray;
  const single = list ? (required.element as z.ZodType) : required;
  return { optional, required, list, single, meta: fieldMeta(single) };
};

/** Gives an input class a field for each field of the schema, with the rules that its domain field implies. */
export const addFields = (type: Type<object>, schema: z.ZodObject, chosen: (field: string) => boolean): void => {
  for (const [field, child] of Object.entries<z.ZodType>(schema.shape))
    if (chosen(field)) addField(type.prototype as object, field, child);
};

const addField = (prototype: object, field: string, schema: z.ZodType): void => {
  const { optional, required, list, single, meta } = partsOf(schema);
  if (meta === undefined) throw new Error(`${field} is not described`);
  const type =
    meta.shape === 'enum' ? enumOf(single) : meta.shape === 'object' ? objectInput(single) : INPUT[meta.shape];
  // A list that may be empty may be left out.
  const nullable = optional || (list && required.safeParse([]).success);
  const of: ReturnTypeFunc = () => (list ? [type] : type) as never;
  const description = [
    (fieldMeta(required) ?? meta).description,
    ...(meta.names === undefined ? [] : [`\`${PREFIXES[meta.names]}_\` and a UUID.`]),
    ...(meta.shape === 'token' ? [TOKEN_RULE] : []),
    ...(meta.protect === undefined ? [] : ['Encrypted.']),
  ].join(' ');
  Field(of, { nullable, description })(prototype, field);

  if (nullable) IsOptional()(prototype, field);
  if (list) ArrayMaxSize(Number(required._zod.bag['maximum'] ?? 50))(prototype, field);
  if (isClass(type)) {
    ValidateNested({ each: list })(prototype, field);
    Nested(() => type)(prototype, field);
  } else if (meta.max !== undefined && !list) MaxLength(meta.max)(prototype, field); // in a list the domain says which
};

const TOKEN_RULE = '1 to 64 letters, digits, `_`, `.` or `-`.';

const isClass = (type: unknown): type is new () => object => typeof type === 'function' && type !== String;

const objects = new Map<string, Type<object>>();

/** The input type of an object that has no shape of its own, made once. */
const objectInput = (schema: z.ZodType): Type<object> => {
  const meta = fieldMeta(schema);
  const name = `${meta?.object ?? ''}Input`;
  const known = objects.get(name);
  if (known !== undefined) return known;
  const type = { [name]: class {} }[name] as Type<object>;
  objects.set(name, type);
  addFields(type, schema as z.ZodObject, () => true);
  InputType(name, { description: meta?.description })(type);
  return type;
};

/** The input as the domain takes it: ids without their prefixes. Says which are malformed. */
export const withoutPrefixes = (
  schema: z.ZodObject,
  input: Readonly<Record<string, unknown>>,
): { given: Record<string, unknown>; faults: Fault[] } => {
  const given = { ...input };
  const faults: Fault[] = [];
  for (const [field, child] of Object.entries<z.ZodType>(schema.shape)) {
    const { names } = partsOf(child).meta ?? {};
    const value = given[field];
    if (names === undefined || value === undefined || value === null) continue;
    const bare = (id: unknown, path: readonly (string | number)[]): unknown => {
      const uuid = typeof id === 'string' ? fromId(PREFIXES[names], id) : undefined;
      if (uuid === undefined) faults.push(fault('invalid', path, `must be an id that begins with ${PREFIXES[names]}_`));
      return uuid ?? id;
    };
    given[field] = Array.isArray(value) ? value.map((id, index) => bare(id, [field, index])) : bare(value, [field]);
  }
  return { given, faults };
};
