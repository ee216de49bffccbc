import { REFERENCES, type Reference } from './ids';

/** What the sample must answer, as data. The letters are those of the questions: A an auditor's, Q an analyst's. */

/** Half-open, `[earliest, latest)`. */
interface Window {
  readonly earliest: string;
  readonly latest: string;
}

const through = (first: Reference, last: Reference): readonly Reference[] =>
  REFERENCES.slice(REFERENCES.indexOf(first), REFERENCES.indexOf(last) + 1);

export const ALL: readonly Reference[] = REFERENCES;

// A1. Which facts have no lower bound on their occurrence (of a state: on its start)?
export const NO_LOWER_BOUND: readonly Reference[] = [
  'F01',
  'F02',
  'F25',
  ...through('F36', 'F43'),
  'F47',
  'F51',
  'F53',
  'F54',
];

// A2. When was the controller informed, by whom, on what evidence, how precisely?
export const NOTICE = {
  fact: 'F03',
  corroboratedBy: ['F04'],
  by: { role: 'PROCESSOR', id: 'unnamed' },
  occurred: { earliest: '2021-10-28T23:00:00.000Z', latest: '2021-10-29T23:00:00.000Z', precision: 'DAY' },
  source: { document: 'S1E', line: 15 },
  channel: 'UNKNOWN',
  /** Nobody registered the processor: the notice is recorded all the same, and this gap opens beside it. */
  gap: { topic: 'UNREGISTERED_PROCESSOR', about: 'F03' },
  /** Awareness is a decision of its own, and none is on record. */
  awarenessDecisions: 0,
} as const;

// A5. What had been published at 15:44Z, and at 15:46Z, on 3 November 2021?
export const AT_1544 = '2021-11-03T15:44:00.000Z';
export const POSSIBLE_AT_1544: readonly Reference[] = [...through('F01', 'F26'), 'F29', 'F30'];
export const CERTAIN_AT_1544: readonly Reference[] = [];
export const AT_1546 = '2021-11-03T15:46:00.000Z';
export const POSSIBLE_AT_1546: readonly Reference[] = [];
export const CERTAIN_AT_1546: readonly Reference[] = through('F01', 'F30');

// A10. Which facts were recorded more than 24 hours after they were known? All: the lag runs from these windows to the
// recording, so with the clock fixed at R it is more than R - latest and at most R - earliest.
export const RECORDED_LATE: readonly Reference[] = ALL;
const ARTICLE: Window = { earliest: '2021-11-03T12:00:00.000Z', latest: '2021-11-03T15:45:00.000Z' };
export const PUBLISHED: readonly { readonly facts: readonly Reference[]; readonly known: Window }[] = [
  { facts: POSSIBLE_AT_1544, known: ARTICLE },
  { facts: ['F27', 'F28'], known: { earliest: '2021-11-03T15:45:00.000Z', latest: '2021-11-03T15:46:00.000Z' } },
  {
    facts: through('F31', 'F54'),
    known: { earliest: '2022-02-18T00:00:00.000Z', latest: '2022-02-19T00:00:00.000Z' },
  },
];
/** Of the other facts the record shows no knowledge of the controller's own. */
export const KNOWN_TO_CONTROLLER: readonly { readonly facts: readonly Reference[]; readonly known: Window }[] = [
  {
    facts: ['F01', 'F03'],
    known: { earliest: '2021-10-28T23:00:00.000Z', latest: '2021-10-29T23:00:00.000Z' },
  },
  {
    facts: ['F02', ...through('F05', 'F09')],
    known: { earliest: '2021-10-28T23:00:00.000Z', latest: '2021-11-03T15:45:00.000Z' },
  },
  { facts: through('F10', 'F24'), known: ARTICLE },
];

// A12. What did the controller know by this record at noon on 1 November 2021? Nothing had been published.
export const NOON_1_NOVEMBER = '2021-11-01T12:00:00.000Z';
export const CONTROLLER_CERTAIN_AT_NOON: readonly Reference[] = ['F01', 'F03'];
export const CONTROLLER_POSSIBLE_AT_NOON: readonly Reference[] = ['F02', ...through('F05', 'F09')];
export const PUBLISHED_AT_NOON: readonly Reference[] = [];

// Q5. Published by the end of 3 November 2021, against the end of 18 February 2022: all of it certain.
export const END_OF_3_NOVEMBER = '2021-11-04T00:00:00.000Z';
export const CERTAIN_BY_3_NOVEMBER: readonly Reference[] = through('F01', 'F30');
export const END_OF_18_FEBRUARY = '2022-02-19T00:00:00.000Z';
export const CERTAIN_BY_18_FEBRUARY: readonly Reference[] = ALL;
export const PUBLISHED_IN_BETWEEN: readonly Reference[] = through('F31', 'F54');
