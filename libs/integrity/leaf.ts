import { hash } from 'node:crypto';
import { parseJsonBytes } from './canonical';

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

const digest = (...parts: Uint8Array[]): string => hash('sha256', Buffer.concat(parts), 'base64url');

/** As RFC 8785 writes a string: for well-formed Unicode that is what JSON.stringify writes. */
const quoted = (text: string): string => {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form');
  return JSON.stringify(text);
};

/**
 * The leaf record, v1: RFC 8785 JSON, UTF-8, under 1 KiB.
 * `data` is the digest of salt and payload, so equal or guessable payloads cannot be recognised from leaves alone.
 * The store's position is not part of it: copying a ledger to another store leaves every leaf as it was.
 * Its members are few and fixed, so it is written out in their canonical order: this runs on every read.
 */
export const leafBytes = (event: LeafInput): Uint8Array => {
  const { salt, recordedAt } = parseJsonBytes(event.meta) as { salt?: unknown; recordedAt?: unknown };
  const at = quoted(typeof recordedAt === 'string' ? recordedAt : '');
  const data = digest(Buffer.from(typeof salt === 'string' ? salt : '', 'base64url'), event.data);
  const { id, stream, type, revision } = event;
  return Buffer.from(
    `{"at":${at},"data":"${data}","id":${quoted(id)},"meta":"${digest(event.meta)}",` +
      `"rev":"${revision}","stream":${quoted(stream)},"type":${quoted(type)},"v":1}`,
  );
};

/** RFC 6962 leaf hash, 32 bytes: SHA-256(0x00 || leaf bytes). Throws when `meta` is not JSON. */
export const leafHash = (event: LeafInput): Uint8Array =>
  hash('sha256', Buffer.concat([Uint8Array.of(0), leafBytes(event)]), 'buffer');
