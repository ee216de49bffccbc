import type { Type } from '@nestjs/common';
import { Field, Int, ObjectType, type ReturnTypeFunc } from '@nestjs/graphql';
import { z } from 'zod';
import { Effect, KINDS, type Kind } from '@ledger/domain/fact/kinds';
import { fieldMeta, innerType } from '@ledger/domain/schema/fields';
import { pascal } from '../common/names';
import { Node } from '../common/node';
import { ProtectedText } from '../common/protected-text';
import { Actor, Contact, enumOf, Fact, Knowledge, MannerEnum, Occurrence, Source, TimelineEntry, When } from './types';

const EffectEnum = enumOf(Effect);

@ObjectType({ description: 'Effect on confidentiality, integrity and availability, as the source has it.' })
class Effects {
  @Field(() => EffectEnum, { description: 'Was data disclosed or accessed?' })
  confidentiality: string;
  @Field(() => EffectEnum, { description: 'Was data altered?' })
  integrity: string;
  @Field(() => EffectEnum, { description: 'Was data lost or out of reach?' })
  availability: string;
}

@ObjectType({ description: 'What a correction changes besides the statement; null: it stays as it was.' })
class FactChanges {
  @Field(() => Occurrence, { nullable: true, description: 'When it happened.' })
  occurred: Occurrence | null;
  @Field(() => [Knowledge], { nullable: true, description: 'Who knew it since when.' })
  known: Knowledge[] | null;
  @Field(() => Source, { nullable: true, description: 'Where it stands.' })
  source: Source | null;
  @Field(() => Actor, { nullable: true, description: 'Whose act or statement it is.' })
  actor: Actor | null;
  @Field(() => MannerEnum, { nullable: true, description: 'How the source put it.' })
  manner: string | null;
  @Field(() => ProtectedText, { nullable: true, description: 'Fragment in the words of the source.' })
  quoted: ProtectedText | null;
  @Field(() => ProtectedText, { nullable: true, description: 'Remark.' })
  note: ProtectedText | null;
}

const OUTPUT: Readonly<Record<string, unknown>> = {
  token: String,
  text: ProtectedText,
  redactable: ProtectedText,
  uuid: TimelineEntry, // a kind's own ids point at facts
  sha256: String,
  count: Int,
  when: When,
  occurrence: Occurrence,
  actor: Actor,
  contact: Contact,
  effects: Effects,
  changes: FactChanges,
};

/** The object type of a kind: the common fields come with the interface, its own are derived. */
const entryType = (kind: Kind): Type<Fact> => {
  const name = pascal(kind.type);
  const type = { [name]: class extends Fact {} }[name] as Type<Fact>;
  for (const [field, schema] of Object.entries(kind.fields)) {
    const { of, nullable, description } = outputOf(field, schema);
    Field(of, { nullable, description })(type.prototype as object, field);
  }
  ObjectType(name, { description: kind.description, implements: () => [Fact, TimelineEntry, Node] })(type);
  return type;
};

/** What one kind may lack is nullable in all: siblings that a client selects at once must agree. */
const SOMETIMES_ABSENT: ReadonlySet<string> = new Set(
  [...KINDS.values()].flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([field, schema]) => (schema instanceof z.ZodOptional ? [field] : [])),
  ),
);

const outputOf = (field: string, schema: z.ZodType): { of: ReturnTypeFunc; nullable: boolean; description: string } => {
  const optional = schema instanceof z.ZodOptional;
  const required = (optional ? innerType(schema) : schema) as z.ZodType;
  const list = required instanceof z.ZodArray;
  const single = list ? (required.element as z.ZodType) : required;
  const meta = fieldMeta(single);
  if (meta === undefined) throw new Error('a field of a kind is not described');
  const type = meta.shape === 'enum' ? enumOf(single) : OUTPUT[meta.shape];
  const nullable = SOMETIMES_ABSENT.has(field) || meta.shape === 'uuid';
  const { description } = fieldMeta(required) ?? meta;
  return { of: () => (list ? [type] : type) as never, nullable, description: describe(description, nullable) };
};

const describe = (description: string, nullable: boolean): string =>
  nullable ? `${description} Null when not on record.` : description;

/** Every kind of fact with the object type derived for it, by stored type. */
export const ENTRY_TYPES: ReadonlyMap<string, Type<Fact>> = new Map(
  [...KINDS.values()].map((kind) => [kind.type, entryType(kind)]),
);
