import fc from 'fast-check';
import { amends, known, look, since, type TraceFields } from '../../../test/support/traces';
import { hedgeBetween, restatementsIn, wordChanges, type WordChange } from './wording';

describe('a restatement', () => {
  const pairs = (...of: Parameters<typeof look>) =>
    restatementsIn(look(...of)).map(({ earlier, later }) => [earlier.trace.factId, later.trace.factId]);
  const restates = (...ids: readonly string[]): TraceFields => ({ links: { restates: ids } });

  test('is a fact that takes up the wording of another, or asserts the same thing, each pair once', () =>
    expect(
      pairs({
        letter: {},
        other: {},
        retelling: restates('letter', 'other'),
        both: { links: { restates: ['letter'], sameThingAs: ['letter'] } },
        same: { links: { sameThingAs: ['other'] } },
        part: { links: { partOf: ['letter'] } },
      }),
    ).toEqual([
      ['letter', 'retelling'],
      ['other', 'retelling'],
      ['letter', 'both'],
      ['other', 'same'],
    ]));
  test('is not shown where the view does not show both', () => {
    const facts = { letter: { known: [since(10, 11)] }, retelling: restates('letter', 'nothing yet') };
    expect(pairs(facts, [], known(9))).toEqual([]);
    expect(pairs(facts)).toEqual([['letter', 'retelling']]);
  });
  test.each([
    ['hedged', 'stated', 'dropped'],
    ['stated', 'hedged', 'added'],
    ['hedged', 'hedged', 'kept'],
    ['claimed', 'confirmed', 'none'],
  ])('of what was %s and is %s: the reserve is %s', (before, after, hedge) => {
    const [pair] = restatementsIn(
      look({ letter: { manner: before }, retelling: { ...restates('letter'), manner: after } }),
    );
    expect(pair && hedgeBetween(pair)).toBe(hedge);
  });
  test('goes by the manner in force', () => {
    const facts = {
      letter: { manner: 'stated' },
      retelling: restates('letter'),
      better: amends('letter', 'substance', { manner: 'hedged' }),
    };
    const [pair] = restatementsIn(look(facts));
    expect(pair && hedgeBetween(pair)).toBe('dropped');
  });
});

describe('the changes between two wordings', () => {
  test.each<[string, string, readonly (readonly [string, string])[]]>([
    ['the box was lost', 'the box was stolen', [['lost', 'stolen']]],
    ['the box was lost', 'the box was probably lost', [['', 'probably']]],
    ['we are confident that it is safe', 'it is safe', [['we are confident that', '']]],
    [
      'a b c',
      'x b y',
      [
        ['a', 'x'],
        ['c', 'y'],
      ],
    ],
    ['a b', 'c d', [['a b', 'c d']]],
    ['', 'a b', [['', 'a b']]],
    ['a  b\n c', 'a b c', []],
    ['The box', 'the box', [['The', 'the']]],
    ['lost.', 'lost', [['lost.', 'lost']]],
    ['“lost”', '"lost"', [['“lost”', '"lost"']]],
    ['naïve 例え', 'naïve 例', [['例え', '例']]],
  ])('from %j to %j', (before, after, expected) =>
    expect(wordChanges(before, after)).toEqual(expected.map(([one, other]) => ({ before: one, after: other }))),
  );

  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  /** Whether the changes, made in their order, lead from one text to the other; what lies between them stays. */
  const lead = (from: readonly string[], to: readonly string[], changes: readonly WordChange[]): boolean => {
    const [change, ...rest] = changes;
    if (change !== undefined) {
      const [before, after] = [words(change.before), words(change.after)];
      const here = before.every((word, at) => from[at] === word) && after.every((word, at) => to[at] === word);
      if (here && lead(from.slice(before.length), to.slice(after.length), rest)) return true;
    }
    if (from.length === 0 || to.length === 0) return from.length === to.length && change === undefined;
    return from[0] === to[0] && lead(from.slice(1), to.slice(1), changes);
  };
  const common = (a: readonly string[], b: readonly string[]): number => {
    let row = new Array<number>(b.length + 1).fill(0);
    for (const word of a)
      row = b.reduce<number[]>(
        (next, other, at) => [...next, word === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0)],
        [0],
      );
    return row.at(-1) ?? 0;
  };
  const text = fc.oneof(
    fc.array(fc.constantFrom('box', 'tape', 'lost', 'Box', '“box”'), { maxLength: 9 }).map((list) => list.join(' ')),
    fc.string({ unit: fc.constantFrom(...'ab \n\t.证é'), maxLength: 20 }),
  );

  test('made in the earlier words give the later ones, and are as few as can be', () =>
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = wordChanges(before, after);
        expect(lead(words(before), words(after), changes)).toBe(true);
        for (const change of changes) expect(change.before === '' && change.after === '').toBe(false);
        const kept = common(words(before), words(after));
        expect(changes.flatMap((change) => words(change.before))).toHaveLength(words(before).length - kept);
        expect(changes.flatMap((change) => words(change.after))).toHaveLength(words(after).length - kept);
      }),
      { numRuns: 300 },
    ));
  test('of equal words are none, however they are spaced', () =>
    fc.assert(
      fc.property(text, (same) => {
        expect(wordChanges(same, same)).toEqual([]);
        expect(wordChanges(same, ` ${words(same).join('  \n')}\t`)).toEqual([]);
      }),
      { numRuns: 100 },
    ));
});
