import 'reflect-metadata';
import { parse } from 'graphql';
import { readConfig } from '../../apps/ledger/config';
import { checkLimits } from '../../apps/ledger/graphql/limits';
import { EXAMPLE_QUERIES } from '../../apps/ledger/http/example-queries';
import { SAMPLE_INCIDENT_ID } from '../seed-case/sample';
import { startLedger, type LedgerServer } from '../support/ledger-server';

let ledger: LedgerServer;
beforeAll(async () => {
  ledger = await startLedger();
  await ledger.loadSample();
});
afterAll(() => ledger.stop());

const { maxQueryCost: maxCost, maxQueryDepth: maxDepth } = readConfig({});
const costOf = (query: string, variables?: Record<string, unknown>) =>
  checkLimits(ledger.schema, parse(query), variables, { maxCost, maxDepth });

const TEXT = '{ value state }';
const ACTOR = `{ ref role name ${TEXT} }`;
const WHEN = `{ display earliest latest precision qualifier basis text ${TEXT} }`;
const OCCURRED = `{ shape display when ${WHEN} start ${WHEN} observed ${WHEN} end ${WHEN} }`;
const KNOWN = `{ by { ref name ${TEXT} } when ${WHEN} basis ${TEXT} }`;
const SOURCE = `{ document line locator ${TEXT} }`;

/** Everything a timeline shows of an entry: as it was recorded, and as it is in force. */
const RICHEST = `{
  ledger { resolved { sequence recorded stale }
    incident(id: "${SAMPLE_INCIDENT_ID}") { incident { id reference } title ${TEXT} status
      timeline(first: 200) {
        counts { certain possible }
        pageInfo { hasNextPage endCursor }
        edges { cursor certainty standing
          recordingLag { moreThanOneDay minSeconds maxSeconds }
          supersededBy { id } retractedBy { id } possiblySupersededBy { id }
          inForce { sequence statement ${TEXT} occurred { display } actor ${ACTOR} source ${SOURCE} manner known ${KNOWN} }
          node { id kind sequence recorded
            ... on Fact { reference manner occurred ${OCCURRED} known ${KNOWN} actor ${ACTOR} source ${SOURCE} via ${ACTOR}
              statement ${TEXT} quoted ${TEXT} note ${TEXT} partOf { id } sameThingAs { id } } } } } } } }`;

test('the richest page of a timeline, 200 entries, is within the default limits', async () => {
  expect(costOf(RICHEST)).toBeLessThanOrEqual(maxCost);
  const { data, errors } = await ledger.gql(RICHEST);
  expect(errors).toBeUndefined();
  expect(data.ledger.incident.timeline.edges).toHaveLength(54);
});

test('every example of the console costs less than half of the limit', () => {
  for (const { title, query } of EXAMPLE_QUERIES) expect([title, costOf(query) <= maxCost / 2]).toEqual([title, true]);
});

describe('the published rule', () => {
  const FACT = 'fact_9f202e93-9400-4442-b572-d32e00566b69';
  test.each([
    ['every object costs 1, plain values nothing', '{ ledger { resolved { sequence stale recorded } } }', 2],
    ['a page costs 100 and its edges', '{ ledger { timeline(first: 3) { edges { cursor } } } }', 1 + 100 + 3],
    ['a page has 50 edges when it does not say', '{ ledger { timeline { edges { cursor } } } }', 1 + 100 + 50],
    [
      'a list of entries without pages costs five of them',
      `{ ledger { history(factId: "${FACT}") { amendments { node { id } } } } }`,
      1 + 1 + (1 + 5 * 1),
    ],
    ['the last entries cost what the first do', '{ ledger { timeline(last: 3) { edges { cursor } } } }', 1 + 100 + 3],
    [
      'a page in a page is counted as often as it may be read',
      '{ ledger { incidents(first: 4) { edges { node { gaps(first: 2) { edges { cursor } } } } } } }',
      1 + 100 + 4 * (2 + 100 + 2),
    ],
    [
      'a list of ids counts each',
      `{ nodes(ids: ["${FACT}", "${FACT}", "${FACT}"]) { id ... on Fact { actor { ref } } } }`,
      3 * 2,
    ],
    [
      'of fragments on different types the dearest counts',
      `{ node(id: "${FACT}") { ... on AdviceGiven { actor { ref } } ... on ClaimMade { actor { ref } source { line } } } }`,
      1 + 2,
    ],
    [
      'a fragment is counted wherever it is spread',
      'query { a: ledger { ...V } b: ledger { ...V } } fragment V on LedgerView { resolved { stale } }',
      2 * 2,
    ],
  ])('%s', (_, query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('sizes in variables count, and their defaults', () => {
    const query = 'query ($n: Int = 7) { ledger { timeline(first: $n) { edges { cursor } } } }';
    expect(costOf(query, { n: 3 })).toBe(1 + 100 + 3);
    expect(costOf(query)).toBe(1 + 100 + 7);
  });

  test('what is skipped costs nothing', () => {
    expect(
      costOf('query ($no: Boolean!) { ledger { resolved @include(if: $no) { stale } requested { recorded } } }', {
        no: false,
      }),
    ).toBe(2);
  });
});
