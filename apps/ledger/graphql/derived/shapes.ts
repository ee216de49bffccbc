import { Field, InputType, Int } from '@nestjs/graphql';
import { Type as Nested } from 'class-transformer';
import { ArrayMaxSize, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { UuidScalar } from '../common/scalars';
import { ActorRole, Precision, Qualifier, TimeBasis } from '../fact/types';

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
    'A time with its zone: either `local`, whose width is its own precision, or two bounds, each as a local time (`from`, `until`) or as an instant (`earliest`, `latest`); an absent bound is open.',
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
    description:
      'Not before the beginning of this civil time in the zone, written as `local`. Not together with earliest.',
  })
  from?: string | null;
  @IsOptional()
  @MaxLength(40)
  @Field(() => String, {
    nullable: true,
    description:
      'Not after the end of this civil time in the zone, written as `local`: a day is included whole. Not together with latest.',
  })
  until?: string | null;
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
  @Field(() => TimeBasis, { nullable: true, description: 'What the bounds rest on. Absent: INFERRED.' })
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
