import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v5 as uuidv5 } from 'uuid';
import { confirmDestruction, orderErasure } from '@ledger/domain/incident/decide';
import { incident, type Incident } from '@ledger/domain/incident/state';
import { KeyCustody } from '../key-custody';
import { incidentStream } from '../streams';
import { Transactor, type CommandContext, type Outcome } from '../transact';

export interface Erasure {
  readonly incidentId: string;
  /** Ids of the keys whose texts go: of a fact's own text, or of one subject in this incident. */
  readonly kids: readonly string[];
  readonly ground: string;
}

/**
 * Destroys keys: order on the record → views have let go → keys gone → destruction on the record. Repeating the command
 * after a crash finishes it. Not here yet: holds, a second approver and the privileged streams.
 */
export class EraseTexts extends Command<Outcome> {
  constructor(
    readonly erasure: Erasure,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EraseTexts)
export class EraseTextsHandler implements ICommandHandler<EraseTexts> {
  constructor(
    private readonly transactor: Transactor,
    private readonly custody: KeyCustody,
  ) {}

  async execute({ erasure, context }: EraseTexts): Promise<Outcome> {
    const stream = incidentStream(erasure.incidentId);
    const { kids: own } = await this.transactor.read(stream, incident);
    const order = { ...erasure };
    const decide = (state: Incident) => orderErasure(order, state, own);
    const asked = { type: 'erasure-ordered', payload: order };
    const ordered = await this.transactor.transact(stream, incident, decide, context, asked);
    if (ordered.outcome !== 'accepted') return ordered;
    await this.custody.destroy(erasure.kids, ordered.position);
    const { incidentId, kids } = erasure;
    const confirmation = {
      ...context,
      commandId: uuidv5('keys-destroyed', context.commandId),
      expectedRevision: undefined,
    };
    const confirmed = confirmDestruction({ incidentId, kids });
    return this.transactor.transact(stream, incident, () => confirmed, confirmation, confirmed[0]);
  }
}
