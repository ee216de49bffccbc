import fc from 'fast-check';
import { PrecisionField, QualifierField, TimeBasisField } from '../fact/times';
import { epochMs, instantOf } from './instant';
import { type Bounds, before, compareBounds, interval, knownBy, overlaps } from './bounds';
import { formatWhen } from './in-words';
import { canonicalZone } from './wall-clock';
import { PRECISIONS, QUALIFIERS, TIME_BASES, type When, type WhenInput, makeWhen } from './when';

const LONDON = 'Europe/London';
const HOUR = 3_600_000;

const made = (input: Partial<WhenInput>): When => {
  const result = makeWhen({ zone: LONDON, ...input });
  if (Array.isArray(result)) throw new Error(JSON.stringify(result));
  return result;
};
const faults = (input: Partial<WhenInput>) => {
  const result = makeWhen({ zone: LONDON, ...input });
  return Array.isArray(result) ? result : [];
};
const codes = (input: Partial<WhenInput>) => faults(input).map(({ code }) => code);
const bounds = (input: Partial<WhenInput>) => {
  const { earliest, latest } = made(input);
  return [earliest, latest].map((at) => at?.replace(':00.000Z', 'Z') ?? null);
};
const at = (text: string) => instantOf(Date.parse(text));
const between = (earliest: string | null, latest: string | null): Bounds => ({
  earliest: earliest === null ? null : at(earliest),
  latest: latest === null ? null : at(latest),
});

const NOTICE = between('2021-10-28T23:00Z', '2021-10-29T23:00Z');
const EMAIL = between('2021-11-03T12:00Z', '2021-11-03T15:45Z');

describe('a local time', () => {
  it.each([
    ['2021', LONDON, '2021-01-01T00:00Z', '2022-01-01T00:00Z', 'year'],
    ['2021-10', LONDON, '2021-09-30T23:00Z', '2021-11-01T00:00Z', 'month'],
    ['2021-12', LONDON, '2021-12-01T00:00Z', '2022-01-01T00:00Z', 'month'],
    ['2021-10-29', LONDON, '2021-10-28T23:00Z', '2021-10-29T23:00Z', 'day'],
    ['2021-10-29', 'UTC', '2021-10-29T00:00Z', '2021-10-30T00:00Z', 'day'],
    ['2021-10-29', 'Asia/Kathmandu', '2021-10-28T18:15Z', '2021-10-29T18:15Z', 'day'],
    ['2021-10-29T09', LONDON, '2021-10-29T08:00Z', '2021-10-29T09:00Z', 'hour'],
    ['2021-11-03T15:45', LONDON, '2021-11-03T15:45Z', '2021-11-03T15:46Z', 'minute'],
    ['2021-11-03T15:45:30', LONDON, '2021-11-03T15:45:30.000Z', '2021-11-03T15:45:31.000Z', 'second'],
    ['2021-11-03T15:45:30.123', LONDON, '2021-11-03T15:45:30.123Z', '2021-11-03T15:45:30.124Z', 'millisecond'],
  ])('%s in %s is as wide as it is written', (local, zone, earliest, latest, precision) => {
    expect(bounds({ local, zone })).toEqual([earliest, latest]);
    expect(made({ local, zone }).precision).toBe(precision);
  });

  it('takes a day as long as that day was', () => {
    expect(bounds({ local: '2021-10-31' })).toEqual(['2021-10-30T23:00Z', '2021-11-01T00:00Z']);
    expect(bounds({ local: '2021-03-28' })).toEqual(['2021-03-28T00:00Z', '2021-03-28T23:00Z']);
    expect(bounds({ local: '2018-11-04', zone: 'America/Sao_Paulo' })).toEqual([
      '2018-11-04T03:00Z',
      '2018-11-05T02:00Z',
    ]);
  });

  it('has both readings as bounds if it came twice', () => {
    expect(bounds({ local: '2021-10-31T01:30' })).toEqual(['2021-10-31T00:30Z', '2021-10-31T01:31Z']);
    expect(bounds({ local: '2021-10-31T01' })).toEqual(['2021-10-31T00:00Z', '2021-10-31T02:00Z']);
    expect(bounds({ local: '2021-04-04T01:45', zone: 'Australia/Lord_Howe' })).toEqual([
      '2021-04-03T14:45Z',
      '2021-04-03T15:16Z',
    ]);
  });

  it('is refused with both neighbours named if the clock left it out', () => {
    expect(faults({ local: '2021-03-28T01:30' })).toEqual([
      {
        code: 'local-never-happened',
        path: ['local'],
        message: 'never happened in Europe/London: its clock went from 2021-03-28T00:59 to 2021-03-28T02:00',
      },
    ]);
    expect(faults({ local: '2011-12-30', zone: 'Pacific/Apia' })[0]?.message).toContain(
      'from 2011-12-29 to 2011-12-31',
    );
  });

  it('keeps what was left of an hour that the clock cut short', () => {
    expect(bounds({ local: '2021-10-03T02', zone: 'Australia/Lord_Howe' })).toEqual([
      '2021-10-02T15:30Z',
      '2021-10-02T16:00Z',
    ]);
  });

  it.each([
    ['2021-10-29T09:00Z', 'local-with-offset'],
    ['2021-10-29T09:00:00+01:00', 'local-with-offset'],
    ['2021-10-29T09:00:00-0100', 'local-with-offset'],
    ['29 October 2021', 'local-malformed'],
    ['2021-10-29 09:00', 'local-malformed'],
    ['2021-10-29T09:00:00.12', 'local-malformed'],
    ['2021-1', 'local-malformed'],
    ['', 'local-malformed'],
    ['2021-02-30', 'local-not-in-calendar'],
    ['2021-13', 'local-not-in-calendar'],
    ['2021-10-29T24:00', 'local-not-in-calendar'],
    ['2016-12-31T23:59:60', 'local-not-in-calendar'],
    ['0000', 'local-not-in-calendar'],
    ['9999', 'local-out-of-range'],
  ])('%s is refused as %s', (local, code) => expect(codes({ local })).toEqual([code]));

  it('is refused where its zone began it before the year 1', () => {
    expect(codes({ local: '0001', zone: 'Asia/Kathmandu' })).toEqual(['local-out-of-range']);
    expect(codes({ local: '0001', zone: 'UTC' })).toEqual([]);
  });

  it('points one who writes an offset to earliest and latest', () => {
    expect(faults({ local: '2021-10-29T09:00Z' })[0]?.message).toMatch(/earliest and latest/);
  });
});

describe('a zone', () => {
  it.each([
    '',
    'London',
    '+01:00',
    'Z',
    'GMT',
    'GMT+1',
    'GMT0',
    'EST',
    'EST5EDT',
    'Etc/GMT-1',
    'Etc/UTC',
    'Europe/Atlantis',
    'Europe/London ',
    '2021-10-29T00:00[Europe/London]',
  ])('is not %p', (zone) =>
    expect(faults({ zone, local: '2021' })).toMatchObject([{ code: 'zone-unknown', path: ['zone'] }]),
  );

  it('is kept in canonical case, and an old name as itself', () => {
    expect(made({ zone: 'europe/london' }).zone).toBe(LONDON);
    expect(made({ zone: 'utc' }).zone).toBe('UTC');
    expect(canonicalZone('ASIA/KATMANDU')).toBe('Asia/Katmandu');
    expect(Intl.supportedValuesOf('timeZone').filter((name) => canonicalZone(name.toLowerCase()) !== name)).toEqual([]);
  });
});

describe('bounds', () => {
  const day = { earliest: '2021-10-29T00:00:00+01:00', latest: '2021-10-29T23:00:00Z' };

  it('may be open on either side', () => {
    expect(made({ latest: day.latest })).toMatchObject({
      earliest: null,
      latest: '2021-10-29T23:00:00.000Z',
      precision: 'bound',
    });
    expect(made({ earliest: day.earliest, latest: null })).toMatchObject({ latest: null, precision: 'bound' });
    expect(made({})).toMatchObject({ earliest: null, latest: null, precision: 'unknown' });
  });

  it('are never empty or inverted', () => {
    for (const latest of ['2021-10-28T23:00:00Z', '2021-10-28T22:59:59.999Z'])
      expect(faults({ earliest: day.earliest, latest })).toMatchObject([{ code: 'bounds-empty', path: ['latest'] }]);
  });

  it('need a zone offset of their own', () => {
    expect(faults({ earliest: '2021-10-29T09:00:00', latest: 'null' })).toMatchObject([
      { code: 'instant-zoneless', path: ['earliest'] },
      { code: 'instant-malformed', path: ['latest'] },
    ]);
  });

  it('that are exactly one unit of the calendar have its precision, others are an interval', () => {
    expect(made(day).precision).toBe('day');
    expect(made({ ...day, zone: 'UTC' }).precision).toBe('interval');
    expect(made({ earliest: '2021-11-03T12:00:00Z', latest: '2021-11-03T15:45:00Z' }).precision).toBe('interval');
    expect(made({ earliest: '2021-11-03T12:00:00Z', latest: '2021-11-03T12:00:00.001Z' }).precision).toBe(
      'millisecond',
    );
    expect(made({ earliest: '2019-01-01T00:00:00Z', latest: '2020-01-01T00:00:00Z' }).precision).toBe('year');
  });

  it('must agree with the precision that is stated', () => {
    const open = { latest: day.latest };
    const afternoon = { earliest: '2021-11-03T12:00:00Z', latest: '2021-11-03T15:45:00Z' };
    const overnight = { earliest: '2021-11-03T12:00:00Z', latest: '2021-11-04T00:00:01Z' };
    for (const [input, precision, agrees] of [
      [day, 'day', true],
      [day, 'interval', true],
      [day, 'hour', false],
      [{ ...day, zone: 'UTC' }, 'day', false],
      [afternoon, 'part-of-day', true],
      [overnight, 'part-of-day', false],
      [afternoon, 'hour', false],
      [afternoon, 'bound', false],
      [open, 'bound', true],
      [open, 'interval', false],
      [open, 'unknown', false],
      [open, 'day', false],
      [{}, 'unknown', true],
      [{}, 'bound', false],
      [{ local: '2021-10-29' }, 'day', true],
      [{ local: '2021-10-29' }, 'hour', false],
    ] as const)
      expect(faults({ ...input, precision })).toMatchObject(
        agrees ? [] : [{ code: 'precision-disagrees', path: ['precision'] }],
      );
  });

  it('of an hour that came twice may hold both passes or either', () => {
    for (const [earliest, latest] of [
      ['2021-10-31T00:00:00Z', '2021-10-31T02:00:00Z'],
      ['2021-10-31T00:00:00Z', '2021-10-31T01:00:00Z'],
      ['2021-10-31T01:00:00Z', '2021-10-31T02:00:00Z'],
    ])
      expect(made({ earliest, latest, precision: 'hour' }).precision).toBe('hour');
    expect(codes({ earliest: '2021-10-30T23:00:00Z', latest: '2021-10-31T01:00:00Z', precision: 'day' })).toEqual([
      'precision-disagrees',
    ]);
  });
});

describe('making a time', () => {
  it('puts nobody down as its source unless told, and makes no reserve', () => {
    expect(made({ local: '2021' })).toMatchObject({ basis: 'inferred', qualifier: 'exact' });
    expect(made({ local: '2021', basis: 'press', qualifier: 'approximate' })).toMatchObject({
      basis: 'press',
      qualifier: 'approximate',
    });
  });

  it('keeps the words of the source, and EDTF as a note', () => {
    expect(made({ text: 'in recent days', edtf: '[..2021-11-03]', latest: '2021-11-03T15:45:00Z' })).toEqual({
      text: 'in recent days',
      earliest: null,
      latest: '2021-11-03T15:45:00.000Z',
      zone: LONDON,
      precision: 'bound',
      qualifier: 'exact',
      edtf: '[..2021-11-03]',
      basis: 'inferred',
    });
    expect(Object.keys(made({ text: null, edtf: null }))).not.toEqual(expect.arrayContaining(['text']));
  });

  it('reports all faults at once, each with its field', () => {
    const found = faults({
      text: ' ',
      zone: '+01:00',
      local: '2021-02-30',
      earliest: '2021-10-29T09:00:00Z',
      precision: 'week',
      qualifier: 'sure',
      edtf: 'spring',
      basis: 'rumour',
    });
    expect(found.map(({ code, path }) => [code, ...path])).toEqual([
      ['text-invalid', 'text'],
      ['zone-unknown', 'zone'],
      ['local-and-bounds', 'local'],
      ['local-not-in-calendar', 'local'],
      ['precision-unknown', 'precision'],
      ['qualifier-unknown', 'qualifier'],
      ['edtf-invalid', 'edtf'],
      ['basis-unknown', 'basis'],
    ]);
  });

  it('refuses words that are too long, broken or invisible', () => {
    for (const text of ['', '\n', 'x'.repeat(201), 'half \ud83d', 'bell \u0007'])
      expect(codes({ text })).toEqual(['text-invalid']);
    for (const edtf of ['', '2'.repeat(81), '2021 10']) expect(codes({ edtf })).toEqual(['edtf-invalid']);
  });

  it('never throws, whatever the strings', () => {
    const loose = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?(Z|\+\d\d:\d\d)?$/),
    );
    const zone = fc.oneof(loose, fc.constantFrom(LONDON, 'Asia/Kathmandu', 'UTC'));
    const optional = fc.option(loose, { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          text: optional,
          zone,
          local: optional,
          earliest: optional,
          latest: optional,
          precision: optional,
          qualifier: optional,
          edtf: optional,
          basis: optional,
        }),
        (input) => {
          const result = makeWhen(input);
          expect(Array.isArray(result) ? result.length > 0 : result.zone).toBeTruthy();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is refused field by field where it is far too long', () => {
    const long = 'T'.repeat(200_000);
    expect(codes({ text: long, zone: long, local: long, precision: long, edtf: long })).toEqual([
      'text-invalid',
      'zone-unknown',
      'local-malformed',
      'precision-unknown',
      'edtf-invalid',
    ]);
  });
});

const CHANGES = [
  [LONDON, '2021-03-28T01:00Z'],
  [LONDON, '2021-10-31T01:00Z'],
  ['America/New_York', '2021-03-14T07:00Z'],
  ['America/New_York', '2021-11-07T06:00Z'],
  ['Australia/Lord_Howe', '2021-04-03T15:00Z'],
  ['Australia/Lord_Howe', '2021-10-02T15:30Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['UTC', '2021-10-29T00:00Z'],
] as const;
const WIDTHS = [
  [4, Infinity],
  [7, Infinity],
  [10, 24 * HOUR],
  [13, HOUR],
  [16, 60_000],
  [19, 1000],
  [23, 1],
] as const;

/** What the clock showed, by way of Intl: another reader of the zone database than the one under test. */
const shownBy = new Map<string, Intl.DateTimeFormat>();
const shown = (zone: string, ms: number): string => {
  const format =
    shownBy.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  shownBy.set(zone, format);
  return `${format.format(ms).replace(' ', 'T')}.${String(ms).slice(-3)}`;
};

const somewhere = fc
  .tuple(
    fc.constantFrom(...CHANGES),
    fc.oneof(fc.integer({ min: -3 * HOUR, max: 3 * HOUR }), fc.integer({ min: -5e11, max: 5e11 })),
  )
  .map(([[zone, change], distance]) => ({ zone, ms: Date.parse(change) + distance }));

describe('the bounds of a local time', () => {
  it('begin and end with the first and last instant at which the clock of the zone showed it', () =>
    fc.assert(
      fc.property(somewhere, fc.constantFrom(...WIDTHS), ({ zone, ms }, [digits]) => {
        const local = shown(zone, ms).slice(0, digits);
        const [start, end] = spanMs(made({ zone, local }));
        expect(start <= ms && ms < end).toBe(true);
        for (const inside of [start, end - 1]) expect(shown(zone, inside).slice(0, digits)).toBe(local);
        for (const outside of [start - 1, end]) expect(shown(zone, outside).slice(0, digits)).not.toBe(local);
      }),
      { numRuns: 1000 },
    ));

  it('hold exactly the instants at which the clock showed it, save what lies between two passes', () =>
    fc.assert(
      fc.property(
        somewhere,
        fc.constantFrom(...WIDTHS),
        fc.double({ min: -1, max: 2, noNaN: true }),
        ({ zone, ms }, [digits, width], place) => {
          const local = shown(zone, ms).slice(0, digits);
          const [start, end] = spanMs(made({ zone, local }));
          const probe = Math.round(start + (end - start) * place);
          const inside = start <= probe && probe < end;
          const shows = shown(zone, probe).slice(0, digits) === local;
          if (shows) expect(inside).toBe(true);
          if (inside && !shows) expect(end - start).toBeGreaterThan(width);
        },
      ),
      { numRuns: 1000 },
    ));

  it('given back as bounds have the same precision', () =>
    fc.assert(
      fc.property(somewhere, fc.constantFrom(...WIDTHS), ({ zone, ms }, [digits]) => {
        const first = made({ zone, local: shown(zone, ms).slice(0, digits) });
        expect(made({ zone, earliest: first.earliest, latest: first.latest, precision: first.precision })).toEqual(
          first,
        );
      }),
    ));
});

const spanMs = ({ earliest, latest }: Bounds) => {
  if (earliest === null || latest === null) throw new Error('open');
  return [epochMs(earliest), epochMs(latest)] as const;
};

const instant = fc.integer({ min: 0, max: 12 }).map((n) => instantOf(n * HOUR));
const someBounds: fc.Arbitrary<Bounds> = fc
  .record({ earliest: fc.option(instant), latest: fc.option(instant) })
  .filter(({ earliest, latest }) => earliest === null || latest === null || earliest < latest);

describe('the order of lists', () => {
  it('is total: reflexive only for equals, antisymmetric, transitive', () =>
    fc.assert(
      fc.property(someBounds, someBounds, someBounds, (a, b, c) => {
        expect(compareBounds(a, b)).toBe(0 - compareBounds(b, a));
        expect(compareBounds(a, b) === 0).toBe(a.earliest === b.earliest && a.latest === b.latest);
        if (compareBounds(a, b) <= 0 && compareBounds(b, c) <= 0) expect(compareBounds(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    ));

  it('puts open starts first and open ends last', () => {
    const sorted = [
      between(null, '2021-10-29T23:00Z'),
      between(null, '2021-11-03T15:45Z'),
      between(null, null),
      NOTICE,
      between('2021-10-28T23:00Z', '2021-11-03T15:45Z'),
      between('2021-10-28T23:00Z', null),
      EMAIL,
    ];
    expect([...sorted].reverse().sort(compareBounds)).toEqual(sorted);
  });

  it('agrees with what certainly came before, where no start is open', () =>
    fc.assert(
      fc.property(someBounds, someBounds, (a, b) => {
        fc.pre(a.earliest !== null);
        if (before(a, b) === 'certain') expect(compareBounds(a, b)).toBeLessThan(0);
      }),
    ));
});

describe('known by', () => {
  it('is certain from the last bound, possible from the first, impossible before', () => {
    expect(knownBy(EMAIL, at('2021-11-03T11:59:59.999Z'))).toBe('impossible');
    expect(knownBy(EMAIL, at('2021-11-03T12:00Z'))).toBe('possible');
    expect(knownBy(EMAIL, at('2021-11-03T15:44Z'))).toBe('possible');
    expect(knownBy(EMAIL, at('2021-11-03T15:45Z'))).toBe('certain');
    expect(knownBy(between(null, '2021-11-03T15:45Z'), at('0001-01-01T00:00Z'))).toBe('possible');
    expect(knownBy(between('2021-11-03T15:45Z', null), at('9999-12-31T00:00Z'))).toBe('possible');
  });

  it('never goes back: what is certain stays certain, what is possible stays at least possible', () => {
    const rank = { impossible: 0, possible: 1, certain: 2 };
    fc.assert(
      fc.property(someBounds, instant, instant, (b, t, u) => {
        const [first, second] = t <= u ? [t, u] : [u, t];
        expect(rank[knownBy(b, second)]).toBeGreaterThanOrEqual(rank[knownBy(b, first)]);
        if (knownBy(b, t) === 'certain') expect(b.earliest === null || b.earliest <= t).toBe(true);
      }),
    );
  });
});

describe('before', () => {
  it('is certain where the bounds only touch, impossible the other way round', () => {
    const noon = between('2021-11-03T11:00Z', '2021-11-03T12:00Z');
    expect([before(noon, EMAIL), before(EMAIL, noon)]).toEqual(['certain', 'impossible']);
    expect([before(NOTICE, NOTICE), before(EMAIL, between(null, null))]).toEqual(['possible', 'possible']);
  });

  it('is certain exactly where the converse is impossible, and bounds overlap where both are possible', () =>
    fc.assert(
      fc.property(someBounds, someBounds, (a, b) => {
        expect(before(a, b) === 'certain').toBe(before(b, a) === 'impossible');
        expect(overlaps(a, b)).toBe(before(a, b) === 'possible' && before(b, a) === 'possible');
      }),
    ));

  it('holds for every pair of moments drawn from the bounds', () =>
    fc.assert(
      fc.property(
        someBounds,
        someBounds,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (a, b, p, q) => {
          const draw = ({ earliest, latest }: Bounds, share: number) => {
            const start = earliest === null ? -HOUR : epochMs(earliest);
            const end = latest === null ? 20 * HOUR : epochMs(latest);
            return start + (end - start) * share;
          };
          const [x, y] = [draw(a, p), draw(b, q)];
          expect(x < y ? ['certain', 'possible'] : ['impossible', 'possible']).toContain(before(a, b));
          const { minMs, maxMs } = interval(a, b);
          expect(y - x).toBeGreaterThan(minMs ?? -Infinity);
          expect(y - x).toBeLessThan(maxMs ?? Infinity);
          if (x === y) expect(overlaps(a, b)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    ));
});

describe('the time between', () => {
  it('notice and e-mail is more than 4 d 13 h and less than 5 d 16 h 45 min', () => {
    expect(interval(NOTICE, EMAIL)).toEqual({ minMs: 109 * HOUR, maxMs: 136.75 * HOUR });
  });

  it('has no limit on the side of an open bound', () => {
    expect(interval(between(null, '2021-10-29T23:00Z'), EMAIL)).toEqual({ minMs: 109 * HOUR, maxMs: null });
    expect(interval(between('2021-10-28T23:00Z', null), EMAIL)).toEqual({ minMs: null, maxMs: 136.75 * HOUR });
  });

  it('two overlapping times may be negative', () => {
    expect(interval(NOTICE, NOTICE)).toEqual({ minMs: -24 * HOUR, maxMs: 24 * HOUR });
  });
});

describe('a time in words', () => {
  it.each<[string, Partial<WhenInput>]>([
    ['2019', { local: '2019' }],
    ['Nov 2021', { local: '2021-11' }],
    ['29 Oct 2021', { local: '2021-10-29' }],
    ['3 Nov 2021, 15:00–16:00', { local: '2021-11-03T15' }],
    ['15:45 on 3 Nov 2021', { local: '2021-11-03T15:45' }],
    ['15:45:00 on 3 Nov 2021', { local: '2021-11-03T15:45:00' }],
    ['15:45:00.000 on 3 Nov 2021', { local: '2021-11-03T15:45:00.000' }],
    [
      '3 Nov 2021, 12:00–15:45',
      { earliest: '2021-11-03T12:00:00Z', latest: '2021-11-03T15:45:00Z', precision: 'part-of-day' },
    ],
    ['3 Nov 2021, 18:00–24:00', { earliest: '2021-11-03T18:00:00Z', latest: '2021-11-04T00:00:00Z' }],
    ['29 Oct – 3 Nov 2021', { earliest: '2021-10-28T23:00:00Z', latest: '2021-11-04T00:00:00Z' }],
    ['29 Oct – 3 Nov 2021 15:45', { earliest: '2021-10-28T23:00:00Z', latest: '2021-11-03T15:45:00Z' }],
    ['31 Dec 2021 22:00 – 1 Jan 2022 02:00', { earliest: '2021-12-31T22:00:00Z', latest: '2022-01-01T02:00:00Z' }],
    ['31 Dec 2021 – 1 Jan 2022', { earliest: '2021-12-31T00:00:00Z', latest: '2022-01-02T00:00:00Z' }],
    ['on or before 29 Oct 2021', { latest: '2021-10-29T23:00:00Z' }],
    ['before 15:45 on 3 Nov 2021', { latest: '2021-11-03T15:45:00Z' }],
    ['on or after 29 Oct 2021', { earliest: '2021-10-28T23:00:00Z' }],
    ['at or after 15:45 on 3 Nov 2021', { earliest: '2021-11-03T15:45:00Z' }],
    ['unknown', { qualifier: 'uncertain' }],
    ['about 29 Oct 2021', { local: '2021-10-29', qualifier: 'approximate' }],
    ['uncertain: 29 Oct 2021', { local: '2021-10-29', qualifier: 'uncertain' }],
    ['uncertain: about 29 Oct 2021', { local: '2021-10-29', qualifier: 'approximate-uncertain' }],
    ['31 Oct 2021, 01:30 (+01:00)–01:31 (+00:00)', { local: '2021-10-31T01:30' }],
    ['01:30 (+00:00) on 31 Oct 2021', { earliest: '2021-10-31T01:30:00Z', latest: '2021-10-31T01:31:00Z' }],
    ['31 Oct 2021, 01:00 (+01:00)–02:00', { local: '2021-10-31T01' }],
    ['29 Oct 2021', { local: '2021-10-29', zone: 'Asia/Kathmandu' }],
  ])('is %s', (words, input) => expect(formatWhen(made(input))).toBe(words));

  it('names a zone that is not its own, where its day may be another', () => {
    expect(formatWhen(made({ local: '2021-10-29' }), 'America/New_York')).toBe(
      '28 Oct 19:00 – 29 Oct 2021 19:00 (America/New_York)',
    );
    expect(formatWhen(made({ local: '2021-10-29' }), LONDON)).toBe('29 Oct 2021');
    expect(formatWhen(made({ local: '2021-10-29' }), '+01:00')).toBe('29 Oct 2021');
  });

  it('never throws, and never prints an open side', () =>
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: -6.2e13, max: 2.5e14 })),
        fc.option(fc.integer({ min: 1, max: 1e11 })),
        fc.constantFrom(...QUALIFIERS),
        fc.constantFrom(...CHANGES.map(([zone]) => zone)),
        fc.option(fc.oneof(fc.string(), fc.constantFrom(...CHANGES.map(([zone]) => zone))), { nil: undefined }),
        (start, length, qualifier, zone, display) => {
          const earliest = start === null ? null : instantOf(start);
          const latest = length === null ? null : instantOf((start ?? 0) + length);
          const words = formatWhen({ earliest, latest, zone, qualifier }, display);
          if (earliest === null || latest === null) expect(words).toMatch(/unknown|before|after/);
          else expect(words).toMatch(/\d{4}/);
        },
      ),
      { numRuns: 500 },
    ));

  it('never throws at either end of the calendar', () => {
    for (const edge of ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.998Z'].map(at))
      for (const zone of ['Pacific/Kiritimati', 'America/New_York'])
        for (const span of [
          { earliest: null, latest: edge },
          { earliest: edge, latest: null },
          { earliest: edge, latest: instantOf(epochMs(edge) + 1) },
        ])
          expect(formatWhen({ ...span, zone, qualifier: 'exact' })).toBeTruthy();
  });
});

describe('bounds as local times', () => {
  it('run from the beginning of the one to the end of the other, over the change of the clock', () => {
    expect(made({ from: '2021-10-29', until: '2021-11-03' })).toMatchObject({
      earliest: '2021-10-28T23:00:00.000Z',
      latest: '2021-11-04T00:00:00.000Z',
      precision: 'interval',
    });
    expect(made({ from: '2021-11-03T12:00', until: '2021-11-03T15:44' })).toMatchObject({
      earliest: '2021-11-03T12:00:00.000Z',
      latest: '2021-11-03T15:45:00.000Z',
    });
  });

  it('may stand alone, or beside an instant for the other bound', () => {
    expect(made({ until: '2021-10-29' })).toMatchObject({
      earliest: null,
      latest: '2021-10-29T23:00:00.000Z',
      precision: 'bound',
    });
    expect(made({ from: '2021-10-29', latest: '2021-11-03T15:45:00Z' })).toMatchObject({
      earliest: '2021-10-28T23:00:00.000Z',
      latest: '2021-11-03T15:45:00.000Z',
    });
  });

  it('of one and the same day are that day', () =>
    expect(made({ from: '2021-10-29', until: '2021-10-29' })).toMatchObject({ ...NOTICE, precision: 'day' }));

  it.each([
    [{ from: '2021-10-29', earliest: '2021-10-28T23:00:00Z' }, 'two-bounds', 'from'],
    [{ until: '2021-10-29', latest: '2021-10-28T23:00:00Z' }, 'two-bounds', 'until'],
    [{ local: '2021', until: '2021-10-29' }, 'local-and-bounds', 'local'],
    [{ from: '2021-11-04', until: '2021-11-03' }, 'bounds-empty', 'until'],
    [{ from: '3 November' }, 'local-malformed', 'from'],
    [{ until: '2021-02-30' }, 'local-not-in-calendar', 'until'],
    [{ until: '2021-10-29T12:00Z' }, 'local-with-offset', 'until'],
    [{ from: '2021-03-28T01:30' }, 'local-never-happened', 'from'],
  ])('%j are refused: %s at %s', (input, code, field) => {
    const faults = makeWhen({ zone: 'Europe/London', ...input });
    expect(faults).toEqual([expect.objectContaining({ code, path: [field] })]);
  });
});

describe('the time traps of the seed case', () => {
  it('1: awareness known to the day is that day in London, in summer time', () => {
    expect(made({ text: 'On 29 October 2021', local: '2021-10-29', basis: 'stated-by-controller' })).toMatchObject(
      NOTICE,
    );
  });

  it('6: "in recent days" has no start, sorts before what has one, and is no timestamp', () => {
    const recent = made({ text: 'in recent days', latest: '2021-11-03T15:45:00Z', precision: 'bound' });
    expect(recent.earliest).toBeNull();
    expect([EMAIL, recent, NOTICE].sort(compareBounds)[0]).toBe(recent);
    expect(formatWhen(recent)).toBe('before 15:45 on 3 Nov 2021');
  });

  it('7: "just months after" stays as text and a bound', () => {
    const after = made({ text: 'just months after', latest: '2021-10-29T23:00:00Z' });
    expect(after).toMatchObject({ text: 'just months after', earliest: null, precision: 'bound' });
    expect(before(after, EMAIL)).toBe('certain');
    expect(interval(after, EMAIL).maxMs).toBeNull();
  });
});

it.each([
  ['precisions', PRECISIONS, PrecisionField],
  ['qualifiers', QUALIFIERS, QualifierField],
  ['bases', TIME_BASES, TimeBasisField],
] as const)('the %s that a time can be made with are those that are stored, in the same order', (_, made, stored) => {
  expect(stored.options).toEqual(made);
});
