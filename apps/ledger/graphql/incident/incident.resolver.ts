import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, createUnionType, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsNotEmpty, Matches, MaxLength, ValidateNested } from 'class-validator';
import { CloseIncident } from '@ledger/application/incident/close-incident';
import { OpenIncident } from '@ledger/application/incident/open-incident';
import type { Outcome } from '@ledger/application/transact';
import { draftPayload, isFaults } from '@ledger/domain/fact/draft';
import { fault } from '@ledger/domain/fault';
import type { OpenIncident as Particulars } from '@ledger/domain/incident/decide';
import { INCIDENT_EVENTS } from '@ledger/domain/incident/events';
import { canonicalZone } from '@ledger/domain/time/wall-clock';
import { commandContext, failure, type RequestContext } from '../common/answer';
import { checkInput } from '../common/check-input';
import { FAILURES, invalidInput, merged } from '../common/errors';
import { fromId } from '../common/ids';
import { resolveType } from '../common/node';
import { Answers, MEMBERS_GROW, Recorded } from '../common/recorded';
import { ActorInput, CommandInput } from '../fact/inputs';
import { Incident } from '../fact/types';

@InputType({ description: 'Opens the record of an incident.' })
export class OpenIncidentInput extends CommandInput {
  @Matches(/^inc_[0-9a-f-]{36}$/, { message: 'must be inc_ and a random UUID' })
  @Field(() => ID, { description: 'Id for the incident: `inc_` and a random UUID.' })
  incidentId: string;
  @MaxLength(64)
  @Field({ description: "The organisation's own reference: 1 to 64 letters, digits, `_`, `.` or `-`." })
  reference: string;
  @IsNotEmpty()
  @MaxLength(300)
  @Field({ description: 'What it is called. Encrypted.' })
  title: string;
  @ValidateNested()
  @Type(() => ActorInput)
  @Field(() => ActorInput, { description: 'The controller.' })
  controller: ActorInput;
  @MaxLength(64)
  @Field({ description: 'IANA time zone in which its local times are read. Example: `Europe/London`.' })
  zone: string;
}

@InputType({ description: 'Closes the record of an incident; facts can still be recorded.' })
export class CloseIncidentInput extends CommandInput {
  @Matches(/^inc_[0-9a-f-]{36}$/, { message: 'must be an id that begins with inc_' })
  @Field(() => ID, { description: 'The incident.' })
  incidentId: string;
  @IsNotEmpty()
  @MaxLength(2000)
  @Field({ description: 'Why. Encrypted.' })
  reason: string;
}

@ObjectType({ description: 'The record is open.', implements: () => [Recorded] })
export class IncidentOpened extends Recorded {
  @Field(() => Incident, {
    nullable: true,
    description: 'The incident; null when the views had not caught up in time.',
  })
  incident: Incident | null;
}

@ObjectType({ description: 'The record is closed.', implements: () => [Recorded] })
export class IncidentClosed extends Recorded {
  @Field(() => Incident, {
    nullable: true,
    description: 'The incident; null when the views had not caught up in time.',
  })
  incident: Incident | null;
}

const OpenIncidentResult = createUnionType({
  name: 'OpenIncidentResult',
  description: MEMBERS_GROW,
  types: () => [IncidentOpened, ...FAILURES] as const,
  resolveType,
});
const CloseIncidentResult = createUnionType({
  name: 'CloseIncidentResult',
  description: MEMBERS_GROW,
  types: () => [IncidentClosed, ...FAILURES] as const,
  resolveType,
});

@Resolver()
export class IncidentMutations {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  @Mutation(() => OpenIncidentResult, { description: 'Opens the record of an incident: UK GDPR Art. 33(5).' })
  async openIncident(
    @Args('input', { description: 'Its particulars.' }) input: OpenIncidentInput,
    @Context() request: RequestContext,
  ) {
    const { reference, title, controller, zone } = input;
    const incidentId = fromId('inc', input.incidentId) ?? '';
    const faults = checkInput(OpenIncidentInput, input);
    if (canonicalZone(zone) === undefined)
      faults.push(fault('zone-unknown', ['zone'], 'must be an IANA time zone such as Europe/London'));
    const payload = draftPayload(INCIDENT_EVENTS['incident-opened'].schema, {
      incidentId,
      reference,
      title,
      controller: { ...controller },
      zone: canonicalZone(zone) ?? zone,
    });
    const all = merged(faults, isFaults(payload) ? payload : []);
    if (all.length > 0) return invalidInput(all);
    const outcome = await this.commands.execute(
      new OpenIncident(payload as unknown as Particulars, commandContext(input, request)),
    );
    return this.answer('IncidentOpened', outcome, incidentId, request);
  }

  @Mutation(() => CloseIncidentResult, {
    description: 'Closes the record of an incident. Closing a closed one changes nothing.',
  })
  async closeIncident(
    @Args('input', { description: 'Which, and why.' }) input: CloseIncidentInput,
    @Context() request: RequestContext,
  ) {
    const incidentId = fromId('inc', input.incidentId) ?? '';
    const payload = draftPayload(INCIDENT_EVENTS['incident-closed'].schema, { incidentId, reason: input.reason });
    const faults = merged(checkInput(CloseIncidentInput, input), isFaults(payload) ? payload : []);
    if (faults.length > 0) return invalidInput(faults);
    const outcome = await this.commands.execute(
      new CloseIncident({ incidentId, reason: input.reason }, commandContext(input, request)),
    );
    return this.answer('IncidentClosed', outcome, incidentId, request);
  }

  private answer(typename: string, outcome: Outcome, incidentId: string, { loaders }: RequestContext) {
    if (outcome.outcome !== 'accepted') return failure(outcome);
    return {
      ...this.answers.recorded(outcome, typename),
      incident: async () => loaders.incident(incidentId, await this.answers.written(outcome)),
    };
  }
}
