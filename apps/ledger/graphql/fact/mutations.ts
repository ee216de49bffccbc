import { Injectable, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, createUnionType, Field, ID, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Accepted } from '@ledger/application/transact';
import { factIdFor, RecordFact, type Partition } from '@ledger/application/incident/record-fact';
import { traceOf } from '@ledger/domain/as-of/trace';
import type { FactDraft } from '@ledger/domain/fact/fact-draft';
import { draftFact, isFaults } from '@ledger/domain/fact/draft';
import { KINDS, type Kind } from '@ledger/domain/fact/kinds';
import { fault } from '@ledger/domain/fault';
import { commandContext, failure, type RequestContext } from '../common/answer';
import { checkInput } from '../common/check-input';
import { FAILURES, invalidInput, merged } from '../common/errors';
import { toId } from '../common/ids';
import { camel, pascal } from '../common/names';
import { resolveType } from '../common/node';
import { Answers, MEMBERS_GROW, Recorded } from '../common/recorded';
import { withoutPrefixes } from '../derived/input-type';
import { FACT_INPUTS, type FactInput } from './inputs';
import { ENTRY_TYPES } from './kinds';
import { Fact } from './types';

/** One way for every kind: shape → references → authority → revision → decision, and the written fact back. */
@Injectable()
export class FactCommands {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  async record(kind: Kind, input: FactInput, request: RequestContext): Promise<object> {
    const { commandId: _, expectedRevision: __, partition: ___, ...fields } = input;
    const { given, faults } = withoutPrefixes(kind.schema, fields);
    const partition = (input.partition ?? 'open') as Partition;
    const shape = [...checkInput(FACT_INPUTS.get(kind.type) as Type<FactInput>, input), ...faults];
    if (partition === 'privileged' && input.expectedRevision != null)
      shape.push(fault('not-allowed', ['expectedRevision'], 'is not offered for privileged facts'));
    const fact = draftFact(kind.type, {
      ...given,
      factId: given['factId'] ?? factIdFor(input.commandId, String(given['incidentId'])),
    });
    if (isFaults(fact) || shape.length > 0) return invalidInput(merged(shape, isFaults(fact) ? fact : []));
    const outcome = await this.commands.execute(new RecordFact(fact, partition, commandContext(input, request)));
    const typename = `${pascal(kind.noun)}Recorded`;
    if (outcome.outcome !== 'accepted') return failure(outcome, partition);
    if (partition === 'privileged') return { ...this.answers.privileged(outcome, typename), notOnRecord: [] };
    const { factId, incidentId } = fact.payload;
    return {
      ...this.answers.recorded(outcome, typename),
      notOnRecord: async () => this.missing(fact, outcome, request),
      entry: async () => request.loaders.fact(factId, incidentId, await this.answers.written(outcome)),
    };
  }

  /** The facts that it points at and nobody has recorded: a fact may come before those, and a wrong id looks the same. */
  private async missing(
    { type, payload }: FactDraft,
    outcome: Accepted,
    { loaders }: RequestContext,
  ): Promise<string[]> {
    const asOf = await this.answers.written(outcome);
    const pointedAt = Object.values(traceOf(0, type, payload).links).flat();
    const found = await Promise.all(pointedAt.map((id) => loaders.fact(id, payload.incidentId, asOf)));
    return pointedAt.filter((_, index) => found[index] === null).map((id) => toId('fact', id));
  }
}

const resultUnion = (kind: Kind) => {
  const name = `${pascal(kind.noun)}Recorded`;
  const success = { [name]: class extends Recorded {} }[name] as Type<Recorded>;
  Field(() => ENTRY_TYPES.get(kind.type) as Type<Fact>, {
    nullable: true,
    description: 'The fact; null when the views had not caught up in time, or when it is privileged.',
  })(success.prototype as object, 'entry');
  Field(() => [ID], {
    description:
      'Facts that it points at and that are not on record: they may still come, or the id is wrong. Empty of a privileged fact.',
  })(success.prototype as object, 'notOnRecord');
  ObjectType(name, { description: `It is on record: ${kind.title}.`, implements: () => [Recorded] })(success);
  return createUnionType({
    name: `${pascal(kind.command)}Result`,
    description: MEMBERS_GROW,
    types: () => [success, ...FAILURES] as const,
    resolveType,
  });
};

/** One mutation for each kind, all of them the same code. */
const factMutations = (): Type<object> => {
  class FactMutations {
    constructor(readonly facts: FactCommands) {}
  }
  for (const kind of KINDS.values()) {
    const name = camel(kind.command);
    const method = function (this: FactMutations, input: FactInput, request: RequestContext) {
      return this.facts.record(kind, input, request);
    };
    const descriptor = { value: method, writable: true, configurable: true };
    Object.defineProperty(FactMutations.prototype, name, descriptor);
    const union = resultUnion(kind);
    const input = FACT_INPUTS.get(kind.type) as Type<FactInput>;
    Reflect.defineMetadata('design:paramtypes', [Object, Object], FactMutations.prototype, name);
    Args('input', { type: () => input, description: 'The fact.' })(FactMutations.prototype, name, 0);
    Context()(FactMutations.prototype, name, 1);
    Mutation(() => union, { name, description: `${kind.title}. ${kind.description}` })(
      FactMutations.prototype,
      name,
      descriptor,
    );
  }
  Reflect.defineMetadata('design:paramtypes', [FactCommands], FactMutations);
  Resolver()(FactMutations);
  return FactMutations;
};

export const FactMutations = factMutations();
