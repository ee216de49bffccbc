import fc from 'fast-check';
import { arbitraryOf, conspicuousWords } from '../../../test/support/arbitraries';
import { samplePayload } from '../../../test/fixtures/sample-payload';
import { CATALOGUE } from '../catalogue';
import { clearPart, protectedFields } from './protected-fields';

type Node = Record<string, unknown>;

/** The payload without what stands at these pointers, and without what a source blacked out. */
const without = (payload: unknown, pointers: ReadonlySet<string>): unknown => {
  const visit = (node: unknown, pointer: string): unknown => {
    if (pointers.has(pointer) || isRedacted(node)) return undefined;
    if (Array.isArray(node))
      return node.map((entry, index) => visit(entry, `${pointer}/${index}`)).filter((entry) => entry !== undefined);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node as Node)
        .map(([name, value]) => [name, visit(value, `${pointer}/${name}`)] as const)
        .filter(([, value]) => value !== undefined),
    );
  };
  return visit(payload, '');
};
const isRedacted = (node: unknown): boolean => typeof node === 'object' && node !== null && 'redacted' in node;

describe.each([...CATALOGUE.values()].map((definition) => [definition.type, definition] as const))(
  'the clear part of %s',
  (_, definition) => {
    const { schema } = definition;

    test('holds nothing that is protected, and everything else as it is', () =>
      fc.assert(
        fc.property(arbitraryOf(schema, conspicuousWords), (payload) => {
          const clear = clearPart(schema, payload);
          expect(JSON.stringify(clear)).not.toContain('secret');
          const pointers = new Set(protectedFields(schema, payload).map(({ pointer }) => pointer));
          expect(clear).toEqual(without(payload, pointers));
        }),
        { numRuns: 4 },
      ));

    test('is the same once the texts are erased', () => {
      const payload = samplePayload(definition);
      const erased = structuredClone(payload) as Node;
      for (const { pointer } of protectedFields(schema, payload)) {
        const steps = pointer.split('/').slice(1);
        const last = steps.pop() as string;
        steps.reduce<Node>((node, step) => node[step] as Node, erased)[last] = { hidden: 'erased' };
      }
      expect(clearPart(schema, erased)).toEqual(clearPart(schema, payload));
    });
  },
);
