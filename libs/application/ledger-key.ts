/** The secret under which this ledger names what must not be guessed. */
export class LedgerKey {
  constructor(readonly key: Uint8Array) {}
}
