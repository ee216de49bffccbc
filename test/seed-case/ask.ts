import { setTimeout as sleep } from 'node:timers/promises';
import { isSame, type Json } from './json';
import type { Question } from './questions';
import type { Step } from './step';

/** A ledger as somebody reaches it: over HTTP. */
export interface LedgerToAsk {
  query<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Answers the position; throws when the command was not accepted. */
  command(mutation: string, input: Readonly<Record<string, unknown>>): Promise<string>;
}

export interface Asked {
  readonly question: Question;
  /** What was sent: the variables may hold what only the run knows. */
  readonly variables: Readonly<Record<string, Json>>;
  readonly answer: Json;
  readonly passed: boolean;
}

interface Resolved {
  readonly ledger: { readonly resolved: { readonly sequence: string; readonly stale: boolean } };
}

/** Waits until the views show everything up to the position, or up to the end of the log, and answers the sequence. */
export const caughtUp = async (ledger: LedgerToAsk, position: string | null = null): Promise<string> => {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const { resolved } = (await ledger.query<Resolved>(REACHED, { position })).ledger;
    if (!resolved.stale) return resolved.sequence;
    if (Date.now() > deadline) throw new Error('the views do not follow the log');
  }
};

const PATIENCE_MS = 60_000;
const REACHED =
  'query Reached($position: Position) { ledger(consistentTo: $position) { resolved { sequence stale } } }';

/** Sends the commands in order, and waits until the views show the last one. */
export const record = async (
  steps: readonly Step[],
  ledger: LedgerToAsk,
  sent: (done: number) => void = () => undefined,
): Promise<void> => {
  let position: string | null = null;
  for (const [index, { mutation, input }] of steps.entries()) {
    position = await ledger.command(mutation, input).catch((refused: { readonly code?: string }) => {
      if (refused.code !== 'PARTY_EXISTS') throw refused;
      return position; // an earlier run on the same store has registered it
    });
    sent(index + 1);
  }
  await caughtUp(ledger, position);
};

/** In the order in which to ask: what records something comes last, or it would be counted. */
export const inOrderOfAsking = (questions: readonly Question[]): readonly Question[] => [
  ...questions.filter(({ commands }) => commands === undefined),
  ...questions.filter(({ commands }) => commands !== undefined),
];

export const ask = async (question: Question, ledger: LedgerToAsk): Promise<Asked> => {
  let variables = question.variables ?? {};
  if (question.commands !== undefined) {
    variables = { ...variables, before: await caughtUp(ledger) };
    await record(question.commands, ledger);
  }
  const answer = question.answer(await ledger.query(question.query, variables));
  return { question, variables, answer, passed: isSame(answer, question.expected) };
};
