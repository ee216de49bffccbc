import { amends, log, type TraceFields } from '../../../test/support/traces';
import { differenceOf } from './difference';
import { viewAt } from './view';

const between = (facts: Readonly<Record<string, TraceFields>>, from: number, to: number) => {
  const box = (sequence: number) => viewAt(log(facts), { sequence }).find((seen) => seen.trace.factId === 'box');
  return differenceOf(box(from), box(to));
};

test('a correction that is voided changes the text, also where a later one stays', () =>
  expect(
    between(
      {
        box: {},
        first: amends('box', 'substance'),
        second: amends('box', 'substance'),
        void: amends('first', 'retraction'),
      },
      3,
      4,
    ),
  ).toEqual(['text-changed']));

test('a fact that rests on another retraction stands otherwise', () =>
  expect(
    between(
      {
        box: {},
        first: amends('box', 'retraction'),
        second: amends('box', 'retraction'),
        void: amends('first', 'retraction'),
      },
      3,
      4,
    ),
  ).toEqual(['standing-changed']));

test('an entry that both views show alike does not differ, and one that neither shows does not either', () => {
  expect(between({ box: {}, other: {} }, 1, 2)).toEqual([]);
  expect(differenceOf(undefined, undefined)).toEqual([]);
});
