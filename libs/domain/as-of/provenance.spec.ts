import fc from 'fast-check';
import { KINDS } from '../fact/kinds';
import { fieldMeta, innerType } from '../schema/fields';
import { z } from 'zod';
import { known, look, since, type TraceFields } from '../../../test/support/traces';
import { provenanceOf, RELATIONS } from './provenance';

const links = (of: Readonly<Record<string, readonly string[]>>): TraceFields => ({ links: of });

/** `from relation to depth` */
const found = (
  facts: Readonly<Record<string, TraceFields>>,
  from: string,
  forwards: boolean,
  depth: number,
  at?: number,
) =>
  provenanceOf(from, look(facts, [], at === undefined ? undefined : known(at)), forwards, depth).map(
    (one) => `${one.from.trace.factId} ${one.relation} ${one.to.trace.factId} ${one.depth}`,
  );

describe('what a fact rests on', () => {
  const facts = {
    letter: {},
    statement: links({ partOf: ['letter'] }),
    retelling: links({ restates: ['statement'], sameThingAs: ['letter'] }),
    awareness: links({ restsOn: ['retelling', 'statement'] }),
    other: links({ partOf: ['letter'] }),
  };

  test('is followed step by step, no further than asked', () => {
    const one = ['awareness rests-on retelling 1', 'awareness rests-on statement 1'];
    const two = ['retelling restates statement 2', 'retelling same-thing-as letter 2', 'statement part-of letter 2'];
    expect(found(facts, 'awareness', true, 1)).toEqual(one);
    expect(found(facts, 'awareness', true, 2)).toEqual([...one, ...two]);
    expect(found(facts, 'awareness', true, 20)).toEqual([...one, ...two]);
  });
  test('is followed the other way too: what rests on it', () => {
    expect(found(facts, 'letter', false, 1)).toEqual([
      'statement part-of letter 1',
      'retelling same-thing-as letter 1',
      'other part-of letter 1',
    ]);
    expect(found(facts, 'letter', false, 2).slice(3)).toEqual([
      'retelling restates statement 2',
      'awareness rests-on statement 2',
      'awareness rests-on retelling 2',
    ]);
  });
  test('is nothing of a fact that points nowhere, and of one that is not there', () => {
    expect(found(facts, 'letter', true, 5)).toEqual([]);
    expect(found(facts, 'nothing', true, 5)).toEqual([]);
    expect(found(facts, 'nothing', false, 5)).toEqual([]);
  });
  test('does not lead through a fact that the view does not show', () => {
    const hidden = { ...facts, statement: { ...facts.statement, known: [since(10, 11)] } };
    expect(found(hidden, 'awareness', true, 5, 9)).toEqual([
      'awareness rests-on retelling 1',
      'retelling same-thing-as letter 2',
    ]);
    expect(found(hidden, 'letter', false, 1, 9)).not.toContain('statement part-of letter 1');
    expect(found({ a: links({ partOf: ['nothing yet'] }) }, 'a', true, 5)).toEqual([]);
  });
  test('ends in a circle, each pair once', () => {
    const circle = {
      a: links({ restates: ['b', 'b'] }),
      b: links({ restates: ['c'] }),
      c: links({ restates: ['a', 'c'] }),
    };
    const forwards = ['a restates b 1', 'b restates c 2', 'c restates a 3', 'c restates c 3'];
    expect(found(circle, 'a', true, 20)).toEqual(forwards);
    expect(found(circle, 'a', false, 20).sort()).toEqual(
      ['c restates a 1', 'b restates c 2', 'c restates c 2', 'a restates b 3'].sort(),
    );
  });

  test('each relation that a field of a fact can say has its words', () => {
    const fields = [...KINDS.values()].flatMap(({ schema }) =>
      Object.entries<z.ZodType>(schema.shape).flatMap(([name, field]) => {
        const plain = innerType(field) ?? field;
        const meta = fieldMeta(plain instanceof z.ZodArray ? plain.element : plain);
        return meta?.names === 'fact' && name !== 'factId' ? [name] : [];
      }),
    );
    const relations = fields.map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    expect([...new Set(relations)].sort()).toEqual(Object.keys(RELATIONS).sort());
  });
});

test('in every record each pair shows once, at the shortest way to it, and no further than asked', () => {
  const SIZE = 7;
  const at = fc.integer({ min: 0, max: SIZE - 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(at, at), { maxLength: 14 }), fc.boolean(), at, (pairs, forwards, depth) => {
      const targets = (from: number) => pairs.flatMap(([one, other]) => (one === from ? [`f${other}`] : []));
      const facts = Object.fromEntries(
        Array.from({ length: SIZE }, (_, index) => [`f${index}`, links({ restates: targets(index) })]),
      );
      const shortest = new Map([[0, 0]]);
      for (const [next, steps] of shortest)
        for (const [one, other] of pairs) {
          const [start, end] = forwards ? [one, other] : [other, one];
          if (start === next && !shortest.has(end)) shortest.set(end, steps + 1);
        }
      const expected = pairs.flatMap(([one, other]) => {
        const step = (shortest.get(forwards ? one : other) ?? Infinity) + 1;
        return step <= depth + 1 ? [`f${one} restates f${other} ${step}`] : [];
      });
      expect(found(facts, 'f0', forwards, depth + 1).sort()).toEqual([...new Set(expected)].sort());
    }),
    { numRuns: 200 },
  );
});
