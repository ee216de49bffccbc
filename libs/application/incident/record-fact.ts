import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v5 as uuidv5 } from 'uuid';
import { reject } from '@ledger/domain/decision';
import type { FactDraft } from '@ledger/domain/fact/fact-draft';
import { isNoticeOfProcessor, recordFact, type Circumstances } from '@ledger/domain/incident/decide';
import { incident, privilegedFacts, type Incident } from '@ledger/domain/incident/state';
import { party } from '@ledger/domain/party/party';
import { LedgerKey } from '../ledger-key';
import { incidentStream, partyStream, privilegedAlias, privilegedStream } from '../streams';
import { Transactor, UNREADABLE, type CommandContext, type Outcome } from '../transact';

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
    const around = {
      gapId: uuidv5('unregistered-processor', fact.payload.factId),
      actorRegistered:
        isNoticeOfProcessor(fact) && (await this.transactor.read(partyStream(actor.id), party)).state.registered,
    };
    if (partition === 'privileged') return this.underPrivilege(fact, around, context);
    const decide = (state: Incident) => recordFact(fact, state, around);
    return this.transactor.transact(incidentStream(incidentId), incident, decide, context, fact);
  }

  /**
   * Only this way round do the two records of an incident look at each other: who works in the open must not learn from an
   * answer what lies under privilege.
   */
  private async underPrivilege(fact: FactDraft, around: Circumstances, context: CommandContext): Promise<Outcome> {
    const { incidentId } = fact.payload;
    const alias = privilegedAlias(this.ledger.key, incidentId);
    const stream = privilegedStream(alias);
    const open = await this.transactor.read(incidentStream(incidentId), incident);
    const privileged = await this.transactor.read(stream, privilegedFacts);
    const usedInOpen = open.commands.get(context.commandId);
    if (usedInOpen !== undefined && !privileged.commands.has(context.commandId))
      return { outcome: 'command-reused', firstRevision: usedInOpen.first };
    const hidden = { ...fact, payload: { ...fact.payload, incidentId: alias } };
    const decide = (state: Incident) =>
      !open.readable
        ? UNREADABLE
        : open.state.status === 'unopened'
          ? reject('incident-not-found', 'incidentId')
          : recordFact(hidden, state, { ...around, openFacts: open.state.facts });
    return this.transactor.transact(stream, privilegedFacts, decide, context, hidden);
  }
}
