import type { Instant } from '../time/instant';
import { recordingLag } from './recording-lag';
import type { KnownSince } from './trace';

const HOUR = 60 * 60 * 1000;
const at = (text: string) => text as Instant;
const since = (by: string, earliest: string | null, latest: string | null): KnownSince => ({
  by,
  earliest: earliest === null ? null : at(earliest),
  latest: latest === null ? null : at(latest),
});
const RECORDED = at('2031-03-01T00:00:00.000Z');

test('a fact recorded long after one knower knew it was recorded late, whatever is known of the other knowers', () => {
  const controller = since('controller:c', '2031-01-04T00:00:00.000Z', '2031-01-05T00:00:00.000Z');
  const lag = { minMs: 55 * 24 * HOUR, exceeded: 'shown' };
  expect(recordingLag([controller, since('processor:p', null, null)], RECORDED)).toMatchObject({ ...lag, maxMs: null });
  const wide = since('processor:p', '2031-01-01T00:00:00.000Z', '2031-02-28T23:00:00.000Z');
  expect(recordingLag([wide, controller], RECORDED)).toMatchObject(lag);
});

test('a fact recorded within a day of the first possible knowledge is contemporaneous', () =>
  expect(
    recordingLag([since('controller:c', '2031-02-28T01:00:00.000Z', '2031-02-28T02:00:00.000Z')], RECORDED),
  ).toEqual({ minMs: 22 * HOUR, maxMs: 23 * HOUR + 1, exceeded: 'refuted' }));

test('bounds that allow both show neither', () =>
  expect(
    recordingLag([since('controller:c', '2031-02-27T00:00:00.000Z', '2031-02-28T12:00:00.000Z')], RECORDED),
  ).toMatchObject({ exceeded: 'not-shown' }));

test('a fact that nobody is on record to have known has no lag', () =>
  expect(recordingLag([], RECORDED)).toEqual({ minMs: null, maxMs: null, exceeded: 'not-shown' }));
