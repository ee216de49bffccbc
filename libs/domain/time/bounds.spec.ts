import fc from 'fast-check';
import { day, within } from '../../../test/support/traces';
import {
  before,
  beginning,
  compareBounds,
  earliestOf,
  ending,
  interval,
  knownBy,
  overlaps,
  type Bounds,
} from './bounds';
import { epochMs, instantOf } from './instant';

const bounds = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 12 })), fc.option(fc.integer({ min: 1, max: 6 })))
  .map(([from, wide]) => within(from, wide === null ? null : (from ?? 6) + wide));
/** A moment within the bounds, by a number from 0 up to 1; an open side reaches a year further. */
const moment = ({ earliest, latest }: Bounds, share: number): number => {
  const YEAR = 365 * 24 * 60 * 60 * 1000;
  const start = earliest !== null ? epochMs(earliest) : (latest === null ? epochMs(day(1)) : epochMs(latest)) - YEAR;
  const end = latest !== null ? epochMs(latest) : start + YEAR;
  return Math.min(Math.floor(start + share * (end - start)), end - 1);
};
const share = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('the first of several moments', () => {
  test('of none is unknown, and of one is that one', () => {
    expect(earliestOf([])).toBeUndefined();
    expect(earliestOf([within(2, 3)])).toEqual(within(2, 3));
  });
  test('was not before any of them could be, and not after one of them certainly was', () => {
    expect(earliestOf([within(2, 9), within(3, 4)])).toEqual(within(2, 4));
    expect(earliestOf([within(2, null), within(3, 4)])).toEqual(within(2, 4));
    expect(earliestOf([within(null, null), within(3, 4)])).toEqual(within(null, 4));
    expect(earliestOf([within(2, null), within(5, null)])).toEqual(within(2, null));
  });
  test('lies within the result wherever each of them lies, and in whatever order they are given', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(bounds, share), { minLength: 1, maxLength: 6 }), (list) => {
        const all = list.map(([one]) => one);
        const first = earliestOf(all) as Bounds;
        const moments = list.map(([one, at]) => moment(one, at));
        const least = instantOf(Math.min(...moments));
        if (first.earliest !== null) expect(least >= first.earliest).toBe(true);
        if (first.latest !== null) expect(least < first.latest).toBe(true);
        expect(earliestOf(all.toReversed())).toEqual(first);
        if (first.earliest !== null && first.latest !== null) expect(first.earliest < first.latest).toBe(true);
        // No bound could be narrower: with one of them at each edge, the first is there.
        for (const edge of ['earliest', 'latest'] as const)
          if (first[edge] !== null) expect(all.map((one) => one[edge])).toContain(first[edge]);
      }),
      { numRuns: 300 },
    ));
});

describe('two times', () => {
  test('say of each other what holds wherever their moments lie', () =>
    fc.assert(
      fc.property(bounds, bounds, share, share, (a, b, one, other) => {
        const [x, y] = [moment(a, one), moment(b, other)];
        const order = before(a, b);
        if (order === 'certain') expect(x).toBeLessThan(y);
        if (order === 'impossible') expect(x).toBeGreaterThan(y - 1);
        if (x === y) expect(overlaps(a, b)).toBe(true);
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        expect(order === 'certain').toBe(before(b, a) === 'impossible');
        const { minMs, maxMs } = interval(a, b);
        if (minMs !== null) expect(y - x).toBeGreaterThan(minMs);
        if (maxMs !== null) expect(y - x).toBeLessThan(maxMs);
        const reached = knownBy(a, instantOf(y));
        if (reached === 'certain') expect(x).toBeLessThan(y);
        if (reached === 'impossible') expect(x).toBeGreaterThan(y);
      }),
      { numRuns: 500 },
    ));
  test('stand in one order', () =>
    fc.assert(
      fc.property(bounds, bounds, bounds, (a, b, c) => {
        expect(Math.sign(compareBounds(a, b)) + Math.sign(compareBounds(b, a))).toBe(0);
        if (compareBounds(a, b) <= 0 && compareBounds(b, c) <= 0) expect(compareBounds(a, c)).toBeLessThanOrEqual(0);
        if (before(a, b) === 'certain') expect(compareBounds(a, b)).toBeLessThan(0);
      }),
      { numRuns: 300 },
    ));
});

describe('a date of validity', () => {
  const one = { earliest: day(1), latest: day(2) };

  test.each(['day', 'month', 'year'])('to the %s begins with its first moment and ends with its last', (precision) => {
    expect(beginning({ ...one, precision })).toEqual({ earliest: one.earliest, latest: one.earliest });
    expect(ending({ ...one, precision })).toEqual({ earliest: one.latest, latest: one.latest });
    expect(knownBy(beginning({ ...one, precision }), one.earliest)).toBe('certain');
    expect(knownBy(ending({ ...one, precision }), one.earliest)).toBe('impossible');
  });
  test.each(['interval', 'part-of-day', 'bound', 'unknown', 'minute'])(
    'of another precision (%s) stays a window',
    (precision) => {
      expect(beginning({ ...one, precision })).toMatchObject(one);
      expect(ending({ ...one, precision })).toMatchObject(one);
    },
  );
});
