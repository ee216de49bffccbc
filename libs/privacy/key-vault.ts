/** A 256-bit key and its random id. What it belongs to stands in the log (`kid`), nowhere else. */
export interface DataKey {
  readonly kid: string;
  readonly key: Uint8Array;
}

/** `destroyed`: a tombstone is there, the content is erased. `missing`: the vault never had it or lost it: an error. */
export type KeyLookup = Uint8Array | 'destroyed' | 'missing';

/** Where keys live, apart from the log. Contract: `test/contracts/key-vault.contract.ts`. */
export interface KeyVault {
  /** 32 bytes, made once with the vault and never destroyed: names what must not be guessed from its name. */
  readonly ledgerKey: Uint8Array;
  /** A key never given out before, already durable: a command waits for no second write. */
  take(): DataKey;
  find(kid: string): KeyLookup;
  /** Replaces each key by a tombstone, durably. Ids that are not here get a tombstone too, so that none comes back. */
  destroy(kids: readonly string[]): void;
  close(): void;
}
