import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Position } from '@ledger/event-store/port';
import { badArgument } from './ids';

const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/**
 * Positions as the edge shows them: one AES block under a key of this ledger. In clear, the distance between two
 * positions would tell how much was recorded in between that no view shows.
 */
export class PositionTokens {
  private readonly key: Uint8Array;

  constructor(ledgerKey: Uint8Array) {
    this.key = createHmac('sha256', ledgerKey).update('positions at the edge').digest();
  }

  seal(position: Position): string {
    const block = Buffer.alloc(16);
    block.writeBigUInt64BE(BigInt(position), 8);
    const cipher = createCipheriv('aes-256-ecb', this.key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  /** Refuses what this ledger did not give. */
  open(token: string, argument: string): Position {
    if (TOKEN.test(token)) {
      const decipher = createDecipheriv('aes-256-ecb', this.key, null).setAutoPadding(false);
      const block = Buffer.concat([decipher.update(Buffer.from(token, 'base64url')), decipher.final()]);
      if (block.readBigUInt64BE(0) === 0n) return block.readBigUInt64BE(8).toString().padStart(20, '0') as Position;
    }
    throw badArgument(argument, 'is no position that this ledger gave');
  }
}
