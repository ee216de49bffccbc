import { resolve } from 'node:path';
import { copyLog } from '@ledger/event-store/copy';
import { holdFolder } from '../../ledger/ledger-resources';
import { command, WrongUse } from '../command';
import { EXIT } from '../exit-codes';
import { nameOf, openToRead, openToWrite, placeOf, type Place } from '../places';

export const copy = command<{ readonly from: string; readonly to: string }>({
  name: 'copy',
  summary: 'Copies a log from one store to another: every event as it is, in the same order',
  when: `To move a ledger between the embedded store and an EventStoreDB, and to bring a copy up to date.
What the target holds already must be how the source begins: the copy goes on behind it, also when an earlier one was
killed. Anything else is refused, and the first event named at which they part. The source may be in use: what it takes
while the copy runs comes along with the next one. The target may not. Afterwards both logs are read again and compared.
Copied is the log alone. The keys and the identity stay where they are: the guide says what to move.`,
  declare: (program) =>
    program
      .requiredOption('--from <place>', 'folder of a ledger, esdb://…, or EVENTSTORE_URL for what that variable holds')
      .requiredOption('--to <place>', 'the same; a folder is made where there is none'),
  examples: ["copy --from ./data --to 'esdb://127.0.0.1:2113?tls=false'", 'copy --from EVENTSTORE_URL --to ./moved'],
  async run({ from, to }, terminal) {
    const [source, target] = [placeOf(from, terminal), placeOf(to, terminal)];
    if (isSame(source, target)) throw new WrongUse('--from and --to name the same place');
    const { store: original, total } = await openToRead(source);
    const lock = target.kind === 'folder' ? holdFolder(target.folder) : undefined; // nobody may serve it meanwhile
    try {
      const copied = await openToWrite(target);
      const copying = terminal.progress('Copying', 'events');
      const comparing = terminal.progress('Comparing', 'events');
      try {
        const { events, before, digest } = await copyLog(original, copied, {
          copied: (done) => copying(done, total),
          verified: (done) => comparing(done, total),
        });
        terminal.say(`${events} events lie in ${nameOf(target)}, ${events - before} of them copied now.`);
        terminal.say(`Both logs were read again: the same events in the same order, digest ${digest}.`);
        terminal.say('If new events are recorded in the source, copy again: it goes on behind these.');
        for (const line of whatToMove(source, target)) terminal.say(line);
      } finally {
        await copied.close();
      }
    } finally {
      lock?.release();
      await original.close();
    }
    return EXIT.done;
  },
});

const isSame = (source: Place, target: Place): boolean =>
  source.kind === 'folder' && target.kind === 'folder'
    ? resolve(source.folder) === resolve(target.folder)
    : nameOf(source) === nameOf(target);

const whatToMove = (source: Place, target: Place): readonly string[] => {
  const files = 'keys.db and development-identity.json';
  const [from, to] = [source, target].map((place) => (place.kind === 'folder' ? place.folder : undefined));
  if (from !== undefined && to !== undefined)
    return [`The texts cannot be read without their keys: copy ${files} from ${from} to ${to}.`];
  if (from !== undefined)
    return [
      `The ledger still needs ${files} from ${from}: start it with LEDGER_DATA=${from} and EVENTSTORE_URL,`,
      'or move these two files to its new folder. Then put log.db away: it takes no new events any more.',
    ];
  if (to !== undefined)
    return [`The texts cannot be read without their keys: copy ${files} from the ledger's folder to ${to}.`];
  return [`The ledger still needs ${files}: they stay in its folder.`];
};
