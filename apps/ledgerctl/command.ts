import type { Command } from 'commander';
import type { ExitCode } from './exit-codes';
import type { Advance } from './progress';

/**
 * One command of `ledgerctl`. To add one: an object like this in a file of its own under `commands/`, and a line in
 * `commands/index.ts`. Help, exit codes, errors and progress follow from it.
 */
export interface LedgerCommand<Options extends object = object> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** When to use it, and what it leaves alone: a few lines of help. */
  readonly when: string;
  /** Declares options and arguments in commander's own words. */
  readonly declare?: (command: Command) => Command;
  /** Each a whole command line, behind `ledgerctl `. */
  readonly examples: readonly string[];
  /** The exit codes that it uses beside 0, 1 and 2, and what they mean here. */
  readonly exits?: Readonly<Partial<Record<ExitCode, string>>>;
  /** It looks at the Node version by itself instead of refusing one that is too old. */
  readonly anyNode?: boolean;
  /** Arguments come in the order in which they were declared. Whatever it throws is told in one line. */
  run(options: Options, terminal: Terminal, args: readonly string[]): Promise<ExitCode>;
}

/** A command whose options are typed, as one of the list. */
export const command = <Options extends object>(given: LedgerCommand<Options>): LedgerCommand => given;

/** What a command may use of the process that it runs in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of the result, on standard output. */
  readonly say: (line?: string) => void;
  /** Resolves once whoever reads the result has taken most of it: a long one is not to be kept in memory. */
  readonly taken: () => Promise<void>;
  /** A line beside the result, on standard error: something that somebody should look at. Also with `--quiet`. */
  readonly note: (line: string) => void;
  /** Shows how far something has come, on standard error, until the next one or a line of the result; not with `--quiet`. */
  readonly progress: (title: string, unit: string) => Advance;
}

/** The command line or the environment is wrong: nothing was done. Ends with exit code 2. */
export class WrongUse extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongUse';
  }
}
