import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { canonicalBytes } from '@ledger/integrity/canonical';

export const MANIFEST = 'manifest.json';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const File = z.strictObject({ bytes: z.int().min(0), sha256: Digest });
/** Of the files that a ledger has; which of them a backup holds is in its manifest. */
const FILES = ['log.db', 'keys.db', 'development-identity.json'] as const;
export type FileName = (typeof FILES)[number];

/** What a backup says of itself. Storage format: another number when something here changes its meaning. */
const Contents = z.strictObject({
  format: z.literal(1),
  created: z.iso.datetime(),
  /** Version of the ledger that made it. */
  software: z.string(),
  /** Where the log lay. In the backup it is an SQLite file in any case. */
  store: z.enum(['sqlite', 'eventstoredb']),
  log: z.strictObject({
    events: z.int().min(0),
    /** Number of the last open event; the same in every store. */
    sequence: z.int().min(0),
    /** Of the last event, in the file of the backup. Absent when there is none. */
    position: z.string().optional(),
    /** Over the leaves of all events: see `LogDigest`. */
    digest: Digest,
  }),
  /** How many keys were missing when it was made: not there, and not destroyed on purpose. */
  keysMissing: z.int().min(0),
  files: z.partialRecord(z.enum(FILES), File),
});
export type Manifest = z.infer<typeof Contents>;

/** The manifest carries the SHA-256 of its own RFC 8785 form, so that not even it changes unnoticed by accident. */
const Sealed = Contents.extend({ sha256: Digest });
const digestOf = (contents: Manifest): string => createHash('sha256').update(canonicalBytes(contents)).digest('hex');

export const writeManifest = (folder: string, contents: Manifest): void =>
  writeFileSync(
    join(folder, MANIFEST),
    `${JSON.stringify({ ...contents, sha256: digestOf(contents) }, undefined, 2)}\n`,
    { mode: 0o600, flag: 'wx' },
  );

/** Throws when there is none, or it is not what was written. */
export const readManifest = (folder: string): Manifest => {
  const file = join(folder, MANIFEST);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${folder} is no backup: it has no ${MANIFEST}`);
  }
  const { sha256, ...contents } = parsed(file, text);
  if (digestOf(contents) !== sha256) throw new Error(`${file} is damaged: it is not what was written`);
  return contents;
};

const parsed = (file: string, text: string): z.infer<typeof Sealed> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${file} is damaged: it is no JSON`);
  }
  const { format } = Object(value) as { readonly format?: unknown };
  if (typeof format === 'number' && format > 1)
    throw new Error(`${file} has format ${format}, which is newer than this version of ledgerctl: use a newer one`);
  const checked = Sealed.safeParse(value);
  if (!checked.success) throw new Error(`${file} is damaged, or no manifest: ${z.prettifyError(checked.error)}`);
  return checked.data;
};

/** Size and SHA-256 of a file; `to` takes what was read. */
export const measure = async (
  file: string,
  to?: NodeJS.WritableStream,
): Promise<{ readonly bytes: number; readonly sha256: string }> => {
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const source = createReadStream(file);
  if (to === undefined) for await (const _ of counting(source));
  else await pipeline(source, counting, to);
  return { bytes, sha256: hash.digest('hex') };
};
