import { command, WrongUse, type LedgerCommand } from './command';
import { COMMANDS } from './commands';
import { EXIT, EXIT_MEANINGS } from './exit-codes';
import { ledgerctl } from './program';
import { ProgressDisplay } from './progress';

const lift = command<{ readonly from: string; readonly quiet?: boolean }>({
  name: 'lift',
  summary: 'Lifts something',
  when: 'When it is too low.',
  declare: (program) => program.requiredOption('--from <place>', 'where').argument('[things...]'),
  examples: ['lift --from floor'],
  exits: { 3: 'some of it was too heavy' },
  async run({ from }, { say, progress }, things) {
    if (from === 'nowhere') throw new WrongUse('nowhere is no place');
    if (from === 'roof') throw new Error('it does not reach the roof: fetch a ladder');
    progress('Lifting', 'things')(1, 2);
    say(`lifted ${things.join()} from ${from}`);
    return from === 'cellar' ? EXIT.someRefused : EXIT.done;
  },
});

const run = async (line: string, commands: readonly LedgerCommand[] = [lift]) => {
  const written = { out: '', err: '' };
  const argv = line.split(' ').filter((word) => word !== '');
  const status = await ledgerctl(commands, argv, {
    env: {},
    out: { write: (text) => (written.out += text) },
    err: { write: (text) => (written.err += text) },
  });
  return { status, ...written };
};

test.each([
  ['lift --from floor a b', { status: 0, out: 'lifted a,b from floor\n', err: '' }],
  ['lift --from cellar', { status: 3, out: 'lifted  from cellar\n', err: '' }],
  ['lift --from roof', { status: 1, out: '', err: 'ledgerctl: it does not reach the roof: fetch a ladder\n' }],
  ['lift --from nowhere', { status: 2, out: '', err: 'ledgerctl: nowhere is no place\n' }],
])('%s', async (line, expected) => expect(await run(line)).toEqual(expected));

test.each([
  ['lift --form floor', "unknown option '--form' (Did you mean --from?)"],
  ['lft', "unknown command 'lft' (Did you mean lift?)"],
  ['lift', "option '--from <place>' is missing"],
  ['lift --from', "option '--from <place>' argument missing"],
])('%s: wrong use is named, and what was meant is suggested', async (line, message) => {
  const { status, out, err } = await run(line);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(`ledgerctl: ${message}`);
  expect(err).toMatch(/\(ledgerctl .*--help shows/);
  expect(err).not.toContain('    at ');
});

test('where an error comes from is shown to who asks for it', async () => {
  expect((await run('lift --from roof --debug')).err).toMatch(/Error: it does not reach the roof.*\n\s+at /);
});

test('the help of every command says when to use it, shows examples and its exit codes', async () => {
  for (const each of COMMANDS) {
    const { status, out } = await run(`help ${each.name}`, COMMANDS);
    expect(status).toBe(0);
    for (const part of [each.summary, each.when, `ledgerctl ${each.examples[0]}`, EXIT_MEANINGS[1]])
      expect(out.replace(/\s+/g, ' ')).toContain(part.replace(/\s+/g, ' '));
  }
  const { status, out } = await run('--help', COMMANDS);
  expect(status).toBe(0);
  for (const meaning of Object.values(EXIT_MEANINGS)) expect(out).toContain(meaning);
  for (const { name } of COMMANDS) expect(out).toContain(`  ${name} `);
});

test('without a command it shows what there is, as wrong use', async () => {
  const { status, err } = await run('');
  expect(status).toBe(2);
  expect(err).toContain('Usage: ledgerctl');
});

describe('progress', () => {
  test('without a terminal is a plain line every five seconds: how far, how fast, how long still', () => {
    let now = 0;
    let written = '';
    const display = new ProgressDisplay({ write: (text) => (written += text) }, () => now);
    const advance = display.begin('Copying', 'events');
    for (const [at, done] of [
      [0, 0],
      [1_000, 900],
      [6_000, 6_000],
      [7_000, 7_000],
      [12_000, 12_000],
    ] as const) {
      now = at;
      advance(done, 20_000);
    }
    expect(written).toBe(
      'Copying: 6000 of 20000 events, 1000 a second, 14 s left\nCopying: 12000 of 20000 events, 1000 a second, 8 s left\n',
    );
  });

  test('of what has no known end says how far and how fast', () => {
    let now = 0;
    let written = '';
    const advance = new ProgressDisplay({ write: (text) => (written += text) }, () => now).begin('Reading', 'events');
    advance(0);
    now = 10_000;
    advance(500);
    expect(written).toBe('Reading: 500 events, 50 a second\n');
  });

  test('lets a line stand above it and goes on below', () => {
    let written = '';
    const display = new ProgressDisplay({ isTTY: true, write: (text) => (written += text) });
    const advance = display.begin('Importing', 'rows');
    advance(5, 10);
    display.above('rows.csv:3: refused');
    expect(written.endsWith('\r\x1b[2Krows.csv:3: refused\n')).toBe(true);
    advance(6, 10);
    display.end();
    const quiet = new ProgressDisplay({ write: (text) => (written = text) });
    quiet.above('rows.csv:3: refused');
    expect(written).toBe('rows.csv:3: refused\n');
  });

  test('on a terminal is a bar, which is gone when the next line is said', () => {
    let written = '';
    const display = new ProgressDisplay({ isTTY: true, write: (text) => (written += text) });
    display.begin('Copying', 'events')(5, 10);
    display.end();
    expect(written).toMatch(/Copying █+░+ 5 of 10 events/);
    const [begin, erase] = ['\x1b[1G', '\x1b[2K'];
    expect(written.endsWith(begin + erase)).toBe(true);
  });
});
