import { isFault } from '@ledger/domain/fault';
import { makeWhen } from '@ledger/domain/time/when';
import { dateFormat, readTime, type DateFormat } from './written-time';

const LONDON = 'Europe/London';

/** `earliest latest precision`, or the codes of what is wrong. */
const measured = (text: string, formats: readonly DateFormat[] = []): string => {
  const read = readTime(text, LONDON, formats);
  if (isFault(read)) return read.code;
  const made = makeWhen(read);
  return Array.isArray(made)
    ? made.map(({ code }) => code).join(' ')
    : `${made.earliest} ${made.latest} ${made.precision}`.replaceAll(':00.000Z', 'Z');
};

test.each([
  ['2021-10-29', '2021-10-28T23:00Z 2021-10-29T23:00Z day'],
  ['2021-10-29 15:45', '2021-10-29T14:45Z 2021-10-29T14:46Z minute'],
  ['2021-10-29T15:45', '2021-10-29T14:45Z 2021-10-29T14:46Z minute'],
  [' 2021-11 ', '2021-11-01T00:00Z 2021-12-01T00:00Z month'],
  ['2021', '2021-01-01T00:00Z 2022-01-01T00:00Z year'],
  ['..2021-10-29', 'null 2021-10-29T23:00Z bound'],
  ['2021-10-29..', '2021-10-28T23:00Z null bound'],
  ['2021-10-29..2021-11-03', '2021-10-28T23:00Z 2021-11-04T00:00Z interval'],
  ['2021-10-29 14:00 .. 2021-11', '2021-10-29T13:00Z 2021-12-01T00:00Z interval'],
  ['unknown', 'null null unknown'],
  ['..', 'null null unknown'],
])('%s in London is %s', (text, bounds) => expect(measured(text)).toBe(bounds));

test.each([
  ['2021-10-29T15:45Z', '2021-10-29T15:45Z 2021-10-29T15:46Z minute'],
  ['2021-10-29 15:45+02:00', '2021-10-29T13:45Z 2021-10-29T13:46Z minute'],
  ['2021-10-29 15:45 +0200', '2021-10-29T13:45Z 2021-10-29T13:46Z minute'],
  ['2021-10-29T15:45:07Z', '2021-10-29T15:45:07.000Z 2021-10-29T15:45:08.000Z second'],
  ['2021-10-29T15:45:07.123Z', '2021-10-29T15:45:07.123Z 2021-10-29T15:45:07.124Z millisecond'],
  ['2021-10-29T15:45:07.5Z', '2021-10-29T15:45:07.500Z 2021-10-29T15:45:07.600Z interval'],
  ['2021-10-29T15:45:07Z..', '2021-10-29T15:45:07.000Z null bound'],
])("a machine's time, %s, is as wide as it is written: %s", (text, bounds) => expect(measured(text)).toBe(bounds));

test.each([
  ['03/11/2021', 'time-ambiguous'],
  ['3.11.2021 14:00', 'time-ambiguous'],
  ['29/10/2021', 'time-malformed'], // only one reading, but nobody said which order
  ['03/11/21', 'time-malformed'],
  ['3 November', 'time-malformed'],
  ['44498', 'time-malformed'],
  ['yesterday', 'time-malformed'],
  ['2021-10-29 3pm', 'time-malformed'],
  ['2021-10-29..2021-11-03..2021-11-05', 'time-malformed'],
  ['2021-10-29 15:45..03/11/2021', 'time-ambiguous'],
  ['2021-02-30', 'local-not-in-calendar'],
  ['2021-02-30..', 'local-not-in-calendar'],
  ['2021-03-28 01:30', 'local-never-happened'],
  ['2021-03-28 01:30..2021-04', 'local-never-happened'],
  ['2021-11-03..2021-10-29', 'bounds-empty'],
  ['2021-10-29T15:45:07.1234Z', 'instant-too-fine'],
  ['2021-10-29T25:45Z', 'instant-not-in-calendar'],
])('%s is refused: %s', (text, code) => expect(measured(text)).toBe(code));

test('what may be two days is refused with both', () => {
  expect(readTime('03/11/2021', LONDON)).toMatchObject({
    path: [],
    message: '03/11/2021 may be 3 November or 11 March: write 2021-MM-DD, or state in --map how dates are written',
  });
});

describe('where it is stated how dates are written', () => {
  const formats = ['DD/MM/YYYY', 'D MMM YYYY HH:mm', 'MMMM YYYY'].map((written) => dateFormat(written)!);

  test.each([
    ['03/11/2021', '2021-11-03T00:00Z 2021-11-04T00:00Z day'],
    ['3 Nov 2021 15:45', '2021-11-03T15:45Z 2021-11-03T15:46Z minute'],
    ['November 2021', '2021-11-01T00:00Z 2021-12-01T00:00Z month'],
    ['29/10/2021..03/11/2021', '2021-10-28T23:00Z 2021-11-04T00:00Z interval'],
    ['2021-11-03', '2021-11-03T00:00Z 2021-11-04T00:00Z day'], // our own form still is one
    ['31/02/2021', 'local-not-in-calendar'],
    ['3/11/2021', 'time-malformed'],
    ['11/30/2021', 'local-not-in-calendar'],
  ])('%s is %s', (text, bounds) => expect(measured(text, formats)).toBe(bounds));

  test.each(['DD/MM/YY', 'DD/MM', 'MM YYYY MM', 'YYYY HH:mm', 'dd.mm.yyyy', '', 'DD/MM/YYYY mm'])(
    '%s is no format: it leaves a part open, or says one twice',
    (written) => expect(dateFormat(written)).toBeUndefined(),
  );
});
