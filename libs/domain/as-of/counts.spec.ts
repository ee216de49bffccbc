import fc from 'fast-check';
import type { Instant } from '../time/instant';
import {
  amends,
  ARCHIVE_REF,
  known,
  look,
  OPENING,
  PUBLIC_REF,
  since,
  within,
  type TraceFields,
} from '../../../test/support/traces';
import { countBy, DIMENSIONS, monthOf, type Dimension } from './counts';
import type { IncidentView } from './incident-view';

const all = () => true;
const counted = (view: IncidentView, ...by: readonly Dimension[]) =>
  countBy([view], by, all).map(({ keys, assertions }) => [...keys, assertions.certain + assertions.possible]);
const again = (sameThingAs: string): TraceFields => ({ links: { sameThingAs: [sameThingAs] } });
const at = (earliest: string, latest: string) => ({ earliest: earliest as Instant, latest: latest as Instant });

describe('facts in groups', () => {
  const facts: Readonly<Record<string, TraceFields>> = {
    box: { via: [ARCHIVE_REF] },
    key: { actor: ARCHIVE_REF, manner: 'hedged', known: [since(30, null)] },
    letter: { type: 'scope-claimed', actor: 'person:somebody', document: 'letter-8' },
    better: { ...amends('box', 'substance'), type: 'fact-corrected', known: [since(5, 6)] },
  };
  const view = look(facts);

  test.each<[Dimension, (readonly [string | undefined, number])[]]>([
    ['incident', [['one', 4]]],
    [
      'source',
      [
        ['letter-7', 3],
        ['letter-8', 1],
      ],
    ],
    [
      'kind',
      [
        ['claim-made', 2],
        ['fact-corrected', 1],
        ['scope-claimed', 1],
      ],
    ],
    [
      'actor',
      [
        ['controller:example-council', 2],
        ['person:somebody', 1],
        [ARCHIVE_REF, 1],
      ],
    ],
    [
      'role',
      [
        ['controller', 2],
        ['person', 1],
        ['processor', 1],
      ],
    ],
    [
      'origin',
      [
        ['organisation', 3],
        ['person', 1],
      ],
    ],
    [
      'manner',
      [
        ['stated', 3],
        ['hedged', 1],
      ],
    ],
    [
      'standing',
      [
        ['uncontested', 3],
        ['corrected', 1],
      ],
    ],
    ['month-occurred', [['2031-01', 4]]],
    [
      'month-known',
      [
        ['2031-01', 3],
        [undefined, 1],
      ],
    ],
  ])('by %s: the largest first, then by key', (dimension, expected) =>
    expect(counted(view, dimension)).toEqual(expected),
  );
  test('every dimension gives every fact one group', () => {
    for (const dimension of Object.keys(DIMENSIONS) as Dimension[])
      expect(counted(view, dimension).reduce((sum, [, count]) => sum + Number(count), 0)).toBe(4);
  });
  test('by several dimensions at once have one key for each, in the order asked for', () =>
    expect(counted(view, 'manner', 'role')).toEqual([
      ['stated', 'controller', 2],
      ['hedged', 'processor', 1],
      ['stated', 'person', 1],
    ]));
  test('by none are one group, and of no facts there is none', () => {
    expect(countBy([view], [], all)).toEqual([
      { keys: [], assertions: { certain: 4, possible: 0 }, things: { certain: 4, possible: 0 } },
    ]);
    expect(countBy([view], ['kind'], () => false)).toEqual([]);
    expect(countBy([], [], all)).toEqual([]);
  });
  test('are counted apart by certainty; what is known to be one thing counts once, certain where one assertion is', () => {
    const two = {
      box: { known: [since(2, 3)] },
      press: { ...again('box'), known: [since(4, 9)] },
      key: { known: [since(4, 9)] },
    };
    expect(countBy([look(two, [], known(5))], [], all)).toEqual([
      { keys: [], assertions: { certain: 1, possible: 2 }, things: { certain: 1, possible: 1 } },
    ]);
  });
  test('of one thing in several groups count as a thing in each', () => {
    const two = { box: {}, press: { ...again('box'), document: 'letter-8' } };
    expect(countBy([look(two)], ['source'], all).map(({ things }) => things.certain)).toEqual([1, 1]);
    expect(countBy([look(two)], [], all)[0]?.things.certain).toBe(1);
  });
  test('of two incidents that use one id are two things', () => {
    const here = look({ box: {} });
    const there = {
      ...here,
      seen: here.seen.map((one) => ({ ...one, trace: { ...one.trace, incidentId: 'two' } })),
    };
    expect(countBy([here, there], [], all)[0]).toMatchObject({ assertions: { certain: 2 }, things: { certain: 2 } });
    expect(countBy([here, there], ['incident'], all).map(({ keys }) => keys)).toEqual([['one'], ['two']]);
  });
});

describe('a month', () => {
  const LONDON = 'Europe/London';
  test.each([
    ['in January', at('2031-01-03T00:00:00.000Z', '2031-01-04T00:00:00.000Z'), LONDON, '2031-01'],
    ['all of January', at('2031-01-01T00:00:00.000Z', '2031-02-01T00:00:00.000Z'), LONDON, '2031-01'],
    ['a millisecond over', at('2031-01-01T00:00:00.000Z', '2031-02-01T00:00:00.001Z'), LONDON, undefined],
    ['over New Year', at('2030-12-31T23:59:59.999Z', '2031-01-01T00:00:00.001Z'), LONDON, undefined],
    ['all of July, in summer time', at('2031-06-30T23:00:00.000Z', '2031-07-31T23:00:00.000Z'), LONDON, '2031-07'],
    [
      'all of July by UTC is no month of London',
      at('2031-07-01T00:00:00.000Z', '2031-08-01T00:00:00.000Z'),
      LONDON,
      undefined,
    ],
    ['all of July by UTC', at('2031-07-01T00:00:00.000Z', '2031-08-01T00:00:00.000Z'), 'UTC', '2031-07'],
    [
      'all of March, in which the clock goes forward',
      at('2031-03-01T00:00:00.000Z', '2031-03-31T23:00:00.000Z'),
      LONDON,
      '2031-03',
    ],
    [
      'all of October, in which it goes back',
      at('2031-09-30T23:00:00.000Z', '2031-11-01T00:00:00.000Z'),
      LONDON,
      '2031-10',
    ],
    ['the hour that comes twice', at('2031-10-26T00:00:00.000Z', '2031-10-26T02:00:00.000Z'), LONDON, '2031-10'],
    ['the same instant elsewhere', at('2031-01-31T23:30:00.000Z', '2031-01-31T23:31:00.000Z'), 'Asia/Tokyo', '2031-02'],
    ['the year 999', at('0999-05-03T00:00:00.000Z', '0999-05-04T00:00:00.000Z'), 'UTC', '0999-05'],
  ])('%s', (_, bounds, zone, month) => expect(monthOf(bounds, zone)).toBe(month));
  test('is none where a bound is open', () => {
    expect(monthOf(within(3, null), LONDON)).toBeUndefined();
    expect(monthOf(within(null, 3), LONDON)).toBeUndefined();
    expect(monthOf(within(null, null), LONDON)).toBeUndefined();
  });
  test('is one of the zone of the incident', () => {
    const facts = { box: { occurred: at('2031-01-31T23:30:00.000Z', '2031-01-31T23:31:00.000Z') } };
    expect(counted(look(facts), 'month-occurred')).toEqual([['2031-01', 1]]);
    const tokyo = look(facts);
    const there = { ...tokyo, record: { ...tokyo.record, zone: 'Asia/Tokyo' } };
    expect(OPENING[1]['zone']).toBe(LONDON);
    expect(counted(there, 'month-occurred')).toEqual([['2031-02', 1]]);
  });
  test('in which it was first known is that of whoever certainly knew it then, however vague another knower is', () => {
    const facts = {
      box: { known: [{ by: PUBLIC_REF, earliest: '2031-01-01T00:00:00.000Z' as Instant, latest: null }, since(3, 4)] },
    };
    expect(counted(look(facts), 'month-known')).toEqual([['2031-01', 1]]);
    expect(counted(look({ box: { known: [since(null, null, PUBLIC_REF), since(3, 4)] } }), 'month-known')).toEqual([
      [undefined, 1],
    ]);
  });
});

test('in every record groups hold each fact once, and never more things than assertions', () => {
  const any = fc.record({
    document: fc.constantFrom('a', 'b', 'c'),
    manner: fc.constantFrom('stated', 'hedged'),
    actor: fc.constantFrom(ARCHIVE_REF, PUBLIC_REF, 'unattributed:nobody'),
    known: fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }))
      .map(([from, wide]) => [since(from, from + wide)]),
    same: fc.option(fc.nat(7), { nil: undefined }),
  });
  const dimensions = fc.subarray(Object.keys(DIMENSIONS) as Dimension[], { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), dimensions, fc.integer({ min: 1, max: 12 }), (list, by, day) => {
      const facts = Object.fromEntries(
        list.map(({ same, ...fields }, index) => [
          `f${index}`,
          { ...fields, ...(same !== undefined && again(`f${same}`)) },
        ]),
      );
      const view = look(facts, [], known(day));
      const groups = countBy([view], by, all);
      const sum = (of: 'assertions' | 'things', which: 'certain' | 'possible') =>
        groups.reduce((total, group) => total + group[of][which], 0);
      for (const which of ['certain', 'possible'] as const)
        expect(sum('assertions', which)).toBe(view.seen.filter(({ certainty }) => certainty === which).length);
      for (const { assertions, things } of groups) {
        expect(things.certain).toBeLessThanOrEqual(assertions.certain);
        expect(things.certain + things.possible).toBeLessThanOrEqual(assertions.certain + assertions.possible);
        expect(things.certain + things.possible).toBeGreaterThan(0);
      }
      expect(new Set(groups.map(({ keys }) => JSON.stringify(keys.map((key) => key ?? null)))).size).toBe(
        groups.length,
      );
      const sizes = groups.map(({ assertions }) => assertions.certain + assertions.possible);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      const distinct = new Set(view.seen.map(({ trace }) => view.thingOf.get(trace.factId))).size;
      const [whole] = countBy([view], [], all);
      expect((whole?.things.certain ?? 0) + (whole?.things.possible ?? 0)).toBe(distinct);
    }),
    { numRuns: 200 },
  );
});
