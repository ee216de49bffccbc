import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { openIncident, type OpenIncident as Particulars } from '@ledger/domain/incident/decide';
import { incident, type Incident } from '@ledger/domain/incident/state';
import { incidentStream } from '../streams';
import { Transactor, type CommandContext, type Outcome } from '../transact';

export class OpenIncident extends Command<Outcome> {
  constructor(
    readonly particulars: Particulars,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(OpenIncident)
export class OpenIncidentHandler implements ICommandHandler<OpenIncident> {
  constructor(private readonly transactor: Transactor) {}

  execute({ particulars, context }: OpenIncident): Promise<Outcome> {
    const decide = (state: Incident) => openIncident(particulars, state);
    return this.transactor.transact(incidentStream(particulars.incidentId), incident, decide, context);
  }
}
