import { KINDS } from '@ledger/domain/fact/kinds';
import { record } from '../../test/seed-case/ask';
import { inShort } from '../../test/seed-case/in-short';
import { sample, SAMPLE_INCIDENT_ID } from '../../test/seed-case/sample';
import { askedToStop } from '../ledger/process';
import { LedgerClient } from './ledger-client';
import { openThrowawayLedger } from './throwaway-ledger';

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** The sample case on a throwaway ledger: recorded through commands, then told as a person would want it. */
export const demo = async ({ stay }: { readonly stay: boolean }): Promise<void> => {
  const stopped = askedToStop();
  process.stdout.on('error', () => process.exit(1)); // nobody reads on
  const ledger = await openThrowawayLedger({ LEDGER_PORT: process.env['LEDGER_PORT'] ?? '0' });
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
  await recordSample(client);
  await timeline(client);
  await published(client);
  await controllerAtNoon(client);
  await contested(client);
  await gaps(client);
  await attributions(client);
};

const heading = (text: string): void => {
  say();
  say(text);
  say('─'.repeat(text.length));
};

/** References in one line, three or more in a row as `F05–F09`. */
const list = (references: readonly string[]): string => inShort(references).join('');

const recordSample = async (client: LedgerClient): Promise<void> => {
  heading('Recording the sample incident, command by command');
  await record(sample, client, (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${sample.length} commands`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const { ledger } = await client.query<Recorded>(RECORDED, { id: SAMPLE_INCIDENT_ID });
  const { timeline, gaps, contestedQuestions } = ledger.incident;
  const facts = sample.filter(({ mutation }) => mutation.startsWith('record')).length;
  if (timeline.counts.certain !== facts)
    throw new Error(`${timeline.counts.certain} of ${facts} facts arrived in the views`);
  const byHand = gaps.edges.filter(({ node }) => node.reference !== null);
  say(
    `${facts} facts, which assert ${timeline.things.certain} things, each with who said it, where it stands, and three clocks;`,
  );
  say(
    `${byHand.length} gaps and ${contestedQuestions.edges.length} contested questions: ${ledger.resolved.sequence} events in all.`,
  );
  for (const { state, coveredBy, node } of gaps.edges)
    if (node.reference === null)
      say(
        `One more gap was opened by the ledger itself: ${list(node.about.map(({ reference }) => reference))} comes from ${node.actor.ref}, whom nobody has registered.${coveredBy === null ? '' : ` It is ${state.toLowerCase()}: ${coveredBy.reference} asks the same.`}`,
      );
};

interface Recorded {
  ledger: {
    resolved: { sequence: string };
    incident: {
      timeline: { counts: { certain: number }; things: { certain: number } };
      gaps: {
        edges: {
          state: string;
          coveredBy: { reference: string } | null;
          node: { reference: string | null; about: { reference: string }[]; actor: { ref: string } };
        }[];
      };
      contestedQuestions: { edges: object[] };
    };
  };
}
const RECORDED = `query Recorded($id: ID!) {
  ledger {
    resolved { sequence }
    incident(id: $id) {
      timeline(first: 1) { counts { certain } things { certain } }
      gaps(first: 50) {
        edges { state coveredBy { reference } node { reference actor { ref } about { ... on Fact { reference } } } }
      }
      contestedQuestions(first: 50) { edges { node { reference } } }
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

interface View {
  incident: { timeline: { edges: { certainty: string; node: { reference: string } }[] } };
}

const known = ({ incident }: View, certainty: string): string[] =>
  incident.timeline.edges.filter((edge) => edge.certainty === certainty).map(({ node }) => node.reference);
const KNOWN = `fragment Known on LedgerView {
  incident(id: $id) {
    timeline(first: 200, orderBy: { field: RECORDED }) { edges { certainty node { ... on Fact { reference } } } }
  }
}`;

/** Certain and possible under one another, with their numbers. */
const certainAndPossible = (lead: string, view: View): void => {
  for (const [index, certainty] of ['CERTAIN', 'POSSIBLE'].entries()) {
    const references = known(view, certainty);
    const label = `${(index === 0 ? lead : '').padEnd(lead.length)}${certainty.toLowerCase().padEnd(9)}`;
    say(`${label}${String(references.length).padStart(2)}: ${list(references)}`);
  }
};

const published = async (client: LedgerClient): Promise<void> => {
  const data = await client.query<{ at1544: View; at1546: View; comparison: { changes: { edges: Change[] } } }>(
    PUBLISHED,
    { id: SAMPLE_INCIDENT_ID },
  );
  heading('What had been published on 3 November 2021?');
  certainAndPossible('at 15:44  ', data.at1544);
  certainAndPossible('at 15:46  ', data.at1546);
  const changed = (change: string) =>
    data.comparison.changes.edges.filter(({ changes }) => changes.includes(change)).map(({ node }) => node.reference);
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
    changes(first: 200) { edges { changes node { ... on Fact { reference } } } }
  }
}
${KNOWN}`;

const controllerAtNoon = async (client: LedgerClient): Promise<void> => {
  const data = await client.query<{ controller: View; published: View }>(AT_NOON, { id: SAMPLE_INCIDENT_ID });
  heading('What did the controller itself know at noon on 1 November 2021, by this record?');
  certainAndPossible('', data.controller);
  const then = ['CERTAIN', 'POSSIBLE'].flatMap((certainty) => known(data.published, certainty));
  say(`published by then: ${then.length === 0 ? 'nothing' : list(then)}`);
};
const AT_NOON = `query AtNoon($id: ID!) {
  controller: ledger(asOf: { known: { at: "2021-11-01T12:00:00Z", by: "controller:labour" } }) { ...Known }
  published: ledger(asOf: { known: { at: "2021-11-01T12:00:00Z", by: "public:public" } }) { ...Known }
}
${KNOWN}`;

/** How a stance is told of a fact. */
const STANCES: Readonly<Record<string, string>> = {
  ASSERTS: 'yes',
  CONCEDES: 'yes, conceded',
  DENIES: 'no',
  DOUBTS: 'doubtful',
  REPORTS: 'no side',
  ASKS: 'asks',
};

interface Contested {
  ledger: {
    incident: {
      contestedQuestions: {
        edges: {
          node: { reference: string; question: { value: string } };
          positions: {
            stance: string;
            position: { value: string };
            fact: { node: { reference: string; source: { document: string } } };
          }[];
        }[];
      };
    };
  };
}

const contested = async (client: LedgerClient): Promise<void> => {
  const { ledger } = await client.query<Contested>(CONTESTED, { id: SAMPLE_INCIDENT_ID });
  heading('Where do the sources contradict each other?');
  for (const { node, positions } of ledger.incident.contestedQuestions.edges) {
    say(`${node.reference}  ${node.question.value}`);
    for (const { stance, position, fact } of positions)
      say(
        `     ${(STANCES[stance] ?? stance).padEnd(8)} ${fact.node.reference} in ${fact.node.source.document.padEnd(3)}  ${position.value}`,
      );
  }
};
const CONTESTED = `query Contested($id: ID!) {
  ledger {
    incident(id: $id) {
      contestedQuestions(first: 50, filter: { conflicts: [OPEN] }) {
        edges {
          node { reference question { value } }
          positions { stance position { value } fact { node { ... on Fact { reference source { document } } } } }
        }
      }
    }
  }
}`;

interface Gaps {
  ledger: {
    incident: {
      gaps: { edges: { age: { minSeconds: number; maxSeconds: number }; node: { reference: string } }[] };
      questions: { edges: { node: { fact: { node: { reference: string } } } }[] };
    };
  };
}

const gaps = async (client: LedgerClient): Promise<void> => {
  const { ledger } = await client.query<Gaps>(GAPS, { id: SAMPLE_INCIDENT_ID });
  heading('What did the record still lack at the end of 18 February 2022, by what had been published?');
  const byAge = Map.groupBy(ledger.incident.gaps.edges, ({ age }) =>
    [age.minSeconds, age.maxSeconds].map((seconds) => seconds / 86_400).join(' to '),
  );
  for (const [days, edges] of byAge)
    say(`${`for ${days} days`.padEnd(21)} ${list(edges.map(({ node }) => node.reference))}`);
  say(`unanswered questions  ${list(ledger.incident.questions.edges.map(({ node }) => node.fact.node.reference))}`);
};
const GAPS = `query Gaps($id: ID!) {
  ledger(asOf: { known: { at: "2022-02-19T00:00:00Z", by: "public:public" } }) {
    incident(id: $id) {
      gaps(first: 50, filter: { states: [OPEN] }) { edges { age { minSeconds maxSeconds } node { reference } } }
      questions(first: 50, filter: { answered: false }) { edges { node { fact { node { ... on Fact { reference } } } } } }
    }
  }
}`;

interface Attributions {
  ledger: { incident: Record<'own' | 'hedged' | 'attributed', { edges: { node: { reference: string } }[] }> };
}

const attributions = async (client: LedgerClient): Promise<void> => {
  const { ledger } = await client.query<Attributions>(ATTRIBUTIONS, { id: SAMPLE_INCIDENT_ID });
  heading("How may each be put into a letter of the controller's? A lawyer decides; this is what the record allows.");
  const { own, hedged, attributed } = ledger.incident;
  for (const [how, { edges }] of [
    ['plainly', own],
    ['as its own understanding', hedged],
    ['only as said by somebody', attributed],
  ] as const)
    say(`${how.padEnd(25)} ${list(edges.map(({ node }) => node.reference))}`);
};
const ATTRIBUTIONS = `query Attributions($id: ID!) {
  ledger {
    incident(id: $id) {
      own: timeline(first: 200, filter: { attributions: [OWN] }, orderBy: { field: RECORDED }) { ...Facts }
      hedged: timeline(first: 200, filter: { attributions: [OWN_UNDERSTANDING] }, orderBy: { field: RECORDED }) { ...Facts }
      attributed: timeline(first: 200, filter: { attributions: [ATTRIBUTED] }, orderBy: { field: RECORDED }) { ...Facts }
    }
  }
}
fragment Facts on TimelineConnection { edges { node { ... on Fact { reference } } } }`;
