import { command } from '../command';
import { EXIT } from '../exit-codes';

export const questions = command<{ readonly json?: string }>({
  name: 'questions',
  summary: 'Asks the sample incident the questions of three users, and compares the answers',
  when: `To see that a ledger answers as it should, and how each question is asked. Records the sample on a ledger that is
thrown away and asks over HTTP. With EVENTSTORE_URL the events go to that store, under ids of this run's own, and stay
there: name a throwaway server. One that holds other incidents is refused.`,
  declare: (program) =>
    program.option('--json <file>', 'write [{ id, query, answer, expected, passed }] to this file, over what is there'),
  examples: ['questions', 'questions --json answers.json'],
  async run({ json }, terminal) {
    // The server takes a second to load, so only the commands that need it do. (`import()` would want a file extension here.)
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { askQuestions, report, writeJson } = require('../questions') as typeof import('../questions');
    const { asked, store, commands } = await askQuestions(terminal);
    if (json !== undefined) writeJson(json, asked);
    const { isTTY, columns } = process.stdout;
    terminal.say(`The sample, recorded with ${commands} commands on ${store}, and asked over HTTP.`);
    terminal.say();
    const colours = isTTY === true && !terminal.env['NO_COLOR'];
    for (const line of report(asked, { width: Math.min(columns || 120, 160), colours })) terminal.say(line);
    return asked.every(({ passed }) => passed) ? EXIT.done : EXIT.failed;
  },
});
