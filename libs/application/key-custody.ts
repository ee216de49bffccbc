import type { Position } from '@ledger/event-store/port';
import type { KeyVault } from '@ledger/privacy/key-vault';

/** The read side, as far as destroying a key must wait for it. */
export interface ClearTextHolders {
  /** Resolves once every view has handled the log up to `position`; rejects when one cannot. */
  released(position: Position | undefined): Promise<void>;
}

/** Keys are destroyed only after no view holds their clear text any more. */
export class KeyCustody {
  constructor(
    private readonly vault: KeyVault,
    private readonly holders: ClearTextHolders,
  ) {}

  async destroy(kids: readonly string[], orderedAt: Position | undefined): Promise<void> {
    await this.holders.released(orderedAt);
    this.vault.destroy(kids);
  }
}
