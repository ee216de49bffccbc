import type { Type } from '@nestjs/common';
import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import { KINDS, type Kind } from '@ledger/domain/fact/kinds';
import { CommandInput } from '../common/command-input';
import { enumType } from '../common/enums';
import { pascal } from '../common/names';
import { addFields, ID_MESSAGE, ID_PATTERN } from '../derived/input-type';

export const Partition = enumType({
  name: 'Partition',
  description: 'Chosen when the fact is recorded; it does not change by editing.',
  values: {
    open: 'Part of the factual record: UK GDPR Art. 33(5).',
    privileged:
      'Legal advice or litigation. Recorded in a stream of its own; no query, count or export shows it until access control exists.',
  },
});

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

/** Set by the command itself, not given as a field of the fact. */
const BY_COMMAND = new Set(['incidentId', 'factId']);

/** The input type of a kind: every field of its schema, with the rules that its domain field implies. */
const inputType = (kind: Kind): Type<FactInput> => {
  const name = `${pascal(kind.command)}Input`;
  const type = { [name]: class extends FactInput {} }[name] as Type<FactInput>;
  addFields(type, kind.schema, (field) => !BY_COMMAND.has(field));
  InputType(name, { description: `${kind.title}. ${kind.description}` })(type);
  return type;
};

/** Every kind of fact with the input type derived for it, by stored type. */
export const FACT_INPUTS: ReadonlyMap<string, Type<FactInput>> = new Map(
  [...KINDS.values()].map((kind) => [kind.type, inputType(kind)]),
);
