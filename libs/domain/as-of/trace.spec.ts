import fc from 'fast-check';
import { conspicuousWords, arbitraryOf } from '../../../test/support/arbitraries';
import {
  CARETAKER,
  claim,
  correction,
  notice,
  retraction,
  at,
  COUNCIL,
  fact,
  uuidOf,
} from '../../../test/support/facts';
import { goldenFile, readGolden } from '../../../test/fixtures/golden';
import type { FactDraft } from '../fact/fact-draft';
import { factOf, type AnyFact } from '../fact/fact';
import { KINDS, type Kind } from '../fact/kinds';
import { protectedFields } from '../schema/protected-fields';
import { traceOf, unreadableTrace, type Trace } from './trace';
import { viewAt } from './view';

const kinds = [...KINDS.values()];
const goldenOf = (kind: Kind) => readGolden(goldenFile(kind)).payload;
const traced = ({ type, payload }: FactDraft): Trace => traceOf(7, type, factOf({ payload }));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DIGEST = /^[0-9a-f]{64}$/;

/** What a value of the golden payloads is, told by itself: ids there are drawn from the name of their field. */
const sortOf = (
  name: string,
  value: unknown,
): keyof Pick<Trace, 'links' | 'parties' | 'values' | 'numbers'> | 'none' => {
  if (typeof value === 'number') return 'numbers';
  if (Array.isArray(value))
    return value.length > 0 && value.every((entry) => typeof entry === 'string' && UUID.test(entry)) ? 'links' : 'none';
  if (typeof value === 'string') return UUID.test(value) ? 'links' : DIGEST.test(value) ? 'none' : 'values';
  const given = value as Readonly<Record<string, unknown>>;
  return 'role' in given && 'id' in given ? 'parties' : 'none';
};

describe.each(kinds.map((kind) => [kind.type, kind] as const))('of %s', (type, kind) => {
  const payload = goldenOf(kind);
  const trace = traceOf(7, type, payload as unknown as AnyFact);
  const texts = protectedFields(kind.schema, payload);

  test('links, parties, values and numbers are the ids, actors, tokens and numbers of its own fields, and no more', () => {
    const expected = { links: {}, parties: {}, values: {}, numbers: {} } as Record<string, Record<string, unknown>>;
    const common = ['partOf', 'sameThingAs', 'restates'].filter((name) => name in kind.schema.shape);
    const isText = (name: string) => texts.some(({ pointer }) => pointer === `/${name}`);
    for (const name of [...common, ...Object.keys(kind.fields).filter((field) => !isText(field))]) {
      const value = payload[name] as { role?: string; id?: string };
      const sort = sortOf(name, value);
      if (sort !== 'none')
        (expected[sort] as Record<string, unknown>)[name] =
          sort === 'parties' ? `${value.role}:${value.id}` : sort === 'links' ? [value].flat() : value;
    }
    const { links, parties, values, numbers } = trace;
    expect({ links, parties, values, numbers }).toEqual(expected);
    for (const list of Object.values(links)) for (const id of list) expect(id).toMatch(UUID);
  });

  test('nothing in it was encrypted, whatever the fact says', () => {
    fc.assert(
      fc.property(arbitraryOf(kind.schema, conspicuousWords), (any) => {
        expect(JSON.stringify(traceOf(7, type, any as AnyFact))).not.toContain('secret');
      }),
      { numRuns: 4 },
    );
    const held = JSON.stringify(trace);
    for (const { value } of texts) expect(held).not.toContain(JSON.stringify(value).slice(1, -1));
  });

  test('it is what it is once it has been through JSON', () =>
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace));
});

describe('a trace', () => {
  const measured = (from: string, to: string) => ({ earliest: `${from}T00:00:00.000Z`, latest: `${to}T00:00:00.000Z` });

  test('says when, who knew, who, where, how and through whom', () => {
    const via = [{ role: 'media', id: 'example-gazette', name: 'The Example Gazette' }, CARETAKER];
    expect(traced(claim('the box', { reference: 'F07', via, manner: 'hedged', identity: 'shown' }))).toMatchObject({
      sequence: 7,
      factId: uuidOf('the box'),
      reference: 'F07',
      type: 'claim-made',
      occurred: measured('2031-01-03', '2031-01-04'),
      known: [{ by: 'controller:example-council', ...measured('2031-01-04', '2031-01-05') }],
      actor: 'controller:example-council',
      document: 'letter-7',
      manner: 'hedged',
      via: ['media:example-gazette', `person:${CARETAKER.id}`],
      identity: 'shown',
    });
  });
  test('has no end where it happened at a moment, and of a state the end or that none is on record', () => {
    expect(traced(claim('the box')).occurred).not.toHaveProperty('end');
    const state = { start: at('2031-01-03'), observed: [at('2031-01-04')], end: at('2031-01-06') };
    expect(traced(claim('the box', { occurred: { state } })).occurred).toEqual({
      ...measured('2031-01-03', '2031-01-04'),
      end: measured('2031-01-06', '2031-01-07'),
    });
    expect(traced(claim('the box', { occurred: { state: { ...state, end: null } } })).occurred.end).toBeNull();
  });
  test('leaves out what the fact does not have', () => {
    const bare = traced(notice('a letter'));
    expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(['reference', 'identity', 'amends']));
    expect(bare).toMatchObject({ links: {}, parties: {}, values: { channel: 'letter' }, numbers: {} });
  });
});

describe('what a trace amends', () => {
  test('is the corrected fact, with what is put in place of what', () => {
    const changes = {
      occurred: { moment: at('2031-01-09') },
      known: [{ by: CARETAKER, when: at('2031-01-10') }],
      source: { document: 'letter-8', locator: 'at the bottom' },
      actor: CARETAKER,
      manner: 'confirmed',
      quoted: 'not on its shelf',
      note: 'A remark.',
    };
    expect(traced(correction('better', 'the box', { changes })).amends).toEqual({
      target: uuidOf('the box'),
      nature: 'substance',
      changes: {
        occurred: { earliest: '2031-01-09T00:00:00.000Z', latest: '2031-01-10T00:00:00.000Z' },
        known: [
          {
            by: `person:${CARETAKER.id}`,
            earliest: '2031-01-10T00:00:00.000Z',
            latest: '2031-01-11T00:00:00.000Z',
          },
        ],
        actor: `person:${CARETAKER.id}`,
        document: 'letter-8',
        manner: 'confirmed',
      },
    });
  });
  test('is the fact as it was where a correction changes the words alone', () =>
    expect(traced(correction('typed', 'the box', { nature: 'transcription', known: [] })).amends).toEqual({
      target: uuidOf('the box'),
      nature: 'transcription',
      changes: {},
    }));
  test('is the retracted fact, and of a later knower the fact that they learned', () => {
    expect(traced(retraction('away', 'the box')).amends).toEqual({
      target: uuidOf('the box'),
      nature: 'retraction',
      changes: {},
    });
    const told = fact('told', 'fact-became-known', { learned: uuidOf('the box') });
    expect(traced(told).amends).toEqual({ target: uuidOf('the box'), nature: 'knowledge', changes: {} });
  });
  test.each(kinds.filter(({ type }) => !/^fact-/.test(type)))('is nothing of a fact of another kind: $type', (kind) =>
    expect(traceOf(7, kind.type, goldenOf(kind) as unknown as AnyFact)).not.toHaveProperty('amends'),
  );
});

test('an event that cannot be read may have been known to anybody at any time, and is attributed to nobody', () => {
  const unreadable = unreadableTrace('one', 7, uuidOf('an event'), 'box-weighed');
  expect(unreadable).toMatchObject({ actor: 'unattributed:unreadable', document: '', manner: '', via: [], links: {} });
  for (const when of ['1999-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'])
    expect(viewAt([unreadable], { sequence: 7, known: { at: when as never } })).toMatchObject([
      { certainty: 'possible' },
    ]);
  expect(
    viewAt([unreadable], { sequence: 7, known: { at: '2099-01-01T00:00:00.000Z' as never, by: COUNCIL.id } }),
  ).toEqual([]);
});
