import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { ask, caughtUp, inOrderOfAsking, record, type Asked } from '../../test/seed-case/ask';
import { inShort } from '../../test/seed-case/in-short';
import { ownIds } from '../../test/seed-case/own-ids';
import { questions, type Question } from '../../test/seed-case/questions';
import { sample } from '../../test/seed-case/sample';
import { askedToStop } from '../ledger/process';
import { WrongUse, type Terminal } from './command';
import { LedgerClient } from './ledger-client';
import { messageOf } from './message-of';
import { nameOf, placeOf } from './places';
import { openThrowawayLedger } from './throwaway-ledger';

export interface QuestionsAsked {
  /** In the order of the list. */
  readonly asked: readonly Asked[];
  /** Where the events lay, in words. */
  readonly store: string;
  readonly commands: number;
}

/** Records the sample on a ledger of its own and asks every question, all of it over HTTP. */
export const askQuestions = async (
  { env, progress }: Pick<Terminal, 'env' | 'progress'>,
  list: readonly Question[] = questions,
): Promise<QuestionsAsked> => {
  const url = env['EVENTSTORE_URL'] || undefined;
  const stopped = askedToStop().then(() => Promise.reject(new Error('it was asked to stop')));
  const ledger = await openThrowawayLedger(
    url === undefined
      ? {}
      : // The keys of earlier runs went with their folders.
        { EVENTSTORE_URL: url, LEDGER_LOST_KEYS: 'i-accept-that-old-texts-cannot-be-read' },
  );
  try {
    const client = new LedgerClient(await ledger.listen());
    const own = url === undefined ? undefined : ownIds(randomUUID());
    const mine = list.map((question) => own?.question(question) ?? question);
    const store = url === undefined ? 'the embedded store' : nameOf(placeOf(url, { env }));
    const run = async (): Promise<QuestionsAsked> => {
      if (url !== undefined) await refuseForeign(client, store);
      const steps = own?.value(sample) ?? sample;
      const recording = progress('Recording the sample', 'commands');
      await record(steps, client, (done) => recording(done, steps.length));
      const answers = new Map<string, Asked>();
      for (const question of inOrderOfAsking(mine)) answers.set(question.id, await askOrSayWhy(question, client));
      return { asked: mine.flatMap(({ id }) => answers.get(id) ?? []), store, commands: steps.length };
    };
    return await Promise.race([run(), stopped]);
  } finally {
    await ledger.close();
  }
};

interface Incidents {
  readonly ledger: {
    readonly incidents: { readonly edges: readonly { readonly node: { readonly incident: { reference: string } } }[] };
  };
}

/** What is recorded stays for ever, so this is no store for a sample unless it holds nothing, or earlier runs of this. */
const refuseForeign = async (client: LedgerClient, store: string): Promise<void> => {
  await caughtUp(client);
  const { ledger } = await client.query<Incidents>(
    '{ ledger { incidents(first: 200) { edges { node { incident { reference } } } } } }',
  );
  const ours = sample[0]?.input['reference'];
  const foreign = ledger.incidents.edges.find(({ node }) => node.incident.reference !== ours);
  if (foreign !== undefined)
    throw new WrongUse(
      `${store} holds the incident ${foreign.node.incident.reference}: name a throwaway server, for what is recorded there stays`,
    );
};

const askOrSayWhy = async (question: Question, client: LedgerClient): Promise<Asked> => {
  try {
    return await ask(question, client);
  } catch (error) {
    const answer = { error: messageOf(error) };
    return { question, variables: question.variables ?? {}, answer, passed: false };
  }
};

export const writeJson = (file: string, asked: readonly Asked[]): void => {
  const rows = asked.map(({ question: { id, query, expected }, answer, passed }) => ({
    id,
    query,
    answer,
    expected,
    passed,
  }));
  try {
    writeFileSync(file, `${JSON.stringify(rows, undefined, 2)}\n`);
  } catch (error) {
    throw new Error(`the answers cannot be written: ${(error as Error).message}`, { cause: error });
  }
};

export interface Paper {
  /** How many characters go into a line. */
  readonly width: number;
  readonly colours: boolean;
}

/** For people: a table, then whatever was not answered as expected in full, then the sum. */
export const report = (asked: readonly Asked[], { width, colours }: Paper): readonly string[] => {
  const ID = Math.max(...asked.map(({ question }) => question.id.length), 2);
  const room = Math.max(40, width - ID - 4 - 3 * 2);
  const [QUESTION, ANSWER] = [Math.floor(room * 0.36), Math.ceil(room * 0.64)];
  const verdict = (passed: boolean): string =>
    colours
      ? styleText(passed ? 'green' : 'red', passed ? 'pass' : 'FAIL', { validateStream: false })
      : passed
        ? 'pass'
        : 'FAIL';
  const row = (id: string, question: readonly string[], answer: readonly string[], end: string): string[] =>
    Array.from({ length: Math.max(question.length, answer.length, 1) }, (_, line) =>
      [
        (line === 0 ? id : '').padEnd(ID),
        (question[line] ?? '').padEnd(QUESTION),
        (answer[line] ?? '').padEnd(ANSWER),
        line === 0 ? end : '',
      ]
        .join('  ')
        .trimEnd(),
    );
  const failed = asked.filter(({ passed }) => !passed);
  return [
    ...row('', ['question'], ['answer'], ''),
    '─'.repeat(ID + QUESTION + ANSWER + 4 + 3 * 2),
    ...asked.flatMap(({ question, answer, passed }) =>
      row(
        question.id,
        wrapped(question.question, QUESTION),
        inShort(answer).flatMap((line) => wrapped(line, ANSWER)),
        verdict(passed),
      ),
    ),
    ...failed.flatMap(({ question, answer }) => [
      '',
      `${question.id} was not answered as expected.`,
      `expected: ${JSON.stringify(question.expected, undefined, 2)}`,
      `got: ${JSON.stringify(answer, undefined, 2)}`,
    ]),
    '',
    `${asked.length - failed.length} of ${asked.length} answered as expected`,
  ];
};

/** Lines of at most so many characters; what follows the first is set in by two. */
export const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? []);
};
