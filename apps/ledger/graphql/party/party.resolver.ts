import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, createUnionType, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsNotEmpty, MaxLength } from 'class-validator';
import { RegisterParty } from '@ledger/application/party/register-party';
import { draftPayload, isFaults } from '@ledger/domain/fact/draft';
import { PARTY_EVENTS, type PartyParticulars } from '@ledger/domain/party/party';
import { commandContext, failure, type RequestContext } from '../common/answer';
import { checkInput } from '../common/check-input';
import { FAILURES, invalidInput, merged } from '../common/errors';
import { resolveType } from '../common/node';
import { Answers, MEMBERS_GROW, Recorded } from '../common/recorded';
import { CommandInput } from '../fact/inputs';
import { enumOf } from '../fact/types';

const PartySort = enumOf(PARTY_EVENTS['party-registered'].schema.shape.sort);

@InputType({
  description: 'Puts an organisation on the register. It joins incidents in roles; this says nothing of any.',
})
export class RegisterPartyInput extends CommandInput {
  @MaxLength(64)
  @Field({ description: 'The id that facts use for it: 1 to 64 letters, digits, `_`, `.` or `-`.' })
  partyId: string;
  @IsNotEmpty()
  @MaxLength(300)
  @Field({ description: 'Its name. Encrypted.' })
  name: string;
  @Field(() => PartySort, { description: 'What it is.' })
  sort: string;
}

@ObjectType({ description: 'The party is on the register.', implements: () => [Recorded] })
export class PartyRegistered extends Recorded {
  @Field({ description: 'The id that facts use for it.' })
  partyId: string;
}

const RegisterPartyResult = createUnionType({
  name: 'RegisterPartyResult',
  description: MEMBERS_GROW,
  types: () => [PartyRegistered, ...FAILURES] as const,
  resolveType,
});

@Resolver()
export class PartyMutations {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  @Mutation(() => RegisterPartyResult, { description: 'Puts an organisation on the register of parties.' })
  async registerParty(
    @Args('input', { description: 'Its particulars.' }) input: RegisterPartyInput,
    @Context() request: RequestContext,
  ) {
    const { partyId, name, sort } = input;
    const payload = draftPayload(PARTY_EVENTS['party-registered'].schema, { partyId, name, sort });
    const faults = merged(checkInput(RegisterPartyInput, input), isFaults(payload) ? payload : []);
    if (faults.length > 0) return invalidInput(faults);
    const outcome = await this.commands.execute(
      new RegisterParty(payload as PartyParticulars, commandContext(input, request)),
    );
    if (outcome.outcome !== 'accepted') return failure(outcome);
    return { ...this.answers.recorded(outcome, 'PartyRegistered'), partyId };
  }
}
