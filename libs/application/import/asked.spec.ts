import { CATALOGUE } from '@ledger/domain/catalogue';
import { KINDS } from '@ledger/domain/fact/kinds';
import { ALL_ASKED, askedBy, MAKERS } from './asked';

test('everything in the catalogue may be named by its type, in any spelling, and no name means two things', () => {
  for (const type of CATALOGUE.keys())
    for (const name of [type, type.toUpperCase().replaceAll('-', '_'), type.replaceAll('-', ' ')])
      expect(askedBy(name)?.type).toBe(type);
  expect(ALL_ASKED).toHaveLength(CATALOGUE.size);
});

test.each([
  ['claim', 'claim-made'],
  ['ClaimMade', 'claim-made'],
  ['recordClaim', 'claim-made'],
  ['correct-fact', 'fact-corrected'],
  ['open-gap', 'gap-opened'],
  ['Open gap', 'gap-opened'],
  ['registerParty', 'party-registered'],
])('%s asks for %s', (name, type) => expect(askedBy(name)?.type).toBe(type));

test('only what follows from something else cannot be asked for', () => {
  expect(ALL_ASKED.filter(({ followsOnly }) => followsOnly).map(({ type }) => type)).toEqual([
    'erasure-ordered',
    'keys-destroyed',
  ]);
});

test('whatever may be named by a reference has one kind of record that makes it', () => {
  expect(new Set(MAKERS.keys())).toEqual(
    new Set(['incident', 'fact', 'gap', 'contested-question', 'agreement', 'contact-point']),
  );
  expect(ALL_ASKED.filter(({ isFact }) => isFact)).toHaveLength(KINDS.size);
});

test('of the names that a record itself uses, only two are fields as well', () => {
  const own = ['kind', 'act', 'type', 'payload', 'unreadable', 'incident', 'zone', 'partition', 'commandId'];
  const fields = new Set(ALL_ASKED.flatMap(({ schema }) => Object.keys(schema.shape)));
  expect(own.filter((name) => fields.has(name))).toEqual(['act', 'zone']);
});
