import type { Type } from '@nestjs/common';
import { Field, ID, Int, ObjectType, type ReturnTypeFunc } from '@nestjs/graphql';
import { z } from 'zod';
import { fieldMeta, type FieldMeta } from '@ledger/domain/schema/fields';
import { ProtectedText } from '../common/protected-text';
import { Actor, Contact, enumOf, Knowledge, Occurrence, Source, TimelineEntry, When } from '../fact/types';
import { partsOf } from './input-type';

const OUTPUT: Readonly<Partial<Record<FieldMeta['shape'], unknown>>> = {
  token: String,
  text: ProtectedText,
  redactable: ProtectedText,
  zone: String,
  uuid: ID,
  id: TimelineEntry, // what is shown this way points at facts only
  sha256: String,
  count: Int,
  amount: Int,
  when: When,
  occurrence: Occurrence,
  actor: Actor,
  knowledge: Knowledge,
  source: Source,
  contact: Contact,
};

/** Gives an object type a field for each of `fields`; those in `sometimesAbsent` are nullable whatever the schema says. */
export const addOutputs = (
  type: Type<object>,
  fields: Readonly<Record<string, z.ZodType>>,
  sometimesAbsent: ReadonlySet<string> = new Set(),
): void => {
  for (const [field, schema] of Object.entries(fields)) {
    const { optional, required, list, single, meta } = partsOf(schema);
    if (meta === undefined) throw new Error(`${field} is not described`);
    const shown =
      meta.shape === 'enum' ? enumOf(single) : meta.shape === 'object' ? objectOutput(single) : OUTPUT[meta.shape];
    const nullable = optional || sometimesAbsent.has(field) || (meta.shape === 'id' && !list);
    const of: ReturnTypeFunc = () => (list ? [shown] : shown) as never;
    const { description } = fieldMeta(required) ?? meta;
    Field(of, { nullable, description: nullable ? `${description} Null when not on record.` : description })(
      type.prototype as object,
      field,
    );
  }
};

const objects = new Map<string, Type<object>>();

/** The object type of an object that has no shape of its own, made once. */
export const objectOutput = (schema: z.ZodType): Type<object> => {
  const meta = fieldMeta(schema);
  const name = meta?.object ?? '';
  const known = objects.get(name);
  if (known !== undefined) return known;
  const type = { [name]: class {} }[name] as Type<object>;
  objects.set(name, type);
  addOutputs(type, (schema as z.ZodObject).shape);
  ObjectType(name, { description: meta?.description })(type);
  return type;
};
