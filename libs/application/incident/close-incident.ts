import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { closeIncident, type CloseIncident as Particulars } from '@ledger/domain/incident/decide';
import { incident, type Incident } from '@ledger/domain/incident/state';
import { incidentStream } from '../streams';
import { Transactor, type CommandContext, type Outcome } from '../transact';

export class CloseIncident extends Command<Outcome> {
  constructor(
    readonly particulars: Particulars,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CloseIncident)
export class CloseIncidentHandler implements ICommandHandler<CloseIncident> {
  constructor(private readonly transactor: Transactor) {}

  execute({ particulars, context }: CloseIncident): Promise<Outcome> {
    const decide = (state: Incident) => closeIncident(particulars, state);
    const asked = { type: 'incident-closed', payload: particulars };
    return this.transactor.transact(incidentStream(particulars.incidentId), incident, decide, context, asked);
  }
}
