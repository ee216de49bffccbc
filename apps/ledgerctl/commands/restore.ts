import { command } from '../command';
import { EXIT } from '../exit-codes';
import { restore as restoreLedger } from '../restore';

export const restore = command<{ readonly from: string; readonly keysFrom?: string; readonly to: string }>({
  name: 'restore',
  summary: "Makes a ledger's folder from a backup, after checking all of it",
  when: `After a loss, and from time to time to see that the backups are good. The backup is only read. Each file is compared
with the manifest, every event with its leaf, and every key is looked up, before the folder gets its name. The read
models are built when the ledger is started. A ledger whose log belongs into an EventStoreDB is restored to a folder
first, then copied: see ledgerctl help copy. Erasures made since the backup must be made again.`,
  declare: (program) =>
    program
      .requiredOption('--from <folder>', 'the backup')
      .option('--keys-from <folder>', 'where its keys lie, if they were kept apart')
      .requiredOption('--to <folder>', 'the folder of the ledger: absent or empty'),
  examples: [
    'restore --from /backups/2031-01-05 --to ./data',
    'restore --from /backups/2031-01-05 --keys-from /safe/2031-01-05 --to ./drill',
  ],
  exits: { 4: 'done, but keys are missing, as they were when the backup was made' },
  async run({ from, keysFrom, to }, terminal) {
    const { log, store, created, keysMissing } = await restoreLedger({ from, keysFrom, to }, terminal);
    terminal.say(`Restored ${log.events} events and their keys to ${to}, as they were saved at ${created}.`);
    terminal.say(`Every file, event and key was checked. Digest of the log: ${log.digest}`);
    terminal.say(`Start it with LEDGER_DATA=${to}. Erasures ordered since then must be ordered again.`);
    if (store === 'eventstoredb')
      terminal.say(
        `Its log lay in an EventStoreDB. To put it into an empty one: ledgerctl copy --from ${to} --to esdb://…`,
      );
    if (keysMissing === 0) return EXIT.done;
    terminal.say(`${keysMissing} keys are missing, as they were before: ledgerctl doctor says more.`);
    return EXIT.problemsFound;
  },
});
