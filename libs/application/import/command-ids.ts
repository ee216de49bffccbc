import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { v4 as uuid } from 'uuid';

/**
 * Ids for what a file asks for. They follow from what the row is, so that it is one command however often it is sent; and
 * from the ledger's key, so that nobody without it can tell from an id what a row said, by trying what it may have said.
 */
export class CommandIds {
  private readonly key: KeyObject;

  constructor(ledgerKey: Uint8Array) {
    this.key = createSecretKey(ledgerKey);
  }

  of(...parts: readonly string[]): string {
    return uuid({ random: this.mac(parts).subarray(0, 16) });
  }

  /** The same for longer content, to be counted in memory. */
  mark(...parts: readonly string[]): string {
    return this.mac(parts).toString('base64url');
  }

  private mac(parts: readonly string[]): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify(['import', ...parts]))
      .digest();
  }
}
