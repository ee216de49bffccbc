import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inShort } from './in-short';
import { questions, type Question, type User } from './questions';
import { sample, type Step } from './sample';

const root = join(__dirname, '../..');
export const GUIDE_FILE = 'docs/guides/queries.md';
export const readGuide = (): string => readFileSync(join(root, GUIDE_FILE), 'utf8');
export const writeGuide = (): void => writeFileSync(join(root, GUIDE_FILE), guide());

/** What an empty ledger holds once the sample is in it: an event for each step, and the gap that it opens by itself. */
const SEQUENCE_OF_SAMPLE = String(sample.length + 1);

const INTRODUCTION = `# Queries

<!-- Written by \`npm run guide\` from test/seed-case/questions.ts. A test runs every query here and compares the answers. -->

These are the questions of three users to the [sample incident](../../test/seed-case/README.md), each with the query that asks it, what the ledger answers, and how to read that. \`npm run questions\` records the sample on a ledger of its own, asks all of them over HTTP and says which are answered as expected. To try them one by one: \`npm run demo\`, then the console. F01 to F54 are the facts of the sample, G01 to G20 its gaps, C1 to C13 its contested questions.

## The view

Everything is asked of a view, \`ledger(asOf: { recorded, known: { at, by } })\`, and everything below it inherits the moment.

- \`recorded\`: what was on record by then. \`sequence\` pins the same for ever.
- \`known\`: what was known by then, to \`by\` or to anybody. What had been published is what \`public:public\` knew.
- Nothing given: all that is on record, whatever anybody knew.

Two aliases are two moments in one request, and \`comparison\` says what differs between two. \`resolved\` says what a moment came to: cite its \`sequence\`.

Three things on every edge deserve a look.

- \`certainty\`. Times are windows. \`CERTAIN\`: the whole window had passed by the moment. \`POSSIBLE\`: it had begun, and more is not known. Counts give both, never their sum.
- \`node\` and \`inForce\`. The node is the fact as it was recorded, for ever. In force is what the view shows, with the corrections that hold there.
- Facts are assertions. Two assertions of one thing are two facts: \`counts\` says how many assertions, \`things\` how many things.

## Pages

Every list is a connection: \`first\` and \`after\`, or \`last\` and \`before\`, at most 200 at a time. \`pageInfo { hasNextPage endCursor }\` says whether to go on and where. A cursor belongs to its list, order, filter and view, and is refused anywhere else. The counts are those of the whole list, not of the page. What a query may cost is in [errors.md](errors.md).`;

const SECTIONS: readonly (readonly [User, title: string, purpose: string])[] = [
  ['analyst', 'The analyst', 'Counts, compares and looks for change.'],
  ['legal', 'The lawyer', 'Prepares what is told to others: what may be said, how, and what stands against it.'],
  ['auditor', 'The auditor', 'Reconstructs: who knew what when, on what evidence, and what this ledger held.'],
];

/** The guide as it is committed. */
export const guide = (): string =>
  `${[
    INTRODUCTION,
    ...SECTIONS.flatMap(([user, title, purpose]) => [
      `## ${title}\n\n${purpose}`,
      ...questions.filter((question) => question.user === user).map(chapter),
    ]),
  ].join('\n\n')}\n`;

const chapter = ({ id, question, commands = [], query, variables, expected, reading }: Question): string => {
  const given = commands.length === 0 ? variables : { ...variables, before: SEQUENCE_OF_SAMPLE };
  return [
    `### ${id}. ${question}`,
    ...(commands.length === 0 ? [] : [RECORDS, ...commands.map(mutation)]),
    fence('graphql', query),
    ...(given === undefined ? [] : [json(given)]),
    inShort(expected)
      .map((line) => `- ${line}`)
      .join('\n'),
    reading,
  ].join('\n\n');
};

const RECORDS =
  'Ask it last: it records something, and every count has one entry more from there on. The correction is made up; no source makes it.';

const mutation = ({ mutation: name, input }: Step): string => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const document = `mutation ${type}($input: ${type}Input!) {
  ${name}(input: $input) {
    ... on Recorded { position revision }
    ... on ErrorResult { code message }
  }
}`;
  return `${fence('graphql', document)}\n\n${json({ input })}`;
};

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
const json = (value: unknown): string => fence('json', JSON.stringify(value, undefined, 2));

export interface Block {
  /** Of the question under which it stands. */
  readonly id: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Every query in a markdown text, with the variables that follow it, and the question under whose heading it stands. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^### (\w+)\. .*$|^```graphql\n([\s\S]*?)^```(?:\s*^```json\n([\s\S]*?)^```)?/gm)].reduce<{
    readonly id: string;
    readonly blocks: readonly Block[];
  }>(
    ({ id, blocks }, [, heading, query, variables]) =>
      query === undefined
        ? { id: heading ?? id, blocks }
        : { id, blocks: [...blocks, { id, query, variables: JSON.parse(variables ?? '{}') as Block['variables'] }] },
    { id: '', blocks: [] },
  ).blocks;
