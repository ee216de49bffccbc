import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { canonicalBytes } from '@ledger/integrity/canonical';
import type { DataKey } from './key-vault';

/** One protected value: its RFC 6901 pointer and what stands there. */
export interface Disclosed {
  readonly pointer: string;
  readonly value: unknown;
}

/** The fields under one key, encrypted. Pointers stand in clear, so that an erased field is told from an absent one. */
export interface SealedEntry {
  readonly alg: 'A256GCM';
  readonly ct: string;
  readonly fields: readonly string[];
  readonly iv: string;
  readonly kid: string;
}

/** What ties a ciphertext to its event: it opens nowhere else. */
export interface SealContext {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
}

const TAG_BYTES = 16;
const IV_BYTES = 12;
const SALT_BYTES = 16;

/** RFC 9901 digest rule: base64url(SHA-256(ASCII of the disclosure)). */
export const disclosureDigest = (disclosure: string): string =>
  createHash('sha256').update(disclosure, 'ascii').digest('base64url');

const associatedData = (context: SealContext, kid: string): Uint8Array =>
  canonicalBytes({ id: context.id, kid, stream: context.stream, type: context.type });

/** Salted disclosures of the fields, encrypted under one key, and their digests for `_sd`. */
export const seal = (
  fields: readonly Disclosed[],
  { kid, key }: DataKey,
  context: SealContext,
): { entry: SealedEntry; digests: string[] } => {
  const disclosures = fields.map(({ pointer, value }) =>
    Buffer.from(JSON.stringify([randomBytes(SALT_BYTES).toString('base64url'), pointer, value]), 'utf8').toString(
      'base64url',
    ),
  );
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(associatedData(context, kid));
  const ct = Buffer.concat([cipher.update(disclosures.join('~'), 'ascii'), cipher.final(), cipher.getAuthTag()]);
  return {
    entry: {
      alg: 'A256GCM',
      ct: ct.toString('base64url'),
      fields: fields.map((field) => field.pointer),
      iv: iv.toString('base64url'),
      kid,
    },
    digests: disclosures.map(disclosureDigest),
  };
};

export class SealBroken extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SealBroken';
  }
}

/**
 * Opens one entry. Every disclosure must hash into `unused`, which it then leaves: AES-GCM commits to no key, so without
 * this one ciphertext could be made to open to two texts for two auditors. Throws SealBroken.
 */
export const open = (entry: SealedEntry, key: Uint8Array, context: SealContext, unused: Set<string>): Disclosed[] => {
  if (entry.alg !== 'A256GCM') throw new SealBroken(`the entry under key ${entry.kid} is in an unknown cipher`);
  const fields = decrypt(entry, key, context)
    .split('~')
    .map((disclosure) => {
      if (!unused.delete(disclosureDigest(disclosure))) throw new SealBroken('a disclosure does not match its digest');
      const [, pointer, value] = JSON.parse(Buffer.from(disclosure, 'base64url').toString('utf8')) as [
        string,
        string,
        unknown,
      ];
      return { pointer, value };
    });
  if (fields.length !== entry.fields.length || fields.some(({ pointer }, index) => pointer !== entry.fields[index]))
    throw new SealBroken('the disclosed fields are not those that the entry names');
  return fields;
};

const decrypt = (entry: SealedEntry, key: Uint8Array, context: SealContext): string => {
  try {
    const sealed = fromBase64url(entry.ct);
    const decipher = createDecipheriv('aes-256-gcm', key, fromBase64url(entry.iv), { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(context, entry.kid));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, 'latin1') + decipher.final('latin1');
  } catch {
    throw new SealBroken(`the entry under key ${entry.kid} does not decrypt`);
  }
};

/** The one spelling of the bytes: Node also takes others, and then a changed character could go unseen. */
const fromBase64url = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new TypeError('not canonical base64url');
  return bytes;
};
