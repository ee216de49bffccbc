import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS } from '@ledger/domain/fact/kinds';
import { readConfig } from '../ledger/config';
import { createApp } from '../ledger/create-app';
import { askedToStop } from '../ledger/process';
import { sample, SAMPLE_INCIDENT_ID } from '../../test/seed-case/sample';
import { LedgerClient } from './ledger-client';

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** The sample case on a throwaway ledger: recorded through commands, then told as a person would want it. */
export const demo = async ({ stay }: { readonly stay: boolean }): Promise<void> => {
  const stopped = askedToStop();
  const folder = mkdtempSync(join(tmpdir(), 'incident-ledger-demo-'));
  const throwAway = (): void => rmSync(folder, { recursive: true, force: true });
  process.on('exit', throwAway); // however it ends
  process.stdout.on('error', () => process.exit(1)); // nobody reads on
  const ledger = await createApp(readConfig({ LEDGER_DATA: folder, LEDGER_PORT: process.env['LEDGER_PORT'] ?? '0' }));
  try {
    const address = await ledger.listen();
    await Promise.race([tell(new LedgerClient(address)), stopped]);
    say();
    say(`Ask for yourself, with the example queries loaded:  ${address}/console`);
    if (stay) {
      say('The ledger is thrown away when you press Ctrl-C.');
      await stopped;
    }
  } finally {
    await ledger.close();
  }
};

const tell = async (client: LedgerClient): Promise<void> => {
  await record(client);
  await timeline(client);
  await published(client);
  await controllerAtNoon(client);
};

const heading = (text: string): void => {
  say();
  say(text);
  say('─'.repeat(text.length));
};

const record = async (client: LedgerClient): Promise<void> => {
  heading('Recording the sample incident, command by command');
  let position = '';
  for (const [index, { mutation, input }] of sample.entries()) {
    position = await client.command(mutation, input);
    if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${sample.length} commands`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const facts = sample.filter(({ input }) => 'factId' in input).length;
  const { ledger } = await client.query<Recorded>(RECORDED, { position, id: SAMPLE_INCIDENT_ID });
  const { counts } = ledger.incident.timeline;
  if (ledger.resolved.stale || counts.certain !== facts)
    throw new Error(`${counts.certain} of ${facts} facts arrived in the views`);
  say(
    `${counts.certain} facts recorded in ${ledger.resolved.sequence} events, each with who said it, where it stands, and three clocks.`,
  );
  const gaps = ledger.incident.gaps.edges.map(({ node }) => `${node.about.reference} comes from ${node.actor.ref}`);
  if (gaps.length > 0)
    say(
      `${gaps.length} gap${gaps.length === 1 ? '' : 's'} opened by the ledger itself: ${gaps.join(' and ')}, whom nobody has registered.`,
    );
};

interface Recorded {
  ledger: {
    resolved: { sequence: string; stale: boolean };
    incident: {
      timeline: { counts: { certain: number } };
      gaps: { edges: { node: { about: { reference: string }; actor: { ref: string } } }[] };
    };
  };
}
const RECORDED = `query Recorded($id: ID!, $position: Position!) {
  ledger(consistentTo: $position) {
    resolved { sequence stale }
    incident(id: $id) {
      timeline(first: 1) { counts { certain } }
      gaps(first: 10) { edges { node { actor { ref } about { ... on Fact { reference } } } } }
    }
  }
}`;

/** How a time is known, in one character. */
const MARKS: Readonly<Record<string, string>> = {
  MILLISECOND: '=',
  SECOND: '=',
  MINUTE: '=',
  HOUR: '=',
  DAY: 'd',
  PART_OF_DAY: 'p',
  MONTH: 'm',
  YEAR: 'y',
  INTERVAL: '~',
  BOUND: '<',
  UNKNOWN: '?',
};

interface When {
  precision: string;
  text: { value: string | null } | null;
}
interface Entry {
  reference: string;
  kind: string;
  occurred: { shape: string; display: string; when: When | null; start: When | null };
  actor: { ref: string; name: { value: string | null } | null };
  source: { document: string; line: number | null };
  statement: { value: string };
}

const timeline = async (client: LedgerClient): Promise<void> => {
  const { ledger } = await client.query<{ ledger: { incident: { timeline: { edges: { node: Entry }[] } } } }>(
    TIMELINE,
    {
      id: SAMPLE_INCIDENT_ID,
    },
  );
  heading('Timeline, in order of occurrence');
  say('Marks: = to the hour or finer   p part of a day   d day   m month   y year');
  say('       ~ between two bounds   < only an upper or only a lower bound   ? unknown');
  say('       … something that went on, sorted by its start; no time is shown finer than it is known');
  say();
  for (const { node } of ledger.incident.timeline.edges) {
    const { shape, display, when, start } = node.occurred;
    const mark = `${MARKS[(when ?? start)?.precision ?? ''] ?? '?'}${shape === 'STATE' ? '…' : ' '}`;
    const title = KINDS.get(node.kind.toLowerCase().replaceAll('_', '-'))?.title ?? node.kind;
    const { actor, source } = node;
    const words = (when ?? start)?.text?.value;
    say(`${node.reference} ${mark} ${display}${words == null ? '' : `  ("${words}")`}`);
    say(
      wrapped(
        `${title}. ${actor.name?.value ?? actor.ref}: ${node.statement.value} [${source.document}:${source.line}]`,
      ),
    );
  }
};

const INDENT = ' '.repeat(7);

const wrapped = (text: string): string => {
  const width = Math.max(40, (process.stdout.columns ?? 110) - INDENT.length);
  const lines = text.split(' ').reduce<string[]>((sofar, word) => {
    const last = sofar.at(-1);
    if (last !== undefined && last.length + word.length < width) sofar[sofar.length - 1] = `${last} ${word}`;
    else sofar.push(word);
    return sofar;
  }, []);
  return lines.map((line) => INDENT + line).join('\n');
};

const TIMELINE = `query Timeline($id: ID!) {
  ledger {
    incident(id: $id) {
      timeline(first: 200, orderBy: { field: OCCURRED }) {
        edges {
          node {
            kind
            ... on Fact {
              reference
              occurred { shape display when { precision text { value } } start { precision text { value } } }
              actor { ref name { value } }
              source { document line }
              statement { value }
            }
          }
        }
      }
    }
  }
}`;

interface Shown {
  certain: string[];
  possible: string[];
}
interface View {
  incident: { timeline: { edges: { certainty: string; node: { reference: string } }[] } };
}

const known = ({ incident }: View): Shown => {
  const of = (certainty: string) =>
    incident.timeline.edges.filter((edge) => edge.certainty === certainty).map(({ node }) => node.reference);
  return { certain: of('CERTAIN'), possible: of('POSSIBLE') };
};
const list = (references: readonly string[]): string => (references.length === 0 ? 'none' : references.join(' '));
const KNOWN = `fragment Known on LedgerView {
  incident(id: $id) {
    timeline(first: 200, orderBy: { field: RECORDED }) { edges { certainty node { ... on Fact { reference } } } }
  }
}`;

const published = async (client: LedgerClient): Promise<void> => {
  const data = await client.query<{
    at1544: View;
    at1546: View;
    comparison: { changes: { total: number; edges: Change[] } };
  }>(PUBLISHED, {
    id: SAMPLE_INCIDENT_ID,
  });
  heading('What had been published on 3 November 2021?');
  for (const [time, view] of [
    ['15:44', known(data.at1544)],
    ['15:46', known(data.at1546)],
  ] as const) {
    say(`at ${time}  certain  ${String(view.certain.length).padStart(2)}: ${list(view.certain)}`);
    say(`          possible ${String(view.possible.length).padStart(2)}: ${list(view.possible)}`);
  }
  const { edges } = data.comparison.changes;
  const changed = (change: string) =>
    edges.filter(({ changes }) => changes.includes(change)).map(({ node }) => node.reference);
  say(
    `In these two minutes ${changed('APPEARED').join(' and ')} appeared, and ${changed('BECAME_CERTAIN').length} facts turned from possible to certain:`,
  );
  say('the article came before its own 3.45pm update, and no more is known of when.');
};

interface Change {
  changes: string[];
  node: { reference: string };
}
const PUBLISHED = `query Published($id: ID!) {
  at1544: ledger(asOf: { known: { at: "2021-11-03T15:44:00Z", by: "public:public" } }) { ...Known }
  at1546: ledger(asOf: { known: { at: "2021-11-03T15:46:00Z", by: "public:public" } }) { ...Known }
  comparison(
    incidentId: $id
    from: { known: { at: "2021-11-03T15:44:00Z", by: "public:public" } }
    to: { known: { at: "2021-11-03T15:46:00Z", by: "public:public" } }
  ) {
    changes(first: 200) { total edges { changes node { ... on Fact { reference } } } }
  }
}
${KNOWN}`;

const controllerAtNoon = async (client: LedgerClient): Promise<void> => {
  const data = await client.query<{ controller: View; published: View }>(AT_NOON, { id: SAMPLE_INCIDENT_ID });
  heading('What did the controller itself know at noon on 1 November 2021, by this record?');
  const controller = known(data.controller);
  say(`certain  ${String(controller.certain.length).padStart(2)}: ${list(controller.certain)}`);
  say(`possible ${String(controller.possible.length).padStart(2)}: ${list(controller.possible)}`);
  const { certain, possible } = known(data.published);
  say(`published by then: ${certain.length + possible.length === 0 ? 'nothing' : list([...certain, ...possible])}`);
};
const AT_NOON = `query AtNoon($id: ID!) {
  controller: ledger(asOf: { known: { at: "2021-11-01T12:00:00Z", by: "controller:labour" } }) { ...Known }
  published: ledger(asOf: { known: { at: "2021-11-01T12:00:00Z", by: "public:public" } }) { ...Known }
}
${KNOWN}`;
