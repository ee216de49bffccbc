import fc from 'fast-check';
import {
  amends,
  COUNCIL_REF,
  factIds,
  known,
  log,
  PUBLIC_REF,
  recorded,
  since,
  trace,
  within,
  type TraceFields,
} from '../../../test/support/traces';
import { ORDERS, type Order } from './order';
import { viewAt, type AsOf } from './view';

const sorted = (order: Order, facts: Readonly<Record<string, TraceFields>>, asOf: AsOf = recorded(99)) =>
  factIds(viewAt(log(facts), asOf).sort(ORDERS[order]));

test('by recording, facts stand as the log has them', () =>
  expect(sorted('recorded', { b: { occurred: within(9, 10) }, a: {}, c: { known: [since(1, 2)] } })).toEqual([
    'b',
    'a',
    'c',
  ]));

test('by occurrence, open starts come first, then the earliest, open ends last, then the first recorded', () =>
  expect(
    sorted('occurred', {
      late: { occurred: within(9, 10) },
      wide: { occurred: within(3, 8) },
      open: { occurred: within(3, null) },
      narrow: { occurred: within(3, 4) },
      same: { occurred: within(3, 4) },
      before: { occurred: within(null, 20) },
      unknown: { occurred: within(null, null) },
      never: { occurred: within(null, 2) },
    }),
  ).toEqual(['never', 'before', 'unknown', 'narrow', 'same', 'wide', 'open', 'late']));

test('by occurrence, a state stands where it began, and a corrected fact where it is now', () =>
  expect(
    sorted('occurred', {
      state: { occurred: { ...within(5, 6), end: within(20, 21) } },
      moved: { occurred: within(9, 10) },
      box: { occurred: within(7, 8) },
      better: { ...amends('moved', 'substance', { occurred: within(3, 4) }), occurred: within(30, 31) },
    }),
  ).toEqual(['moved', 'state', 'box', 'better']));

test('by knowledge, facts stand where the first knew them whose knowledge shows them', () => {
  const facts = {
    late: { known: [since(8, 9), since(3, 4, PUBLIC_REF)] },
    early: { known: [since(5, 6), since(20, 21, PUBLIC_REF)] },
  };
  expect(sorted('known', facts, known(30))).toEqual(['late', 'early']);
  expect(sorted('known', facts, known(30, COUNCIL_REF))).toEqual(['early', 'late']);
  expect(sorted('known', facts, known(30, PUBLIC_REF))).toEqual(['late', 'early']);
  expect(sorted('known', facts)).toEqual(['late', 'early']);
});

describe('each order', () => {
  const bounds = fc
    .tuple(fc.option(fc.integer({ min: 1, max: 5 })), fc.option(fc.integer({ min: 1, max: 3 })))
    .map(([from, wide]) => [from, wide === null ? null : (from ?? 2) + wide] as const);
  const facts = fc
    .array(fc.tuple(bounds, fc.array(bounds, { minLength: 1, maxLength: 3 })), { minLength: 2, maxLength: 10 })
    .map((list) =>
      list.map(([occurred, knowers], index) =>
        trace(index + 1, `f${index}`, {
          occurred: within(...occurred),
          known: knowers.map(([from, to], at) => since(from, to, at === 0 ? COUNCIL_REF : PUBLIC_REF)),
        }),
      ),
    );
  const moment = fc.constantFrom<AsOf>(recorded(99), known(3), known(6), known(6, PUBLIC_REF));

  test.each(['occurred', 'known', 'recorded'] as const)('%s is total: the same however the facts come', (order) =>
    fc.assert(
      fc.property(facts, moment, fc.nat(), (traces, asOf, rotation) => {
        const seen = viewAt(traces, asOf);
        const compare = ORDERS[order];
        const expected = factIds([...seen].sort(compare));
        const cut = seen.length === 0 ? 0 : rotation % seen.length;
        expect(factIds([...seen.slice(cut), ...seen.slice(0, cut)].sort(compare))).toEqual(expected);
        expect(factIds(seen.toReversed().sort(compare))).toEqual(expected);
        for (const a of seen)
          for (const b of seen) {
            expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
            expect(compare(a, b) === 0).toBe(a === b);
            for (const c of seen) if (compare(a, b) < 0 && compare(b, c) < 0) expect(compare(a, c)).toBeLessThan(0);
          }
      }),
      { numRuns: 100 },
    ),
  );
});
