import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v5 as uuidv5 } from 'uuid';
import { ACTS, SUBJECTS, type Subject, type SubjectAct } from '@ledger/domain/catalogue';
import type { Aggregate, Decision, DomainEvent } from '@ledger/domain/decision';
import { decideOnIncident } from '@ledger/domain/incident/decide';
import { incident } from '@ledger/domain/incident/state';
import { decideOnOrganisation, organisation } from '@ledger/domain/organisation/organisation';
import { decideOnParty, party } from '@ledger/domain/party/party';
import { incidentStream, organisationStream, partyStream } from './streams';
import { Transactor, type CommandContext, type Outcome } from './transact';

/** Any act: what differs between acts is data, and what may be done is decided by its subject. */
export class PerformAct extends Command<Outcome> {
  constructor(
    /** As the event that it asks for. */
    readonly act: DomainEvent,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** The id of something that an act makes and its command does not name. */
export const madeId = (commandId: string, subjectId: string, act: SubjectAct): string =>
  uuidv5(`${act.makes} ${subjectId}`, commandId);

interface Room<State> {
  readonly stream: (subjectId: string) => string;
  readonly aggregate: Aggregate<State>;
  readonly decide: (act: DomainEvent, state: State) => Decision;
}
const room = <State>(one: Room<State>): Room<unknown> => one as Room<unknown>;

/** Where the acts of each subject are kept, and what decides about them. */
export const ROOMS: Readonly<Record<Subject, Room<unknown>>> = {
  incident: room({ stream: incidentStream, aggregate: incident, decide: decideOnIncident }),
  party: room({ stream: partyStream, aggregate: party, decide: decideOnParty }),
  organisation: room({ stream: organisationStream, aggregate: organisation, decide: decideOnOrganisation }),
};

@CommandHandler(PerformAct)
export class PerformActHandler implements ICommandHandler<PerformAct> {
  constructor(private readonly transactor: Transactor) {}

  execute({ act, context }: PerformAct): Promise<Outcome> {
    const { subject } = ACTS.get(act.type) as SubjectAct;
    const { stream, aggregate, decide } = ROOMS[subject];
    const name = stream(String(act.payload[SUBJECTS[subject]]));
    return this.transactor.transact(name, aggregate, (state) => decide(act, state), context, act);
  }
}
