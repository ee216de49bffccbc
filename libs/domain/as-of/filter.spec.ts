import type { Instant } from '../time/instant';
import {
  amends,
  ARCHIVE_REF,
  COUNCIL_REF,
  factIds,
  known,
  look,
  recorded,
  since,
  within,
  type TraceFields,
} from '../../../test/support/traces';
import { matches, type FactFilter } from './filter';

const PERSON = 'person:somebody';

/** Each fact differs from the others in its own way. */
const facts: Readonly<Record<string, TraceFields>> = {
  box: { reference: 'F01', parties: { engaged: PERSON } },
  key: { reference: 'F02', type: 'scope-claimed', actor: ARCHIVE_REF, manner: 'hedged', document: 'letter-8' },
  told: { actor: PERSON, via: [ARCHIVE_REF], occurred: within(5, 7), links: { partOf: ['box'] } },
  heard: {
    actor: PERSON,
    manner: 'reported',
    identity: 'shown',
    occurred: within(null, 4),
    links: { partOf: ['key', 'told'] },
  },
  outage: { type: 'service-outage-reported', occurred: { ...within(9, 10), end: within(12, 13) } },
  effect: { type: 'downstream-effect-reported', occurred: { ...within(11, null), end: null }, known: [since(2, 20)] },
  better: { ...amends('box', 'substance', { document: 'letter-9' }), type: 'fact-corrected' },
  away: { ...amends('outage', 'retraction'), type: 'fact-retracted' },
};
const ALL = Object.keys(facts);
const view = look(
  facts,
  [
    ['contested-question-named', { questionId: 'q' }],
    ['stance-attributed', { questionId: 'q', factId: 'key', stance: 'asserts' }],
    ['stance-attributed', { questionId: 'q', factId: 'told', stance: 'denies' }],
  ],
  known(9),
);
const taken = (filter: FactFilter, hits?: ReadonlySet<number>) => {
  const chosen = matches(filter, hits);
  return factIds(view.seen.filter((seen) => chosen(seen, view)));
};
const bounds = (earliest: number | null, latest: number | null) => within(earliest, latest);

test('no condition takes every fact', () => expect(taken({})).toEqual(ALL));

test.each<[string, FactFilter, readonly string[]]>([
  ['a kind', { kinds: ['scope-claimed'] }, ['key']],
  ['one of several kinds', { kinds: ['scope-claimed', 'fact-corrected', 'no-kind'] }, ['key', 'better']],
  ['a reference', { references: ['F02', 'F99'] }, ['key']],
  ['an actor', { actors: [PERSON] }, ['told', 'heard']],
  ['a role', { roles: ['processor', 'media'] }, ['key']],
  ['whoever acts, passes on or is named', { involving: [ARCHIVE_REF] }, ['key', 'told']],
  ['whoever is named by a field', { involving: [PERSON] }, ['box', 'told', 'heard']],
  ['a document, as it is in force', { sources: ['letter-9', 'letter-8'] }, ['box', 'key']],
  ['a manner', { manners: ['hedged', 'reported'] }, ['key', 'heard']],
  ['an origin', { origins: ['person'] }, ['heard']],
  ['an attribution', { attributions: ['own'] }, ['box', 'effect', 'better', 'away']],
  ['another attribution', { attributions: ['own-understanding'] }, []],
  ['a standing', { standing: ['contested'] }, ['key', 'told']],
  ['one of two standings', { standing: ['corrected', 'retracted'] }, ['box', 'outage']],
  ['what is certain', { certainty: 'certain' }, ALL.filter((factId) => factId !== 'effect')],
  ['what is possible', { certainty: 'possible' }, ['effect']],
  ['what has ended', { continuations: ['ended'] }, ['outage']],
  ['what has no end on record', { continuations: ['no-end-on-record', 'perhaps-ended'] }, ['effect']],
  ['whose identity is assumed', { identityAssumed: true }, ['told']],
  ['whose identity is not assumed', { identityAssumed: false }, ALL.filter((factId) => factId !== 'told')],
  ['what amends another fact', { amends: true }, ['better', 'away']],
  ['what amends none', { amends: false }, ALL.filter((factId) => !['better', 'away'].includes(factId))],
  ['what may have happened within bounds', { occurredWithin: bounds(4, 6) }, ['told']],
  ['what may have begun within bounds', { occurredWithin: bounds(10, 11) }, []],
  ['what may have happened after', { occurredWithin: bounds(7, null) }, ['outage', 'effect']],
  ['what may have happened before', { occurredWithin: bounds(null, 1) }, ['heard']],
  ['what may have happened at any time', { occurredWithin: bounds(null, null) }, ALL],
  ['what has a lower bound', { hasLowerBound: true }, ALL.filter((factId) => factId !== 'heard')],
  ['what has none', { hasLowerBound: false }, ['heard']],
  ['parts of a communication', { partOf: ['key'] }, ['heard']],
  ['parts of one of two', { partOf: ['box', 'told'] }, ['told', 'heard']],
  ['nothing, where no value is wanted', { kinds: [] }, []],
  ['nothing, where no continuation is wanted', { continuations: [] }, []],
])('%s', (_, filter, expected) => expect(taken(filter)).toEqual(expected));

test.each<[FactFilter, readonly string[]]>([
  [{ actors: [PERSON], partOf: ['box'] }, ['told']],
  [{ involving: [ARCHIVE_REF], standing: ['contested'], manners: ['stated'] }, ['told']],
  [{ kinds: ['claim-made'], sources: ['letter-7'] }, ['told', 'heard']],
  [{ roles: ['controller'], certainty: 'possible' }, ['effect']],
  [{ hasLowerBound: false, identityAssumed: true }, []],
])('two conditions both hold: %j', (filter, expected) => expect(taken(filter)).toEqual(expected));

test('every condition by itself takes no more than none, and two no more than one', () => {
  const conditions: FactFilter[] = [
    { actors: [PERSON] },
    { standing: ['uncontested'] },
    { occurredWithin: bounds(1, 5) },
    { attributions: ['attributed'] },
    { hasLowerBound: true },
  ];
  for (const one of conditions)
    for (const other of conditions) {
      const both = taken({ ...one, ...other });
      if (one !== other) expect(both).toEqual(taken(one).filter((factId) => taken(other).includes(factId)));
    }
});

describe('a search', () => {
  test('takes facts whose text in force was found, not one that was corrected', () => {
    // The box is number 1, its correction number 7.
    expect(taken({ text: 'tapes' }, new Set([1, 2]))).toEqual(['key']);
    expect(taken({ text: 'tapes' }, new Set([2, 7]))).toEqual(['box', 'key', 'better']);
    expect(taken({ text: 'tapes' }, new Set())).toEqual([]);
  });
  test('finds the old text as of a moment at which it was in force', () => {
    const before = look(facts, [], recorded(6));
    const chosen = matches({ text: 'tapes' }, new Set([1]));
    expect(factIds(before.seen.filter((seen) => chosen(seen, before)))).toEqual(['box']);
  });
});

test('what is in force is filtered, not what was recorded', () => {
  const moved = look({
    box: {},
    better: amends('box', 'substance', {
      actor: ARCHIVE_REF,
      manner: 'claimed',
      occurred: { earliest: null, latest: '2031-01-31T00:00:00.000Z' as Instant },
    }),
  });
  const of = (filter: FactFilter) => factIds(moved.seen.filter((seen) => matches(filter)(seen, moved)));
  expect(of({ actors: [ARCHIVE_REF], manners: ['claimed'], hasLowerBound: false })).toEqual(['box']);
  expect(of({ actors: [COUNCIL_REF], kinds: ['claim-made'], manners: ['stated'] })).toEqual(['better']);
});
