import { inShort } from './in-short';

test.each([
  [['F01', 'F02', 'F03', 'F05', 'F06'], ['F01–F03 F05 F06']],
  [[], ['none']],
  [{ noLowerBound: ['F25'], S1E: 22 }, ['no lower bound: F25', 'S1E: 22']],
  [
    { when: { earliest: '2021-11-03T15:45:00.000Z', latest: null, precision: 'DAY' } },
    ['when: [2021-11-03T15:45Z, none); precision DAY'],
  ],
  [{ hours: { min: 109, max: 136.75 } }, ['hours: more than 109, less than 136.75']],
  [[{ fact: 'F15', changes: [{ before: 'one', after: 'other' }] }], ['fact F15, changes ("one" → "other")']],
  [{ said: 'Nothing is known.', known: false }, ['said: "Nothing is known."', 'known: no']],
])('%j reads %j', (answer, lines) => expect(inShort(answer)).toEqual(lines));
