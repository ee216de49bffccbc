import { once } from 'node:events';
import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { ConfigError } from '../ledger/config';
import { requireNode } from '../ledger/process';
import { WrongUse, type LedgerCommand, type Terminal } from './command';
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes';
import { ProgressDisplay, type ProgressStream } from './progress';
import { messageOf } from './message-of';

/** Where the program reads from and writes to: the process, or a test. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: { write(text: string): unknown; readonly writableNeedDrain?: boolean };
  readonly err: ProgressStream;
}

interface Common {
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Runs one command line and answers its exit code. Never throws: what went wrong is one line on `err`. */
export const ledgerctl = async (
  commands: readonly LedgerCommand[],
  argv: readonly string[],
  around: Surroundings,
): Promise<ExitCode> => {
  let status: ExitCode = EXIT.done;
  const display = new ProgressDisplay(around.err);
  const program = describe(around);
  for (const each of commands)
    addTo(program, each, async (options, args) => {
      if (each.anyNode !== true) requireNode();
      status = await each.run(options, terminal(around, display, options), args);
    });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    display.end();
    return status;
  } catch (error) {
    display.end();
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse; // it has said why
    const debug = argv.includes('--debug');
    around.err.write(`ledgerctl: ${debug && error instanceof Error ? error.stack : messageOf(error)}\n`);
    return error instanceof WrongUse || error instanceof ConfigError ? EXIT.wrongUse : EXIT.failed;
  }
};

const describe = ({ out, err }: Surroundings): Command =>
  new Command('ledgerctl')
    .description(
      'Looks after whole ledgers: copies, saves, restores, rebuilds and examines them.\n' +
        'It finds the ledger as the server does, by LEDGER_DATA and EVENTSTORE_URL, unless a command says otherwise.',
    )
    .version(version)
    .option('--quiet', 'show no progress')
    .option('--debug', 'show where an error comes from, not only what it says')
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      outputError: (text, write) =>
        write(
          `ledgerctl: ${text
            .trim()
            .replace(/^error: /, '')
            .replace('\n', ' ')}\n`,
        ),
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      () => `\nExit codes:\n${exitCodes(EXIT_MEANINGS)}\n\nMore: ledgerctl help COMMAND, docs/guides/ledgerctl.md`,
    )
    .showHelpAfterError('(ledgerctl --help shows what there is)')
    .exitOverride();

const addTo = (
  program: Command,
  { name, summary, when, declare, examples, exits }: LedgerCommand,
  action: (options: Common, args: string[]) => Promise<void>,
): void => {
  const { 0: done, 1: failed, 2: wrongUse } = EXIT_MEANINGS;
  const sub = program
    .command(name)
    .summary(summary)
    .description(`${summary}\n\n${when}`)
    .showHelpAfterError(`(ledgerctl ${name} --help shows how)`)
    .addHelpText(
      'after',
      `\nExamples:\n${examples.map((line) => `  ledgerctl ${line}`).join('\n')}` +
        `\n\nExit codes:\n${exitCodes({ 0: done, 1: failed, 2: wrongUse, ...exits })}`,
    );
  declare?.(sub);
  // Looked at here, because commander would complain of what is missing before it sees what was misspelt.
  const required = sub.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.mandatory = false;
  const args = sub.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`));
  sub.usage([...required.map(({ flags }) => flags), '[options]', ...args].join(' '));
  sub.action(async () => {
    const options: Common & Record<string, unknown> = sub.optsWithGlobals();
    for (const option of required)
      if (options[option.attributeName()] === undefined) sub.error(`option '${option.flags}' is missing`);
    await action(options, sub.args);
  });
};

const exitCodes = (meanings: Readonly<Partial<Record<ExitCode, string>>>): string =>
  Object.entries(meanings)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n');

const terminal = ({ env, out }: Surroundings, display: ProgressDisplay, { quiet }: Common): Terminal => ({
  env,
  say(line = '') {
    display.end();
    out.write(`${line}\n`);
  },
  async taken() {
    if (out.writableNeedDrain === true) await once(out as unknown as NodeJS.EventEmitter, 'drain');
  },
  note: (line) => display.above(line),
  progress: (title, unit) => (quiet === true ? () => undefined : display.begin(title, unit)),
});
