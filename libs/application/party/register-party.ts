import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { party, registerParty, type Party, type PartyParticulars } from '@ledger/domain/party/party';
import { partyStream } from '../streams';
import { Transactor, type CommandContext, type Outcome } from '../transact';

export class RegisterParty extends Command<Outcome> {
  constructor(
    readonly particulars: PartyParticulars,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RegisterParty)
export class RegisterPartyHandler implements ICommandHandler<RegisterParty> {
  constructor(private readonly transactor: Transactor) {}

  execute({ particulars, context }: RegisterParty): Promise<Outcome> {
    const decide = (state: Party) => registerParty(particulars, state);
    return this.transactor.transact(partyStream(particulars.partyId), party, decide, context);
  }
}
