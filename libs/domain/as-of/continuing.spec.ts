import { amends, known, look, seenIn, since, within, type TraceFields } from '../../../test/support/traces';
import { continuationOf } from './continuing';

const state = (end: TraceFields['occurred'] | null = null, fields: TraceFields = {}): TraceFields => ({
  type: 'service-outage-reported',
  occurred: { ...within(1, 2), end },
  ...fields,
});
const observed = (observation: 'ended' | 'continues', known = [since(10, 12)], ofState = 'outage'): TraceFields => ({
  type: 'state-observed',
  links: { ofState: [ofState] },
  values: { observation },
  known,
});

const continuation = (facts: Readonly<Record<string, TraceFields>>, at?: number) => {
  const view = look(facts, [], at === undefined ? undefined : known(at));
  return continuationOf(seenIn(view, 'outage'), view);
};

describe('a state', () => {
  test('that happened at a moment has no end to ask for', () => expect(continuation({ outage: {} })).toBeUndefined());
  test('without an end on record is not said to go on', () =>
    expect(continuation({ outage: state() })).toBe('no-end-on-record'));
  test('with an end has ended', () => expect(continuation({ outage: state(within(5, 6)) })).toBe('ended'));

  test('ends by a correction, from when that was known', () => {
    const better = {
      ...amends('outage', 'substance', { occurred: { ...within(1, 2), end: within(5, 6) } }),
      known: [since(10, 12)],
    };
    const facts = { outage: state(), better };
    expect([9, 10, 12].map((at) => continuation(facts, at))).toEqual(['no-end-on-record', 'perhaps-ended', 'ended']);
    expect(continuation(facts)).toBe('ended');
  });
  test('does not end by a correction that was retracted, or that a later one put otherwise', () => {
    const end = { ...within(1, 2), end: within(5, 6) };
    const better = { ...amends('outage', 'substance', { occurred: end }), known: [since(3, 4)] };
    expect(continuation({ outage: state(), better, away: amends('better', 'retraction') })).toBe('no-end-on-record');
    const still = {
      ...amends('outage', 'substance', { occurred: { ...within(1, 2), end: null } }),
      known: [since(3, 4)],
    };
    expect(continuation({ outage: state(), better, still })).toBe('no-end-on-record');
    expect(continuation({ outage: state(within(5, 6)), still })).toBe('no-end-on-record');
    const doubtful = { ...better, known: [since(3, 9)] };
    expect(continuation({ outage: state(), doubtful, still }, 4)).toBe('no-end-on-record');
    expect(continuation({ outage: state(), still, doubtful }, 4)).toBe('perhaps-ended');
  });

  test('ends by an observation, from when that was known', () => {
    const facts = { outage: state(), seen: observed('ended') };
    expect([9, 10, 12].map((at) => continuation(facts, at))).toEqual(['no-end-on-record', 'perhaps-ended', 'ended']);
  });
  test('does not end by an observation that it went on, or of another state, or that was retracted', () => {
    expect(continuation({ outage: state(), seen: observed('continues') })).toBe('no-end-on-record');
    expect(continuation({ outage: state(), seen: observed('ended', [since(2, 3)], 'another') })).toBe(
      'no-end-on-record',
    );
    const away = { ...amends('seen', 'retraction'), known: [since(20, 21)] };
    const facts = { outage: state(), seen: observed('ended'), away };
    expect([19, 21].map((at) => continuation(facts, at))).toEqual(['ended', 'no-end-on-record']);
  });
  test('has certainly ended as soon as one of several observations was certainly known', () => {
    const facts = {
      outage: state(),
      seen: observed('ended', [since(5, 20)]),
      again: observed('ended', [since(10, 11)]),
    };
    expect([5, 11].map((at) => continuation(facts, at))).toEqual(['perhaps-ended', 'ended']);
  });
  test('ends by an observation also where its own times are corrected without an end', () => {
    const moved = {
      ...amends('outage', 'substance', { occurred: { ...within(2, 3), end: null } }),
      known: [since(8, 9)],
    };
    expect(continuation({ outage: state(), seen: observed('ended', [since(4, 12)]), moved }, 9)).toBe('perhaps-ended');
    expect(continuation({ outage: state(), seen: observed('ended', [since(4, 5)]), moved }, 9)).toBe('ended');
  });
  test('looked at in two views is what each of them shows', () => {
    const facts = { outage: state(), seen: observed('ended') };
    const [before, after] = [look(facts, [], known(9)), look(facts, [], known(12))];
    expect(continuationOf(seenIn(before, 'outage'), before)).toBe('no-end-on-record');
    expect(continuationOf(seenIn(after, 'outage'), after)).toBe('ended');
    expect(continuationOf(seenIn(before, 'outage'), before)).toBe('no-end-on-record');
  });
});
