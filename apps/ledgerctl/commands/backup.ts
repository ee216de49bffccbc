import { readConfig } from '../../ledger/config';
import { backUp } from '../backup';
import { command } from '../command';
import { EXIT } from '../exit-codes';

const MISSING = 'done, but keys are missing: some texts could not be read before, and cannot be read from the backup';

export const backup = command<{ readonly to: string; readonly keysTo?: string }>({
  name: 'backup',
  summary: 'Saves a ledger with its keys, also while it is in use',
  when: `Regularly. Saves the log, the keys and the identity, each as of one moment, reads the copy from beginning to end and
writes what it holds into manifest.json. Whoever has the log and the keys reads everything: --keys-to keeps them apart.
Nothing is overwritten, and until it is whole the backup has another name. The log of an EventStoreDB is saved as an
SQLite file. A copy of the keys from before an erasure still holds what was erased: keep backups no longer than needed.`,
  declare: (program) =>
    program
      .requiredOption('--to <folder>', 'the backup: a folder that does not exist yet, in one that does')
      .option('--keys-to <folder>', 'where the keys go instead, in the same way'),
  examples: ['backup --to /backups/2031-01-05', 'backup --to /backups/2031-01-05 --keys-to /safe/2031-01-05'],
  exits: { 4: MISSING },
  async run({ to, keysTo }, terminal) {
    const { log, keysMissing } = await backUp(readConfig(terminal.env), { to, keysTo }, terminal);
    terminal.say(`Saved ${log.events} events to ${to}${keysTo === undefined ? '' : `, and their keys to ${keysTo}`}.`);
    terminal.say(`Every one was read again and its key looked up. Digest of the log: ${log.digest}`);
    if (keysMissing === 0) return EXIT.done;
    terminal.say(`${keysMissing} keys are missing: ledgerctl doctor says more.`);
    return EXIT.problemsFound;
  },
});
