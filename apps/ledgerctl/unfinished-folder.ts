import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** How the names of unfinished folders go on behind that of the folder that they will be. */
export const UNFINISHED = '.partial-';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * A folder that is filled under another name beside its place and gets its own by one rename, when it is whole and on the
 * disk: whatever ends the process before leaves nothing that could be taken for it. A kill (SIGKILL) leaves the other
 * name behind, mode 0700.
 */
export class UnfinishedFolder {
  readonly path: string;
  private readonly final: string;
  private readonly throwAwayAtExit = (): void => rmSync(this.path, { recursive: true, force: true });

  /** Throws when something lies at `final` already, unless it is an empty folder, or when there is nothing to put it into. */
  constructor(final: string) {
    this.final = resolve(final);
    this.path = `${this.final}${UNFINISHED}${process.pid}`;
    refuseTaken(this.final);
    if (!existsSync(dirname(this.final)))
      throw new Error(`${dirname(this.final)} does not exist: make it first, or mount what belongs there`);
    mkdirSync(this.path, { mode: 0o700 });
    process.on('exit', this.throwAwayAtExit);
    for (const signal of Object.keys(SIGNALS)) process.on(signal, endOn);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  finish(): void {
    for (const name of readdirSync(this.path)) sync(this.file(name));
    sync(this.path);
    refuseTaken(this.final);
    if (existsSync(this.final)) removeEmpty(this.final);
    renameSync(this.path, this.final);
    sync(dirname(this.final));
    this.letGo();
  }

  /** Unless it is finished. */
  throwAway(): void {
    this.throwAwayAtExit();
    this.letGo();
  }

  private letGo(): void {
    process.off('exit', this.throwAwayAtExit);
    for (const signal of Object.keys(SIGNALS)) process.off(signal, endOn);
  }
}

const endOn = (signal: keyof typeof SIGNALS): void => process.exit(SIGNALS[signal]);

const refuseTaken = (folder: string): void => {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty, and nothing is ever overwritten: choose another name`);
};

const removeEmpty = (folder: string): void => {
  try {
    rmdirSync(folder);
  } catch (cause) {
    throw new Error(`${folder} cannot be replaced; is it a mount point? Then name a folder inside it`, { cause });
  }
};

const sync = (path: string): void => {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
};
