import { analyst } from './analyst';
import { auditor } from './auditor';
import { EXPECTED } from './expected';
import { legal } from './legal';
import type { Question, QuestionDraft, User } from './question';

export type { Question, User } from './question';

const of = (user: User, list: readonly QuestionDraft[]): readonly Question[] =>
  list.map((question) => ({ ...question, user, expected: EXPECTED[question.id] }));

/** Every question of the three users that the ledger can answer today. A8 records a correction: ask it last. */
export const questions: readonly Question[] = [
  ...of('auditor', auditor),
  ...of('legal', legal),
  ...of('analyst', analyst),
];
