import type { Instant } from '../time/instant';
import { differenceOf } from './difference';
import { viewAt, type Trace } from './view';

const at = (day: number) => `2031-01-0${day}T00:00:00.000Z` as Instant;
const bounds = { earliest: at(1), latest: at(2) };
const trace = (sequence: number, factId: string, amends?: Trace['amends']): Trace => ({
  incidentId: 'one',
  sequence,
  factId,
  type: 'claim-made',
  occurred: bounds,
  known: [{ by: 'controller:c', ...bounds }],
  actor: 'controller:c',
  document: 'letter',
  ...(amends && { amends }),
});
const amends = (target: string, nature: 'substance' | 'retraction') => ({ target, nature, changes: {} });
const between = (traces: readonly Trace[], from: number, to: number) => {
  const box = (sequence: number) => viewAt(traces, { sequence }).find((seen) => seen.trace.factId === 'box');
  return differenceOf(box(from), box(to));
};

test('a correction that is voided changes the text, also where a later one stays', () =>
  expect(
    between(
      [
        trace(1, 'box'),
        trace(2, 'first', amends('box', 'substance')),
        trace(3, 'second', amends('box', 'substance')),
        trace(4, 'void', amends('first', 'retraction')),
      ],
      3,
      4,
    ),
  ).toEqual(['text-changed']));

test('a fact that rests on another retraction stands otherwise', () =>
  expect(
    between(
      [
        trace(1, 'box'),
        trace(2, 'first', amends('box', 'retraction')),
        trace(3, 'second', amends('box', 'retraction')),
        trace(4, 'void', amends('first', 'retraction')),
      ],
      3,
      4,
    ),
  ).toEqual(['standing-changed']));

test('an entry that both views show alike does not differ, and one that neither shows does not either', () => {
  expect(between([trace(1, 'box'), trace(2, 'other')], 1, 2)).toEqual([]);
  expect(differenceOf(undefined, undefined)).toEqual([]);
});
