import { Field, InterfaceType, ObjectType } from '@nestjs/graphql';
import type { Fault } from '@ledger/domain/fault';
import { upper } from './names';
import { resolveType } from './node';
import { RevisionScalar } from './scalars';

@InterfaceType({
  description:
    'Why a command was not carried out. Select it in every mutation: members of the unions that clients do not know yet reach them through it.',
  resolveType,
})
export abstract class ErrorResult {
  @Field({ description: 'Stable, listed in `docs/guides/errors.md`. The list grows.' })
  code: string;
  @Field({ description: 'For people; not to be parsed.' })
  message: string;
}

@ObjectType({ description: 'One thing that is wrong with an input.' })
export class InputIssue {
  @Field(() => [String], {
    description: 'Way to the field, from the input. Example: `["occurred", "moment", "latest"]`.',
  })
  path: string[];
  @Field({ description: 'Stable, listed in `docs/guides/errors.md`.' })
  code: string;
  @Field({ description: 'For people.' })
  message: string;
}

@ObjectType({
  description: 'The input is not well-formed; everything that is wrong with it. Nothing was recorded.',
  implements: () => [ErrorResult],
})
export class InvalidInput implements ErrorResult {
  code: string;
  message: string;
  @Field(() => [InputIssue], { description: 'Each fault.' })
  issues: InputIssue[];
}

@ObjectType({
  description: 'The stream is not at the expected revision. Nothing was recorded.',
  implements: () => [ErrorResult],
})
export class RevisionConflict implements ErrorResult {
  code: string;
  message: string;
  @Field(() => RevisionScalar, { nullable: true, description: 'Where it is; null: there is no such stream yet.' })
  actualRevision: string | null;
}

@ObjectType({
  description: 'The commandId was used before, with other content. Nothing was recorded.',
  implements: () => [ErrorResult],
})
export class CommandReused implements ErrorResult {
  code: string;
  message: string;
  @Field(() => RevisionScalar, {
    nullable: true,
    description: 'Where the stream holds what it was first used for; null when that is privileged.',
  })
  firstRevision: string | null;
}

@ObjectType({
  description: 'The record does not allow it; the code says why. Nothing was recorded.',
  implements: () => [ErrorResult],
})
export class CommandRejected implements ErrorResult {
  code: string;
  message: string;
  @Field(() => [String], { description: 'Way to the field that is refused, from the input.' })
  path: string[];
}

/** The failures every mutation can answer with; a new reason is first a new code of `CommandRejected`. */
export const FAILURES = [InvalidInput, RevisionConflict, CommandReused, CommandRejected] as const;

export const invalidInput = (faults: readonly Fault[]): InvalidInput & { __typename: string } => ({
  __typename: 'InvalidInput',
  code: 'INVALID_INPUT',
  message: faults.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  issues: faults.map(({ path, code, message }) => ({
    path: path.map(String),
    code: upper(code),
    message,
  })),
});

/** Each field once: the rules of the input type and those of the domain overlap, and one text can break several. */
export const merged = (shape: readonly Fault[], domain: readonly Fault[]): Fault[] => {
  const byField = new Map<string, Fault>();
  for (const fault of [...shape, ...domain]) {
    const field = fault.path.join('.');
    if (!byField.has(field)) byField.set(field, fault);
  }
  return [...byField.values()];
};
