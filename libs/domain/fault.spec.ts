import { fault, faultUnder, isFault } from './fault';

describe('fault', () => {
  it('is told from other values by its shape', () => {
    expect(isFault(fault('zone-unknown', ['zone'], 'must be known'))).toBe(true);
    for (const other of [null, undefined, '2021-10-28T23:00:00.000Z', [], {}, { code: 'x', message: 'y' }])
      expect(isFault(other)).toBe(false);
  });

  it('keeps its path within the object that holds its input', () => {
    expect(faultUnder(['observed', 1], fault('zone-unknown', ['zone'], 'm')).path).toEqual(['observed', 1, 'zone']);
  });
});
