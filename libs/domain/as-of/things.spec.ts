import fc from 'fast-check';
import {
  amends,
  factIds,
  known,
  log,
  look,
  recorded,
  since,
  trace,
  type TraceFields,
} from '../../../test/support/traces';
import { onePerThing, thingsOf, withDuplicates } from './things';
import { viewAt } from './view';

const again = (...sameThingAs: readonly string[]): TraceFields => ({ links: { sameThingAs } });
const duplicate = (factId: string, sameThingAs: string) => ['duplicate-linked', { factId, sameThingAs }] as const;
const thingsIn = (...of: Parameters<typeof look>) => Object.fromEntries(look(...of).thingOf);

describe('a thing', () => {
  test('is asserted by one fact, unless another says that it asserts the same', () => {
    expect(thingsIn({ box: {}, key: {}, letter: again('box') })).toEqual({ box: 'box', key: 'key', letter: 'box' });
  });
  test('is named by the first in the log that asserts it, whichever of them points', () => {
    expect(thingsIn({ box: again('letter'), letter: {} })).toEqual({ box: 'box', letter: 'box' });
    expect(thingsIn({ box: {}, letter: {} }, [duplicate('box', 'letter')])).toEqual({ box: 'box', letter: 'box' });
    expect(thingsIn({ box: {}, letter: {} }, [duplicate('letter', 'box')])).toEqual({ box: 'box', letter: 'box' });
  });
  test('is one through any chain of assertions, and through links made later', () => {
    const facts = { a: {}, b: again('a'), c: {}, d: again('c'), e: {} };
    expect(thingsIn(facts)).toEqual({ a: 'a', b: 'a', c: 'c', d: 'c', e: 'e' });
    expect(thingsIn(facts, [duplicate('d', 'b')])).toEqual({ a: 'a', b: 'a', c: 'a', d: 'a', e: 'e' });
  });
  test('is not joined through a fact that the view does not show', () => {
    const facts = { a: {}, late: { ...again('a'), known: [since(10, 11)] }, c: again('late') };
    expect(thingsIn(facts, [], known(9))).toEqual({ a: 'a', c: 'c' });
    expect(thingsIn(facts, [], known(10))).toEqual({ a: 'a', late: 'a', c: 'a' });
    expect(thingsIn({ a: again('nothing yet') })).toEqual({ a: 'a' });
  });
  test('is not joined before the link is on record', () => {
    const facts = { a: {}, b: {} };
    expect(thingsIn(facts, [duplicate('b', 'a')], recorded(50))).toEqual({ a: 'a', b: 'b' });
    expect(thingsIn(facts, [duplicate('b', 'a')], recorded(51))).toEqual({ a: 'a', b: 'a' });
  });
  test('survives circles and links to itself', () =>
    expect(thingsIn({ a: again('b', 'a'), b: again('c'), c: again('a') })).toEqual({ a: 'a', b: 'a', c: 'a' }));
});

test('one fact a thing is the first of those at hand, which need not be the first of all', () => {
  const { seen, thingOf } = look({ a: {}, b: again('a'), c: {}, d: again('c'), away: amends('a', 'retraction') });
  expect(factIds(onePerThing(seen, thingOf))).toEqual(['a', 'c', 'away']);
  const standing = seen.filter((one) => one.standing !== 'retracted');
  expect(factIds(onePerThing(standing, thingOf))).toEqual(['b', 'c', 'away']);
  expect(onePerThing([], thingOf)).toEqual([]);
});

describe('in every record', () => {
  const SIZE = 8;
  const at = fc.integer({ min: 0, max: SIZE - 1 });
  const pairs = fc.array(fc.tuple(at, at), { maxLength: 10 });
  const named = (index: number) => `f${index}`;

  test('things are the classes of the links, in whatever order and from whichever side they were made', () =>
    fc.assert(
      fc.property(pairs, pairs, fc.boolean(), fc.nat(), (within, behind, turned, rotation) => {
        const links = (from: number) => within.flatMap(([one, other]) => (one === from ? [named(other)] : []));
        const facts = Array.from({ length: SIZE }, (_, index) =>
          trace(index + 1, named(index), { links: { sameThingAs: links(index) } }),
        );
        const seen = viewAt(facts, recorded(SIZE));
        const duplicates = behind.map(([one, other]) => [named(one), named(other)] as const);
        const things = thingsOf(withDuplicates(seen, duplicates));

        // The classes once more, in the plainest way: walk from each fact over all links.
        const all = [...within, ...behind];
        const reach = (from: number): number[] => {
          const found = new Set([from]);
          for (const next of found)
            for (const [one, other] of all) {
              if (one === next) found.add(other);
              if (other === next) found.add(one);
            }
          return [...found];
        };
        for (let index = 0; index < SIZE; index++)
          expect([index, things.get(named(index))]).toEqual([index, named(Math.min(...reach(index)))]);

        const cut = duplicates.length === 0 ? 0 : rotation % duplicates.length;
        const other = [...duplicates.slice(cut), ...duplicates.slice(0, cut)].map(([one, two]) =>
          turned ? ([two, one] as const) : ([one, two] as const),
        );
        expect(thingsOf(withDuplicates(seen, other))).toEqual(things);
      }),
      { numRuns: 200 },
    ));
});

test('facts of two moments are looked at apart: what one joins does not stay joined in the other', () => {
  const traces = log({ a: {}, b: { ...again('a'), known: [since(10, 11)] } });
  expect(thingsOf(viewAt(traces, known(11))).get('b')).toBe('a');
  expect(thingsOf(viewAt(traces, known(9))).has('b')).toBe(false);
});
