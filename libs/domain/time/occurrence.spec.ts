import { Occurrence, OccurrenceInput, formatOccurrence, makeOccurrence, occurrenceBounds } from './occurrence';

const zone = 'Europe/London';
const on = (local: string) => ({ zone, local });
const made = (input: OccurrenceInput): Occurrence => {
  const result = makeOccurrence(input);
  if (Array.isArray(result)) throw new Error(JSON.stringify(result));
  return result;
};
const faults = (input: OccurrenceInput) => {
  const result = makeOccurrence(input);
  return Array.isArray(result) ? result.map(({ code, path }) => [code, ...path]) : [];
};
const state = (start: string, observed: string[], end?: string): OccurrenceInput => ({
  shape: 'state',
  start: on(start),
  observed: observed.map(on),
  end: end === undefined ? null : on(end),
});

describe('an occurrence', () => {
  it('that is a moment stands where it happened', () => {
    const moment = made({ shape: 'moment', when: on('2021-10-29') });
    expect(occurrenceBounds(moment)).toMatchObject({ earliest: '2021-10-28T23:00:00.000Z' });
    expect(formatOccurrence(moment)).toBe('29 Oct 2021');
  });

  it('that is a state stands where it began', () => {
    expect(occurrenceBounds(made(state('2021-10-29', ['2021-11-03'])))).toMatchObject({
      earliest: '2021-10-28T23:00:00.000Z',
      latest: '2021-10-29T23:00:00.000Z',
    });
  });

  it('may be a state with no start known and no end on record', () => {
    const outage = made({ shape: 'state', start: { zone }, observed: [on('2021-11-03T15:45')] });
    expect(outage).toMatchObject({ start: { earliest: null, latest: null }, end: null });
    expect(formatOccurrence(outage)).toBe('start unknown; observed 15:45 on 3 Nov 2021; no end on record');
  });

  it('says when a state was observed and ended', () => {
    expect(formatOccurrence(made(state('2021-10-29', ['2021-11-01', '2021-11-03'], '2021-11-04')))).toBe(
      'start 29 Oct 2021; observed 1 Nov 2021 and 3 Nov 2021; end 4 Nov 2021',
    );
  });

  it('is no state that was never observed', () => {
    expect(faults(state('2021-10-29', []))).toEqual([['state-unobserved', 'observed']]);
  });

  it('is no state that certainly ended before it began', () => {
    expect(faults(state('2021-10-29', ['2021-10'], '2021-10-28'))).toEqual([['end-before-start', 'end']]);
    expect(faults(state('2021-10-29', ['2021-10'], '2021-10'))).toEqual([]);
    expect(faults(state('2021-10-29', ['2021-10-29'], '2021-10-29'))).toEqual([]);
  });

  it('is no state that was certainly observed before it began or after it ended', () => {
    expect(faults(state('2021-10-29', ['2021-10-30', '2021-10-28', '2021-11-01'], '2021-10-31'))).toEqual([
      ['observed-before-start', 'observed', 1],
      ['observed-after-end', 'observed', 2],
    ]);
  });

  it('reports the faults of all its times at once, each with its way', () => {
    expect(
      faults({
        shape: 'state',
        start: { zone: 'GMT+1' },
        observed: [on('2021'), on('2021-02-30')],
        end: { zone, local: '' },
      }),
    ).toEqual([
      ['zone-unknown', 'start', 'zone'],
      ['local-not-in-calendar', 'observed', 1, 'local'],
      ['local-malformed', 'end', 'local'],
    ]);
    expect(faults({ shape: 'moment', when: { zone: '' } })).toEqual([['zone-unknown', 'when', 'zone']]);
  });
});
