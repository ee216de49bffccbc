import { Injectable, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, createUnionType, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import type { z } from 'zod';
import { madeId, PerformAct } from '@ledger/application/perform-act';
import { ACTS, SUBJECTS, type SubjectAct } from '@ledger/domain/catalogue';
import { draftPayload, isFaults } from '@ledger/domain/fact/draft';
import { fieldMeta, type Named } from '@ledger/domain/schema/fields';
import { commandContext, failure, type RequestContext } from '../common/answer';
import { checkInput } from '../common/check-input';
import { CommandInput } from '../common/command-input';
import { FAILURES, invalidInput, merged } from '../common/errors';
import { PREFIXES, toId } from '../common/ids';
import { camel, pascal } from '../common/names';
import { resolveType } from '../common/node';
import { Answers, MEMBERS_GROW, Recorded } from '../common/recorded';
import { addFields, ID_MESSAGE, ID_PATTERN, withoutPrefixes } from '../derived/input-type';
import { Incident } from '../fact/types';

type ActInput = CommandInput & Readonly<Record<string, unknown>>;

/** The acts that can be commanded; what only follows from others has no mutation. */
const COMMANDED = [...ACTS.values()].filter(({ command }) => command !== undefined);

const named = (act: SubjectAct, field: string): Named =>
  fieldMeta(act.schema.shape[field] as z.ZodType)?.names as Named;

const inputType = (act: SubjectAct): Type<ActInput> => {
  const name = `${pascal(act.command as string)}Input`;
  const type = { [name]: class extends CommandInput {} }[name] as Type<ActInput>;
  const made = act.makes;
  addFields(type, act.schema, (field) => field !== made);
  if (made !== undefined) {
    const description = `Id for it: \`${PREFIXES[named(act, made)]}_\` and a random UUID. Absent: drawn from commandId.`;
    Field(() => ID, { nullable: true, description })(type.prototype as object, made);
    IsOptional()(type.prototype as object, made);
    Matches(ID_PATTERN, { message: ID_MESSAGE })(type.prototype as object, made);
  }
  InputType(name, { description: act.description })(type);
  return type;
};

/** Every act that can be commanded with the input type derived for it, by stored type. */
export const ACT_INPUTS: ReadonlyMap<string, Type<ActInput>> = new Map(
  COMMANDED.map((act) => [act.type, inputType(act)]),
);

/** What is answered when all went well: what it was done to, and the id of what it made. */
const successType = (act: SubjectAct): Type<Recorded> => {
  const name = pascal(act.type);
  const type = { [name]: class extends Recorded {} }[name] as Type<Recorded>;
  const prototype = type.prototype as object;
  if (act.subject === 'incident') {
    const description = 'The incident; null when the views had not caught up in time.';
    Field(() => Incident, { nullable: true, description })(prototype, 'incident');
  } else Field(() => String, { description: 'The id that facts use for it.' })(prototype, SUBJECTS[act.subject]);
  const made = act.makes;
  if (made !== undefined)
    Field(() => ID, { nullable: true, description: 'Its id; null when nothing was made: see `effect`.' })(
      prototype,
      made,
    );
  ObjectType(name, { description: `It is on record: ${act.title}.`, implements: () => [Recorded] })(type);
  return type;
};

/** One way for every act: shape → revision → decision. */
@Injectable()
export class ActCommands {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  async perform(act: SubjectAct, type: Type<ActInput>, input: ActInput, request: RequestContext): Promise<object> {
    const { commandId, expectedRevision: _, ...fields } = input;
    const { given, faults } = withoutPrefixes(act.schema, fields);
    const subjectId = String(given[SUBJECTS[act.subject]]);
    const made = act.makes;
    if (made !== undefined) given[made] ??= madeId(commandId, subjectId, act);
    const payload = draftPayload(act.schema, given);
    const shape = [...checkInput(type, input), ...faults];
    if (isFaults(payload) || shape.length > 0) return invalidInput(merged(shape, isFaults(payload) ? payload : []));
    const event = { type: act.type, payload };
    const outcome = await this.commands.execute(new PerformAct(event, commandContext(input, request)));
    if (outcome.outcome !== 'accepted') return failure(outcome);
    return {
      ...this.answers.recorded(outcome, pascal(act.type)),
      [SUBJECTS[act.subject]]: subjectId,
      ...(made !== undefined && {
        [made]: outcome.alreadySo ? null : toId(PREFIXES[named(act, made)], String(payload[made])),
      }),
      incident: async () => request.loaders.incident(subjectId, await this.answers.written(outcome)),
    };
  }
}

/** One mutation for each act, all of them the same code. */
const actMutations = (): Type<object> => {
  class ActMutations {
    constructor(readonly acts: ActCommands) {}
  }
  const prototype = ActMutations.prototype;
  for (const act of COMMANDED) {
    const name = camel(act.command as string);
    const input = ACT_INPUTS.get(act.type) as Type<ActInput>;
    const success = successType(act);
    const union = createUnionType({
      name: `${pascal(act.command as string)}Result`,
      description: MEMBERS_GROW,
      types: () => [success, ...FAILURES] as const,
      resolveType,
    });
    const method = function (this: ActMutations, given: ActInput, request: RequestContext) {
      return this.acts.perform(act, input, given, request);
    };
    const descriptor = { value: method, writable: true, configurable: true };
    Object.defineProperty(prototype, name, descriptor);
    Reflect.defineMetadata('design:paramtypes', [Object, Object], prototype, name);
    Args('input', { type: () => input, description: 'Its particulars.' })(prototype, name, 0);
    Context()(prototype, name, 1);
    Mutation(() => union, { name, description: `${act.title}. ${act.description}` })(prototype, name, descriptor);
  }
  Reflect.defineMetadata('design:paramtypes', [ActCommands], ActMutations);
  Resolver()(ActMutations);
  return ActMutations;
};

export const ActMutations = actMutations();
