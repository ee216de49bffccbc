import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v5 as uuidv5 } from 'uuid';
import { reject } from '@ledger/domain/decision';
import { recordFact, type FactDraft } from '@ledger/domain/incident/decide';
import { incident, privilegedFacts, type Incident } from '@ledger/domain/incident/state';
import { party } from '@ledger/domain/party/party';
import { LedgerKey } from '../ledger-key';
import { incidentStream, partyStream, privilegedAlias, privilegedStream } from '../streams';
import { rejected, Transactor, type CommandContext, type Outcome } from '../transact';

/** Privileged: legal advice or litigation. Absent from every view until access control exists. */
export type Partition = 'open' | 'privileged';

/** Any kind of fact: what differs between kinds is data, and the decision over them is one. */
export class RecordFact extends Command<Outcome> {
  constructor(
    readonly fact: FactDraft,
    readonly partition: Partition,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** The id of a fact whose command names none. A command id is unique per stream, a fact on the whole ledger. */
export const factIdFor = (commandId: string, incidentId: string): string => uuidv5(`fact ${incidentId}`, commandId);

@CommandHandler(RecordFact)
export class RecordFactHandler implements ICommandHandler<RecordFact> {
  constructor(
    private readonly transactor: Transactor,
    private readonly ledger: LedgerKey,
  ) {}

  async execute({ fact, partition, context }: RecordFact): Promise<Outcome> {
    const { incidentId, actor } = fact.payload;
    const opened = await this.transactor.read(incidentStream(incidentId), incident);
    if (opened.status === 'unopened') return rejected(reject('incident-not-found', 'incidentId'));
    const { registered } = await this.transactor.read(partyStream(actor.id), party);
    const around = { gapId: uuidv5(`gap ${incidentId}`, context.commandId), actorRegistered: registered };
    if (partition === 'open') {
      const decide = (state: Incident) => recordFact(fact, state, around);
      return this.transactor.transact(incidentStream(incidentId), incident, decide, context);
    }
    const alias = privilegedAlias(this.ledger.key, incidentId);
    const hidden = { ...fact, payload: { ...fact.payload, incidentId: alias } };
    const decide = (state: Incident) => recordFact(hidden, state, around);
    return this.transactor.transact(privilegedStream(alias), privilegedFacts, decide, context);
  }
}
