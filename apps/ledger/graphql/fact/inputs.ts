import type { Type } from '@nestjs/common';
import { Field, ID, InputType, Int, type ReturnTypeFunc } from '@nestjs/graphql';
import { Type as Nested } from 'class-transformer';
import { ArrayMaxSize, IsOptional, Matches, MaxLength, ValidateNested } from 'class-validator';
import { z } from 'zod';
import { Effect, KINDS, type Kind } from '@ledger/domain/fact/kinds';
import { fieldMeta, innerType } from '@ledger/domain/schema/fields';
import { enumType } from '../common/enums';
import { pascal } from '../common/names';
import { RevisionScalar, UuidScalar } from '../common/scalars';
import { ActorRole, enumOf, MannerEnum, Precision, Qualifier, TimeBasis } from './types';

export const Partition = enumType({
  name: 'Partition',
  description: 'Chosen when the fact is recorded; it does not change by editing.',
  values: {
    open: 'Part of the factual record: UK GDPR Art. 33(5).',
    privileged:
      'Legal advice or litigation. Recorded in a stream of its own; no query, count or export shows it until access control exists.',
  },
});

const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
const ID_MESSAGE = 'must be an id of this ledger';

/** What every command carries. Who sends it comes from the request, never from here. */
@InputType({ isAbstract: true })
export abstract class CommandInput {
  @Field(() => UuidScalar, {
    description:
      'Chosen by the caller, unique per stream. The same id with the same content is the same command: it has one effect and one answer. With other content it is refused.',
  })
  commandId: string;

  @IsOptional()
  @Field(() => RevisionScalar, {
    nullable: true,
    description: 'Refuse unless the stream is at this revision; absent: whatever it is at.',
  })
  expectedRevision?: string | null;
}

@InputType({ description: 'Who, by role and id.' })
export class ActorInput {
  @Field(() => ActorRole, { description: 'In which role.' })
  role: string;
  @MaxLength(64)
  @Field({
    description: 'Within the role: 1 to 64 letters, digits, `_`, `.` or `-`. Of a person: a random UUID, never a name.',
  })
  id: string;
  @IsOptional()
  @MaxLength(200)
  @Field(() => String, {
    nullable: true,
    description: 'Name, or the words by which the source identifies a person. Encrypted.',
  })
  name?: string | null;
}

@InputType({
  description:
    'A time with its zone: either `local`, whose width is its own precision, or the bounds `earliest` and `latest`; an absent bound is open.',
})
export class WhenInput {
  @IsOptional()
  @MaxLength(200)
  @Field(() => String, { nullable: true, description: "The source's own words. Encrypted." })
  text?: string | null;
  @MaxLength(64)
  @Field({ description: 'IANA time zone. Example: `Europe/London`. A time without a zone is refused.' })
  zone: string;
  @IsOptional()
  @MaxLength(40)
  @Field(() => String, {
    nullable: true,
    description:
      'Civil time in the zone: `2021`, `2021-11`, `2021-10-29`, `2021-10-29T15`, `2021-10-29T15:45`, with seconds or milliseconds.',
  })
  local?: string | null;
  @IsOptional()
  @MaxLength(40)
  @Field(() => String, {
    nullable: true,
    description: 'Not before this: RFC 3339 with an offset. Absent: no lower bound is known.',
  })
  earliest?: string | null;
  @IsOptional()
  @MaxLength(40)
  @Field(() => String, {
    nullable: true,
    description: 'Before this: RFC 3339 with an offset. Absent: no upper bound is known.',
  })
  latest?: string | null;
  @IsOptional()
  @Field(() => Precision, {
    nullable: true,
    description: 'With bounds: checked against them. Absent: drawn from them.',
  })
  precision?: string | null;
  @IsOptional()
  @Field(() => Qualifier, { nullable: true, description: 'Absent: EXACT.' })
  qualifier?: string | null;
  @IsOptional()
  @MaxLength(80)
  @Field(() => String, { nullable: true, description: 'EDTF for interchange; the bounds stand.' })
  edtf?: string | null;
  @IsOptional()
  @Field(() => TimeBasis, { nullable: true, description: 'What the bounds rest on.' })
  basis?: string | null;
}

@InputType({ description: 'Something that went on: a start, observations, and an end or none on record.' })
export class StateInput {
  @ValidateNested()
  @Nested(() => WhenInput)
  @Field(() => WhenInput, { description: 'When it began.' })
  start: WhenInput;
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Nested(() => WhenInput)
  @Field(() => [WhenInput], { description: 'When it was seen to go on: at least once, at most 50 times.' })
  observed: WhenInput[];
  @IsOptional()
  @ValidateNested()
  @Nested(() => WhenInput)
  @Field(() => WhenInput, { nullable: true, description: 'When it ended. Absent: no end is on record.' })
  end?: WhenInput | null;
}

@InputType({ description: 'When it happened: a moment or a state.', isOneOf: true })
export class OccurrenceInput {
  @IsOptional()
  @ValidateNested()
  @Nested(() => WhenInput)
  @Field(() => WhenInput, { nullable: true, description: 'It happened once, within these bounds.' })
  moment?: WhenInput | null;
  @IsOptional()
  @ValidateNested()
  @Nested(() => StateInput)
  @Field(() => StateInput, { nullable: true, description: 'It went on.' })
  state?: StateInput | null;
}

@InputType({ description: 'Who knew it, since when.' })
export class KnowledgeInput {
  @ValidateNested()
  @Nested(() => ActorInput)
  @Field(() => ActorInput, {
    description: 'The knower. What was published is known by `{ role: PUBLIC, id: "public" }`.',
  })
  by: ActorInput;
  @ValidateNested()
  @Nested(() => WhenInput)
  @Field(() => WhenInput, { description: 'Since when.' })
  when: WhenInput;
  @IsOptional()
  @MaxLength(500)
  @Field(() => String, { nullable: true, description: 'How the knower came to know, or how that is known. Encrypted.' })
  basis?: string | null;
}

@InputType({ description: 'Where a statement stands.' })
export class SourceInput {
  @MaxLength(64)
  @Field({
    description: 'Document, by the reference under which it is kept: 1 to 64 letters, digits, `_`, `.` or `-`.',
  })
  document: string;
  @IsOptional()
  @Field(() => Int, { nullable: true, description: 'Line, from 1.' })
  line?: number | null;
  @IsOptional()
  @MaxLength(300)
  @Field(() => String, { nullable: true, description: 'Place in words. Encrypted.' })
  locator?: string | null;
}

@InputType({ description: 'How to reach somebody: details with a subject, or redacted in the source.' })
export class ContactInput {
  @IsOptional()
  @Field(() => UuidScalar, {
    nullable: true,
    description: 'Random id of the person or mailbox; required with details.',
  })
  subject?: string | null;
  @IsOptional()
  @MaxLength(500)
  @Field(() => String, { nullable: true, description: 'Address, number or mailbox. Encrypted.' })
  details?: string | null;
  @IsOptional()
  @Field(() => Boolean, {
    nullable: true,
    description: 'True when the source blacked it out; then no details are given.',
  })
  redactedInSource?: boolean | null;
}

const EffectEnum = enumOf(Effect);

@InputType({ description: 'What the source says of each effect.' })
export class EffectsInput {
  @Field(() => EffectEnum, { description: 'Was data disclosed or accessed?' })
  confidentiality: string;
  @Field(() => EffectEnum, { description: 'Was data altered?' })
  integrity: string;
  @Field(() => EffectEnum, { description: 'Was data lost or out of reach?' })
  availability: string;
}

@InputType({ description: 'What a correction changes besides the statement; what is absent stays as it was.' })
export class FactChangesInput {
  @IsOptional()
  @ValidateNested()
  @Nested(() => OccurrenceInput)
  @Field(() => OccurrenceInput, { nullable: true, description: 'When it happened.' })
  occurred?: OccurrenceInput | null;
  @IsOptional()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Nested(() => KnowledgeInput)
  @Field(() => [KnowledgeInput], { nullable: true, description: 'Who knew it since when, the whole list.' })
  known?: KnowledgeInput[] | null;
  @IsOptional()
  @ValidateNested()
  @Nested(() => SourceInput)
  @Field(() => SourceInput, { nullable: true, description: 'Where it stands.' })
  source?: SourceInput | null;
  @IsOptional()
  @ValidateNested()
  @Nested(() => ActorInput)
  @Field(() => ActorInput, { nullable: true, description: 'Whose act or statement it is.' })
  actor?: ActorInput | null;
  @IsOptional()
  @Field(() => MannerEnum, { nullable: true, description: 'How the source put it.' })
  manner?: string | null;
  @IsOptional()
  @MaxLength(300)
  @Field(() => String, { nullable: true, description: 'Fragment in the words of the source. Encrypted.' })
  quoted?: string | null;
  @IsOptional()
  @MaxLength(2000)
  @Field(() => String, { nullable: true, description: 'Remark. Encrypted.' })
  note?: string | null;
}

const INPUT: Readonly<Record<string, unknown>> = {
  token: String,
  text: String,
  uuid: ID,
  sha256: String,
  count: Int,
  when: WhenInput,
  occurrence: OccurrenceInput,
  actor: ActorInput,
  knowledge: KnowledgeInput,
  source: SourceInput,
  contact: ContactInput,
  effects: EffectsInput,
  changes: FactChangesInput,
};

const INPUT_CLASSES: ReadonlySet<unknown> = new Set(
  Object.values(INPUT).filter((type) => typeof type === 'function' && type !== String),
);

/** Set by the command itself, not given as a field of the fact. */
const BY_COMMAND = new Set(['incidentId', 'factId']);

/** The input type of a kind: every field of its schema, with the rules that its domain field implies. */
const inputType = (kind: Kind): Type<FactInput> => {
  const name = `${pascal(kind.command)}Input`;
  const type = { [name]: class extends FactInput {} }[name] as Type<FactInput>;
  for (const [field, schema] of Object.entries<z.ZodType>(kind.schema.shape))
    if (!BY_COMMAND.has(field)) addField(type.prototype as object, field, schema);
  InputType(name, { description: `${kind.title}. ${kind.description}` })(type);
  return type;
};

@InputType({ isAbstract: true })
export abstract class FactInput extends CommandInput {
  @Matches(ID_PATTERN, { message: ID_MESSAGE })
  @Field(() => ID, { description: 'The incident.' })
  incidentId: string;

  @IsOptional()
  @Matches(ID_PATTERN, { message: ID_MESSAGE })
  @Field(() => ID, {
    nullable: true,
    description: 'Id for the fact: `fact_` and a random UUID. Absent: drawn from commandId.',
  })
  factId?: string | null;

  @IsOptional()
  @Field(() => Partition, { nullable: true, description: 'Absent: OPEN.' })
  partition?: string | null;
}

const addField = (prototype: object, field: string, schema: z.ZodType): void => {
  const optional = schema instanceof z.ZodOptional;
  const required = (optional ? innerType(schema) : schema) as z.ZodType;
  const list = required instanceof z.ZodArray;
  const single = list ? (required.element as z.ZodType) : required;
  const meta = fieldMeta(single);
  if (meta === undefined) throw new Error(`${field} is not described`);
  const type = meta.shape === 'enum' ? enumOf(single) : INPUT[meta.shape];
  // A list that may be empty may be left out.
  const nullable = optional || (list && required.safeParse([]).success);
  const of: ReturnTypeFunc = () => (list ? [type] : type) as never;
  const { description } = fieldMeta(required) ?? meta;
  Field(of, { nullable, description: meta.protect === undefined ? description : `${description} Encrypted.` })(
    prototype,
    field,
  );

  if (nullable) IsOptional()(prototype, field);
  if (list) ArrayMaxSize(Number(required._zod.bag['maximum'] ?? 50))(prototype, field);
  if (INPUT_CLASSES.has(type)) {
    ValidateNested({ each: list })(prototype, field);
    Nested(() => type as new () => object)(prototype, field);
  } else if (meta.max !== undefined && !list) MaxLength(meta.max)(prototype, field); // in a list the domain says which
};

/** Every kind of fact with the input type derived for it, by stored type. */
export const FACT_INPUTS: ReadonlyMap<string, Type<FactInput>> = new Map(
  [...KINDS.values()].map((kind) => [kind.type, inputType(kind)]),
);
