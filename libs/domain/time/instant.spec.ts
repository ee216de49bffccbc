import fc from 'fast-check';
import { isFault } from '../fault';
import { epochMs, instantOf, isInstantMs, parseInstant } from './instant';

const codeOf = (text: string) => {
  const result = parseInstant(text);
  return isFault(result) ? result.code : result;
};

describe('an instant', () => {
  it.each([
    ['2021-10-28T23:00:00Z', '2021-10-28T23:00:00.000Z'],
    ['2021-10-29T00:00:00+01:00', '2021-10-28T23:00:00.000Z'],
    ['2026-03-02T10:20:00.5+05:45', '2026-03-02T04:35:00.500Z'],
    ['2021-10-28T18:30:00.25-04:30', '2021-10-28T23:00:00.250Z'],
    ['2024-02-29T12:00:00-00:00', '2024-02-29T12:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is canonically %s', (text, canonical) => expect(parseInstant(text)).toBe(canonical));

  it.each([
    ['2021-10-29T09:00:00', 'instant-zoneless'],
    ['2021-10-29T09:00', 'instant-zoneless'],
    ['2021-10-29', 'instant-malformed'],
    ['2021-10-29T09:00Z', 'instant-malformed'],
    ['2021-10-29t09:00:00Z', 'instant-malformed'],
    ['2021-10-29T09:00:00z', 'instant-malformed'],
    ['2021-10-29 09:00:00Z', 'instant-malformed'],
    [' 2021-10-29T09:00:00Z', 'instant-malformed'],
    ['2021-10-29T09:00:00Z\n', 'instant-malformed'],
    ['2021-10-29T09:00:00+24:00', 'instant-malformed'],
    ['2021-10-29T09:00:00+01:60', 'instant-malformed'],
    ['2021-10-29T09:00:00+0100', 'instant-malformed'],
    ['2021-10-29T09:00:00.Z', 'instant-malformed'],
    ['+12021-10-29T09:00:00Z', 'instant-malformed'],
    ['', 'instant-malformed'],
    ['2021-10-29T09:00:00.1230Z', 'instant-too-fine'],
    ['2021-02-30T09:00:00Z', 'instant-not-in-calendar'],
    ['2021-02-29T09:00:00Z', 'instant-not-in-calendar'],
    ['2021-13-01T09:00:00Z', 'instant-not-in-calendar'],
    ['2021-00-01T09:00:00Z', 'instant-not-in-calendar'],
    ['2021-10-29T24:00:00Z', 'instant-not-in-calendar'],
    ['2016-12-31T23:59:60Z', 'instant-not-in-calendar'],
    ['0000-06-01T00:00:00Z', 'instant-out-of-range'],
    ['0001-01-01T00:00:00+01:00', 'instant-out-of-range'],
    ['9999-12-31T23:59:59-01:00', 'instant-out-of-range'],
  ])('%s is refused as %s', (text, code) => expect(codeOf(text)).toBe(code));

  const ms = fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') });

  it('survives being written and read, in any offset', () =>
    fc.assert(
      fc.property(ms, fc.integer({ min: -1439, max: 1439 }), (at, offset) => {
        expect(epochMs(instantOf(at))).toBe(at);
        const wall = at + offset * 60_000;
        fc.pre(isInstantMs(wall));
        const two = (value: number) => String(value).padStart(2, '0');
        const suffix = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        expect(parseInstant(instantOf(wall).replace('Z', suffix))).toBe(instantOf(at));
      }),
    ));

  it('sorts as text in order of time', () =>
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        expect(instantOf(a) < instantOf(b)).toBe(a < b);
      }),
    ));

  it('never throws while being parsed', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,4})?(Z|\+\d\d:\d\d)$/)),
        (text) => {
          const result = parseInstant(text);
          expect(isFault(result) || parseInstant(result) === result).toBe(true);
        },
      ),
    ));

  it('is not made of fractions, of nothing, or of other years', () => {
    for (const bad of [0.5, NaN, Infinity, 8.64e15, -8.64e15]) expect(() => instantOf(bad)).toThrow(RangeError);
  });
});
