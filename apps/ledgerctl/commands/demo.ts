import { command } from '../command';
import { EXIT } from '../exit-codes';

export const demo = command<{ readonly exit: boolean }>({
  name: 'demo',
  summary: 'Records the sample incident on a ledger that is thrown away, and tells it',
  when: 'To see what a ledger does. Uses no ledger of yours; leaves a console open until Ctrl-C.',
  declare: (program) => program.option('--exit', 'stop after printing; exit code 0 only if all of it worked', false),
  examples: ['demo', 'demo --exit'],
  async run({ exit }) {
    // The server takes a second to load, so only this command does. (`import()` would want a file extension here.)
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { demo: show } = require('../demo') as typeof import('../demo');
    await show({ stay: !exit });
    return EXIT.done;
  },
});
