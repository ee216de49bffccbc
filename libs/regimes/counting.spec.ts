import fc from 'fast-check';
import { instantOf } from '@ledger/domain/time/instant';
import type { Bounds } from '@ledger/domain/time/bounds';
import { makeWhen } from '@ledger/domain/time/when';
import { elapsedHours, eu1182Hours } from './counting';

const LONDON = 'Europe/London';
const at = (text: string) => instantOf(Date.parse(text));
const moment = (text: string): Bounds => ({ earliest: at(text), latest: instantOf(Date.parse(text) + 1) });
const local = (zone: string, text: string): Bounds => {
  const result = makeWhen({ zone, local: text });
  if (Array.isArray(result)) throw new Error(JSON.stringify(result));
  return result;
};

describe('72 hours from a known moment', () => {
  it.each([
    [
      'over the end of summer time',
      LONDON,
      '2021-10-29T09:20:00+01:00',
      '2021-11-01T08:20:00Z',
      '2021-11-01T09:00:00Z',
    ],
    [
      'from the stroke of the hour, which is excluded too',
      LONDON,
      '2021-10-29T09:00:00+01:00',
      '2021-11-01T08:00:00Z',
      '2021-11-01T09:00:00Z',
    ],
    [
      'from the first pass of a repeated hour',
      LONDON,
      '2021-10-31T01:30:00+01:00',
      '2021-11-03T00:30:00Z',
      '2021-11-03T01:00:00Z',
    ],
    [
      'from the second pass of a repeated hour',
      LONDON,
      '2021-10-31T01:30:00+00:00',
      '2021-11-03T01:30:00Z',
      '2021-11-03T02:00:00Z',
    ],
    ['over the start of summer time', LONDON, '2021-03-26T15:10:00Z', '2021-03-29T15:10:00Z', '2021-03-29T16:00:00Z'],
    [
      'over Christmas, whose holidays count',
      LONDON,
      '2026-12-24T16:45:00Z',
      '2026-12-27T16:45:00Z',
      '2026-12-27T17:00:00Z',
    ],
    ['over a weekend, which counts', LONDON, '2026-11-20T17:30:00Z', '2026-11-23T17:30:00Z', '2026-11-23T18:00:00Z'],
    [
      'by the local hour of a quarter-hour zone',
      'Asia/Kathmandu',
      '2026-03-02T10:20:00+05:45',
      '2026-03-05T04:35:00Z',
      '2026-03-05T05:15:00Z',
    ],
    ['by the local hour before 1970', LONDON, '1960-01-01T10:20:00Z', '1960-01-04T10:20:00Z', '1960-01-04T11:00:00Z'],
  ])('%s', (_, zone, start, elapsed, rounded) => {
    expect(elapsedHours(moment(start), 72).earliest).toBe(at(elapsed));
    expect(eu1182Hours(moment(start), 72, zone)).toEqual({
      earliest: at(rounded),
      latest: at(rounded),
      latestAttained: true,
    });
  });
});

describe('72 hours from an uncertain start', () => {
  it('known to the day: the elapsed window is open at its end, the hour-rounded one closed', () => {
    const notice = local(LONDON, '2021-10-29');
    expect(elapsedHours(notice, 72)).toEqual({
      earliest: at('2021-10-31T23:00Z'),
      latest: at('2021-11-01T23:00Z'),
      latestAttained: false,
    });
    expect(eu1182Hours(notice, 72, LONDON)).toEqual({
      earliest: at('2021-11-01T00:00Z'),
      latest: at('2021-11-01T23:00Z'),
      latestAttained: true,
    });
  });

  it('2: across the clock change is not three calendar days', () => {
    const threeDaysLater = local(LONDON, '2021-11-01');
    const window = elapsedHours(local(LONDON, '2021-10-29'), 72);
    expect(Date.parse(threeDaysLater.earliest ?? '') - Date.parse(window.earliest ?? '')).toBe(3_600_000);
  });

  it('in an hour that came twice, to the minute: both readings are bounds', () => {
    const start = local(LONDON, '2021-10-31T01:30');
    expect(elapsedHours(start, 72)).toEqual({
      earliest: at('2021-11-03T00:30Z'),
      latest: at('2021-11-03T01:31Z'),
      latestAttained: false,
    });
    expect(eu1182Hours(start, 72, LONDON)).toEqual({
      earliest: at('2021-11-03T01:00Z'),
      latest: at('2021-11-03T02:00Z'),
      latestAttained: true,
    });
  });

  it('in an hour that the clock left out never begins', () => {
    expect(makeWhen({ zone: LONDON, local: '2021-03-28T01:30' })).toMatchObject([{ code: 'local-never-happened' }]);
  });

  it('an open bound stays open', () => {
    const until = { earliest: null, latest: at('2021-10-29T23:00Z') };
    const since = { earliest: at('2021-10-28T23:00Z'), latest: null };
    expect(elapsedHours(until, 72)).toEqual({ earliest: null, latest: at('2021-11-01T23:00Z'), latestAttained: false });
    expect(eu1182Hours(until, 72, LONDON)).toEqual({
      earliest: null,
      latest: at('2021-11-01T23:00Z'),
      latestAttained: true,
    });
    expect(eu1182Hours(since, 72, LONDON)).toEqual({
      earliest: at('2021-11-01T00:00Z'),
      latest: null,
      latestAttained: false,
    });
    expect(elapsedHours({ earliest: null, latest: null }, 72)).toEqual({
      earliest: null,
      latest: null,
      latestAttained: false,
    });
  });
});

describe('the hour-rounded end', () => {
  const zones = fc.constantFrom(
    LONDON,
    'Europe/Dublin',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'UTC',
  );
  const start = fc.oneof(
    fc.integer({ min: Date.parse('2016-01-01'), max: Date.parse('2036-01-01') }),
    fc
      .constantFrom('2021-10-31T01:00Z', '2021-03-28T01:00Z', '2021-04-03T15:00Z', '2021-10-02T15:30Z')
      .chain((change) => fc.integer({ min: Date.parse(change) - 7_200_000, max: Date.parse(change) + 7_200_000 })),
  );

  it('is later than the elapsed one by more than nothing and at most an hour', () =>
    fc.assert(
      fc.property(zones, start, fc.integer({ min: 1, max: 1000 }), (zone, ms, hours) => {
        const rounded = eu1182Hours(moment(new Date(ms).toISOString()), hours, zone);
        const extra = Date.parse(rounded.earliest ?? '') - ms - hours * 3_600_000;
        expect(extra > 0 && extra <= 3_600_000).toBe(true);
      }),
    ));

  it('of every start within the bounds lies within the window', () =>
    fc.assert(
      fc.property(
        zones,
        start,
        fc.integer({ min: 1, max: 5e7 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (zone, ms, length, share) => {
          const window = eu1182Hours({ earliest: instantOf(ms), latest: instantOf(ms + length) }, 72, zone);
          const inside = eu1182Hours(
            moment(new Date(ms + Math.floor(length * share)).toISOString()),
            72,
            zone,
          ).earliest;
          expect(inside !== null && window.earliest !== null && window.latest !== null).toBe(true);
          expect([window.earliest, inside, window.latest].map(String).sort()).toEqual([
            window.earliest,
            inside,
            window.latest,
          ]);
        },
      ),
      { numRuns: 1000 },
    ));

  it('needs a whole number of hours and a zone of the authority', () => {
    const notice = moment('2021-10-29T09:20:00Z');
    for (const hours of [0, -72, 0.5, NaN, Infinity]) {
      expect(() => elapsedHours(notice, hours)).toThrow(RangeError);
      expect(() => eu1182Hours(notice, hours, LONDON)).toThrow(RangeError);
    }
    for (const zone of ['', '+01:00', 'GMT+1']) expect(() => eu1182Hours(notice, 72, zone)).toThrow(RangeError);
  });
});
