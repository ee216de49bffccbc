import fc from 'fast-check';
import { samplePayload } from '../../../test/fixtures/sample-payload';
import { arbitraryOf } from '../../../test/support/arbitraries';
import { ACTS, type EventDefinition } from '../catalogue';
import { makeWhen, TIME_BASES, type When, type WhenInput } from '../time/when';
import { asGiven } from './as-given';
import { draftFact, draftPayload, isFaults } from './draft';
import { KINDS } from './kinds';

type Values = Readonly<Record<string, unknown>>;

const draftedAgain = ({ type, schema }: EventDefinition, payload: Values): unknown => {
  const given = asGiven(schema, payload);
  const drafted = KINDS.has(type) ? draftFact(type, given) : draftPayload(schema, given);
  return isFaults(drafted) ? drafted : 'payload' in drafted ? drafted.payload : drafted;
};

const ALL = [...KINDS.values(), ...ACTS.values()];

test.each(ALL.map((definition) => [definition.type, definition] as const))(
  'what is given for the sample of %s is drafted to that sample',
  (_, definition) => {
    const payload = endless(samplePayload(definition));
    expect(draftedAgain(definition, payload)).toEqual(payload);
  },
);

/** The states of the sample end before they begin, which nobody may give. */
const endless = (payload: Values): Values => {
  const { occurred } = payload as { readonly occurred?: Values };
  return occurred?.['shape'] === 'state' ? { ...payload, occurred: { ...occurred, end: null } } : payload;
};

const zone = fc.constantFrom('Europe/London', 'America/New_York', 'Asia/Kathmandu', 'UTC');
const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const time: fc.Arbitrary<When> = fc
  .oneof(
    fc.record({ local: fc.constantFrom('2031', '2031-02', '2031-02-03', '2031-02-03T04:05', '2031-02-03T04:05:06') }),
    fc.record({ earliest: fc.option(instant), latest: fc.option(instant) }),
  )
  .chain((fields) =>
    fc
      .record({
        zone,
        text: fc.option(fc.constantFrom('last week', 'Friday')),
        basis: fc.constantFrom(...TIME_BASES),
        edtf: fc.option(fc.constant('2031-02-03~')),
      })
      .map((rest): WhenInput => ({ ...fields, ...rest })),
  )
  .map((input) => makeWhen(input))
  .filter((made): made is When => !isFaults(made));

/** Times, zones and states that can be: the schema alone allows any digits. */
const possible = (value: unknown, when: When): unknown => {
  if (Array.isArray(value)) return value.map((entry) => possible(entry, when));
  if (typeof value !== 'object' || value === null) return value;
  if ('earliest' in value) return when;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => [
    name,
    name === 'zone' ? when.zone : possible(field, when),
  ]);
  const object = Object.fromEntries(fields);
  const { nature } = object;
  if (nature === 'transcription') return { ...object, known: [] };
  if (nature === 'substance') return { ...object, known: [{ by: { role: 'public', id: 'public' }, when }] };
  return object;
};

test.each(ALL.map((definition) => [definition.type, definition] as const))(
  'so is whatever may be stored as %s',
  (_, definition) => {
    fc.assert(
      fc.property(arbitraryOf(definition.schema), time, (any, when) => {
        const payload = possible(any, when) as Values;
        expect(draftedAgain(definition, payload)).toEqual(payload);
      }),
      { numRuns: 15 },
    );
  },
);

test('what is erased cannot be given: drafting it again is refused where it stood', () => {
  const definition = KINDS.get('claim-made')!;
  const payload = { ...samplePayload(definition), statement: { hidden: 'erased' } };
  expect(draftedAgain(definition, payload)).toEqual([expect.objectContaining({ path: ['statement'] })]);
});
