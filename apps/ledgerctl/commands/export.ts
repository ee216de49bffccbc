import { existsSync } from 'node:fs';
import { Incidents } from '@ledger/application/import/incidents';
import { CATALOGUE } from '@ledger/domain/catalogue';
import { Codec } from '@ledger/event-store/codec';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import { openKeysToRead } from '@ledger/privacy/sqlite/key-file';
import { readConfig, type Config } from '../../ledger/config';
import { fromId, PREFIXES, toId } from '../../ledger/graphql/common/ids';
import { ledgerFiles } from '../../ledger/ledger-resources';
import { command, WrongUse, type Terminal } from '../command';
import { EXIT } from '../exit-codes';
import { jsonOf } from '../export/json';
import { exportedEvents } from '../export/events';
import { outputTo } from '../export/output';
import { tableOf } from '../export/table';
import { exportView as exportViewFrom, readArgument, type Ask } from '../export/view';
import type { Advance } from '../progress';
import { openToRead, placeOfLog } from '../places';

interface Options {
  readonly incident?: string;
  readonly fromSequence?: string;
  readonly recorded?: string;
  readonly sequence?: string;
  readonly knownAt?: string;
  readonly knownBy?: string;
  readonly with?: readonly string[];
  readonly format?: string;
  readonly url?: string;
  readonly to?: string;
}

export const exportCommand = command<Options>({
  name: 'export',
  summary: 'Writes out what is on record: every event, or a view as of a moment',
  when: `Events: to take a ledger elsewhere in clear, one JSON object a line, as import takes it. May run beside a server.
A view (timeline, gaps, questions, parties and every other list under the ledger or one of its incidents): to hand it to
somebody. It says which moment it shows, so that it can be cited. Needs the folder to itself, or --url of the server
that runs. Whatever is exported is in clear: keep it accordingly. docs/guides/export.md.`,
  declare: (program) =>
    program
      .argument('<what>', 'events, or view')
      .argument('[view]', 'of view: which one')
      .option('--incident <incident>', 'id or reference: only this one')
      .option('--to <file>', 'a file instead of standard output; it gets its name when it is whole')
      .option('--from-sequence <n>', 'of events: the first one')
      .option('--recorded <instant>', 'of a view: as of what was on record then')
      .option('--sequence <n>', 'of a view: the same, by the number of the last event')
      .option('--known-at <instant>', 'of a view: as of what was known then')
      .option('--known-by <role:id>', 'of a view: to whom')
      .option('--with <name=value>', 'of a view: an argument of the list, as GraphQL writes it; again for each', each)
      .option('--format <format>', 'of a view: json, or csv; otherwise the ending of --to says it')
      .option('--url <address>', 'of a view: a server to ask instead, such as http://127.0.0.1:4000'),
  examples: [
    'export events --to events.jsonl',
    'export events --incident EX-2031-007 --from-sequence 120',
    'export view timeline --incident EX-2031-007 --known-at 2031-01-06T12:00:00Z --to timeline.csv',
    'export view counts --with by=[KIND] --format csv',
    'export view gaps --url http://127.0.0.1:4000',
  ],
  async run(options, terminal, [what, view]) {
    if (what === 'events') await exportEvents(readConfig(terminal.env), options, view, terminal);
    else if (what === 'view') await exportView(options, view, terminal);
    else throw new WrongUse(`export what? events, or view; not ${what}`);
    return EXIT.done;
  },
});

const each = (value: string, before: readonly string[] = []): string[] => [...before, value];

const OF_EVENTS = ['fromSequence'] as const;
const OF_VIEWS = ['recorded', 'sequence', 'knownAt', 'knownBy', 'with', 'format', 'url'] as const;

const refuse = (options: Options, names: readonly (keyof Options)[], what: string): void => {
  const wrong = names.find((name) => options[name] !== undefined);
  if (wrong !== undefined)
    throw new WrongUse(`--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} does not go with ${what}`);
};

const exportEvents = async (
  config: Config,
  options: Options,
  surplus: string | undefined,
  terminal: Terminal,
): Promise<void> => {
  refuse(options, OF_VIEWS, 'events');
  if (surplus !== undefined) throw new WrongUse(`events takes no further argument: ${surplus}`);
  const { incident, fromSequence = '1', to } = options;
  if (!/^[1-9]\d{0,14}$/.test(fromSequence)) throw new WrongUse('--from-sequence must be a number, 1 or more');
  const { keys } = ledgerFiles(config.data);
  const { store, total } = await openToRead(placeOfLog(config));
  try {
    if (!existsSync(keys)) throw new Error(`${config.data} holds no keys.db: ledgerctl doctor says what is wrong`);
    const vault = openKeysToRead(keys);
    try {
      const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
      const incidentId =
        incident === undefined
          ? undefined
          : oneOf(incident, await new Incidents(store, codec).find(incident, PREFIXES.incident));
      const output = outputTo(to, terminal);
      const writing = to === undefined ? () => undefined : terminal.progress('Exporting', 'events');
      try {
        for await (const event of exportedEvents(store, codec, { incidentId, from: Number(fromSequence) })) {
          await output.line(JSON.stringify(event));
          writing(event.sequence, total);
        }
        output.finish();
      } catch (error) {
        output.giveUp();
        throw error;
      }
    } finally {
      vault.close();
    }
  } finally {
    await store.close();
  }
};

const oneOf = (incident: string, found: readonly string[]): string => {
  if (found.length > 1) throw new WrongUse(`${found.length} incidents have the reference ${incident}: give the id`);
  if (found[0] === undefined) throw new WrongUse(`no incident ${incident} is on record`);
  return found[0];
};

const exportView = async (options: Options, view: string | undefined, terminal: Terminal): Promise<void> => {
  refuse(options, OF_EVENTS, 'a view');
  if (view === undefined) throw new WrongUse('which view? For instance: export view timeline');
  const { incident, recorded, sequence, knownAt, knownBy, url, to } = options;
  if (recorded !== undefined && sequence !== undefined) throw new WrongUse('--recorded and --sequence say the same');
  if (knownBy !== undefined && knownAt === undefined) throw new WrongUse('--known-by goes with --known-at');
  const format = options.format ?? (/\.csv$/i.test(to ?? '') ? 'csv' : 'json');
  if (format !== 'json' && format !== 'csv') throw new WrongUse('--format must be json or csv');
  const given = Object.fromEntries((options.with ?? []).map(readArgument));
  const asked = await ledger(url, terminal);
  try {
    const incidentId = incident === undefined ? undefined : await incidentIn(asked.ask, incident);
    const output = outputTo(to, terminal);
    try {
      const request = { view, incidentId, recorded, sequence, knownAt, knownBy, arguments: given };
      const { head, rows } = await exportViewFrom(asked.ask, request);
      const exported = { head, rows: counted(rows, terminal.progress('Exporting', 'rows')) };
      for await (const line of format === 'csv' ? tableOf(exported) : jsonOf(exported)) await output.line(line);
      output.finish();
    } catch (error) {
      output.giveUp();
      throw error;
    }
  } finally {
    await asked.close();
  }
};

async function* counted<T>(rows: AsyncIterable<T>, advance: Advance): AsyncGenerator<T, void> {
  let count = 0;
  for await (const row of rows) {
    yield row;
    advance((count += 1));
  }
}

const ledger = async (url: string | undefined, terminal: Terminal) => {
  // The server takes a second to load, so only this command does. (`import()` would want a file extension here.)
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ledgerAt, ledgerInProcess } = require('../export/ledger-server') as typeof import('../export/ledger-server');
  return url === undefined ? ledgerInProcess(readConfig(terminal.env), terminal) : ledgerAt(url);
};

const incidentIn = async (ask: Ask, incident: string): Promise<string> => {
  for (const id of [incident, toId(PREFIXES.incident, incident)])
    if (fromId(PREFIXES.incident, id) !== undefined) return id;
  const query =
    'query Incident($references: [String!]) { ledger { incidents(first: 3, filter: { references: $references }) { edges { node { incident { id } } } } } }';
  const { data, errors } = await ask({ query, variables: { references: [incident] } });
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('; '));
  const { ledger: found } = data as { ledger: { incidents: { edges: { node: { incident: { id: string } } }[] } } };
  return oneOf(
    incident,
    found.incidents.edges.map(({ node }) => node.incident.id),
  );
};
