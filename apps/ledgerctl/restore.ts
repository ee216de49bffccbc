import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { surveyOf } from './backup';
import type { Terminal } from './command';
import { measure, readManifest, type FileName, type Manifest } from './manifest';
import { UnfinishedFolder } from './unfinished-folder';

export interface RestorePlaces {
  readonly from: string;
  /** Where the keys lie, if apart from the log. */
  readonly keysFrom: string | undefined;
  readonly to: string;
}

/**
 * Makes a ledger's folder from a backup, which is only read. Before the folder is there under its name, each file was
 * compared with the manifest, every event with its leaf, the whole log with its digest, and every key was looked up.
 */
export const restore = async ({ from, keysFrom, to }: RestorePlaces, terminal: Terminal): Promise<Manifest> => {
  const manifest = readManifest(from);
  const folder = new UnfinishedFolder(to);
  try {
    for (const name of Object.keys(manifest.files) as FileName[]) {
      const source = join(name === 'keys.db' ? (keysFrom ?? from) : from, name);
      await fetch(source, folder.file(name), manifest.files[name]!);
    }
    const { events, digest, missing } = await surveyOf(folder.file('log.db'), folder.file('keys.db'), terminal);
    if (events !== manifest.log.events || digest !== manifest.log.digest)
      throw new Error(`${join(from, 'log.db')} holds ${events} events that are not those of its manifest`);
    if (missing.size !== manifest.keysMissing)
      throw new Error(`${missing.size} keys are missing; when the backup was made, ${manifest.keysMissing} were`);
    folder.finish();
    return manifest;
  } finally {
    folder.throwAway();
  }
};

const fetch = async (
  source: string,
  to: string,
  expected: { readonly bytes: number; readonly sha256: string },
): Promise<void> => {
  if (!existsSync(source))
    throw new Error(
      `${source} is missing${source.endsWith('keys.db') ? ': if the keys lie apart, name their folder with --keys-from' : ''}`,
    );
  const { bytes, sha256 } = await measure(source, createWriteStream(to, { mode: 0o600, flags: 'wx' }));
  if (bytes !== expected.bytes || sha256 !== expected.sha256)
    throw new Error(`${source} is not the file that was saved: it is damaged, or belongs to another backup`);
};
