import { createHash } from 'node:crypto';
import { canonicalBytes, parseJsonBytes } from './canonical';

/** What a leaf commits to: identifiers, times and two digests, never content. */
export interface LeafInput {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly revision: bigint;
  /** JCS bytes of the protected payload. */
  readonly data: Uint8Array;
  /** JCS bytes of a flat string map holding at least `salt` (base64url, 16 bytes) and `recordedAt`. */
  readonly meta: Uint8Array;
}

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * The leaf record, v1: RFC 8785 JSON, UTF-8, under 1 KiB.
 * `data` is the digest of salt and payload, so equal or guessable payloads cannot be recognised from leaves alone.
 * The store's position is not part of it: copying a ledger to another store leaves every leaf as it was.
 */
export const leafBytes = (event: LeafInput): Uint8Array => {
  const { salt, recordedAt } = parseJsonBytes(event.meta) as { salt?: unknown; recordedAt?: unknown };
  const saltBytes = Buffer.from(typeof salt === 'string' ? salt : '', 'base64url');
  return canonicalBytes({
    at: typeof recordedAt === 'string' ? recordedAt : '',
    data: sha256(saltBytes, event.data).toString('base64url'),
    id: event.id,
    meta: sha256(event.meta).toString('base64url'),
    rev: event.revision.toString(),
    stream: event.stream,
    type: event.type,
    v: 1,
  });
};

/** RFC 6962 leaf hash, 32 bytes: SHA-256(0x00 || leaf bytes). Throws when `meta` is not JSON. */
export const leafHash = (event: LeafInput): Uint8Array => sha256(Uint8Array.of(0), leafBytes(event));
