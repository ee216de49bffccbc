import type { QuestionId } from './expected';
import { SAMPLE_INCIDENT_ID } from './ids';
import type { Json } from './json';
import type { Step } from './step';

export type User = 'auditor' | 'legal' | 'analyst';

/** One question to the ledger that holds the sample, and the answer that it must give. */
export interface Question {
  readonly id: QuestionId;
  readonly user: User;
  readonly question: string;
  /** How to read the answer. */
  readonly reading: string;
  /** A document with one operation. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, Json>>;
  /** Commands that come before it. The query is then given `$before`, the sequence of the ledger before them. */
  readonly commands?: readonly Step[];
  /** Puts what the ledger answered into another shape. It decides nothing. */
  answer(data: any): Json;
  readonly expected: Json;
}

export type QuestionDraft = Omit<Question, 'user' | 'expected'>;

/** Parts of queries. */
export const INCIDENT = `incident(id: "${SAMPLE_INCIDENT_ID}")`;
export const PUBLIC = 'by: "public:public"';
export const END_OF_3_NOVEMBER = `known: { at: "2021-11-04T00:00:00Z", ${PUBLIC} }`;
export const END_OF_18_FEBRUARY = `known: { at: "2022-02-19T00:00:00Z", ${PUBLIC} }`;

export const FACTS = `fragment Facts on TimelineConnection {
  edges { certainty node { ... on Fact { reference } } }
}`;

/** A page, as it comes. */
export interface Edges {
  readonly edges: readonly any[];
}

export const fact = (edge: any): string => edge.node.reference;
export const facts = (list: Edges): string[] => list.edges.map(fact);
export const byCertainty = ({ edges }: Edges) => ({
  certain: edges.filter(({ certainty }) => certainty === 'CERTAIN').map(fact),
  possible: edges.filter(({ certainty }) => certainty === 'POSSIBLE').map(fact),
});
export const grouped = <T>(items: readonly T[], key: (item: T) => string, value: (item: T) => string) => {
  const groups: Record<string, string[]> = {};
  for (const item of items) (groups[key(item)] ??= []).push(value(item));
  return groups;
};
export const keyed = <T>(
  items: readonly T[],
  key: (item: T) => string,
  value: (item: T) => Json,
): Record<string, Json> => Object.fromEntries(items.map((item) => [key(item), value(item)]));
export const window = ({ earliest, latest }: any) => ({ earliest, latest });
