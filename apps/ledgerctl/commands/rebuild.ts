import { readConfig } from '../../ledger/config';
import { command } from '../command';
import { EXIT } from '../exit-codes';
import { rebuild as rebuildViews } from '../rebuild';

export const rebuild = command({
  name: 'rebuild',
  summary: 'Builds all read models anew from the log, while the old ones go on being used',
  when: `When the read models are suspected of showing something wrong. It is never needed after an upgrade or a restore: the
server builds what it lacks by itself. The new ones are built in a file of their own and replace the old ones when they
are complete: at once when no server runs, otherwise when it is started the next time. An erasure meanwhile throws away
what was built, since that would keep the erased text; run it again then.`,
  examples: ['rebuild', 'rebuild --quiet'],
  async run(_, terminal) {
    const { data, eventStoreUrl } = readConfig(terminal.env);
    const { events, inUse } = await rebuildViews({ data, eventStoreUrl }, terminal);
    terminal.say(`Built the read models of ${events} events, up to the end of the log.`);
    terminal.say(
      inUse
        ? 'A server is using the old ones: it takes the new ones over when it is started the next time.'
        : 'They have replaced the old ones.',
    );
    return EXIT.done;
  },
});
