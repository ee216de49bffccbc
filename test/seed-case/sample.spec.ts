import { REFERENCES } from './ids';
import { sample } from './sample';

const of = (mutation: RegExp) => sample.filter((step) => mutation.test(step.mutation)).map(({ input }) => input);
const facts = of(/^record/);

test('the sample is 54 facts, 20 gaps, 13 contested questions and 37 stances on them', () => {
  expect(facts.map(({ reference }) => reference)).toEqual(REFERENCES);
  expect(of(/^openGap$/)).toHaveLength(20);
  expect(of(/^nameContestedQuestion$/)).toHaveLength(13);
  expect(of(/^attributeStance$/)).toHaveLength(37);
});

test('no command is sent twice, and none is made up anew: a second import is the first', () => {
  const ids = sample.map(({ input }) => input['commandId']);
  expect(new Set(ids).size).toBe(sample.length);
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    expect((require('./sample') as typeof import('./sample')).sample).toEqual(sample);
  });
});

test('whatever a step points at is in the sample', () => {
  const made = new Set(
    sample.flatMap(({ input }) => [input['factId'], input['gapId'], input['questionId'], input['incidentId']]),
  );
  const ids = JSON.stringify(sample).match(/(fact|gap|question|inc)_[0-9a-f-]{36}/g) ?? [];
  expect(ids.filter((id) => !made.has(id))).toEqual([]);
  const factIds = new Set(facts.map(({ factId }) => factId));
  expect(of(/^attributeStance$/).every(({ factId }) => factIds.has(factId))).toBe(true);
});

test('of the sources at most eight words are quoted in one place', () => {
  const fragments = facts.flatMap(({ quoted }) => (typeof quoted === 'string' ? [quoted] : []));
  expect(fragments.length).toBeGreaterThan(0);
  expect(fragments.filter((fragment) => fragment.split(/\s+/).length > 8)).toEqual([]);
});

test('what the sources black out stays blacked out', () => {
  expect(JSON.stringify(sample)).not.toMatch(/@|https?:/);
});
