import fc from 'fast-check';
import { at, CARETAKER, COUNCIL, givenFact, particulars, uuidOf } from '../../../test/support/facts';
import { ACTS } from '../catalogue';
import type { Fault } from '../fault';
import { draftFact, draftPayload, isFaults } from './draft';
import { KINDS } from './kinds';

type Fields = Readonly<Record<string, unknown>>;

const drafted = (fields: Fields, type = 'claim-made') => draftFact(type, givenFact('the box', fields));

/** What is wrong, as `code path`. */
const faultsOf = (fields: Fields, type?: string): string[] => {
  const result = drafted(fields, type);
  return isFaults(result) ? result.map(({ code, path }) => `${code} ${path.join('.')}`) : [];
};
const payloadOf = (fields: Fields, type?: string): Fields => {
  const result = drafted(fields, type);
  if (isFaults(result)) throw new Error(JSON.stringify(result));
  return result.payload;
};

describe('a fact as people give it', () => {
  it('becomes one as it is stored: times are measured, an occurrence has its shape', () => {
    expect(drafted({})).toEqual({
      type: 'claim-made',
      payload: {
        ...givenFact('the box'),
        occurred: { shape: 'moment', when: measured('2031-01-03', '2031-01-04') },
        known: [{ by: COUNCIL, when: measured('2031-01-04', '2031-01-05') }],
        via: [],
      },
    });
  });

  it('may be a state, with its start, its observations and its end', () => {
    const state = { start: at('2031-01-03'), observed: [at('2031-01-04'), at('2031-01-05')], end: at('2031-01-06') };
    expect(payloadOf({ occurred: { state } })['occurred']).toEqual({
      shape: 'state',
      start: measured('2031-01-03', '2031-01-04'),
      observed: [measured('2031-01-04', '2031-01-05'), measured('2031-01-05', '2031-01-06')],
      end: measured('2031-01-06', '2031-01-07'),
    });
    expect(payloadOf({ occurred: { state: { ...state, end: null } } })['occurred']).toMatchObject({ end: null });
  });

  it('is left as it was given', () => {
    const given = deepFrozen(
      givenFact('the box', {
        occurred: { state: { start: at('2031-01-03'), observed: [at('2031-01-04')], end: null } },
        contact: { redactedInSource: true },
        note: null,
      }),
    );
    expect(draftFact('advice-given', given)).toHaveProperty('payload');
    expect(draftFact('advice-given', deepFrozen({ ...given, manner: 'sung', colour: 'red' }))).toHaveLength(2);
  });

  it('says the same with null as with nothing', () => {
    const absent = ['via', 'reference', 'quoted', 'note', 'partOf', 'sameThingAs', 'cohort'];
    const nulls = Object.fromEntries(absent.map((name) => [name, null]));
    const source = { document: 'letter-7', line: null, locator: null };
    const known = [{ by: { ...COUNCIL, name: null }, when: { ...at('2031-01-04'), text: null }, basis: null }];
    expect(payloadOf({ ...nulls, source, known })).toEqual(
      payloadOf({
        source: { document: 'letter-7' },
        known: [{ by: { ...COUNCIL, name: undefined }, when: at('2031-01-04') }],
      }),
    );
    expect(faultsOf({ statement: null, manner: null, occurred: null, known: null, source: null, actor: null })).toEqual(
      faultsOf(Object.fromEntries(REQUIRED.map((name) => [name, undefined]))),
    );
  });
});

const REQUIRED = ['occurred', 'known', 'source', 'actor', 'manner', 'statement'];

describe('what is wrong with a fact', () => {
  it('is said all at once, each fault with the way to the field that was given', () => {
    const late = { zone: 'Europe/London', earliest: '2031-01-04T00:00:00Z', latest: '2031-01-03T00:00:00Z' };
    expect(
      faultsOf({
        occurred: { moment: late },
        known: [{ by: { role: 'person', id: 'caretaker' }, when: { zone: '' }, sure: true }],
        source: { document: 'letter 7', line: 0 },
        actor: { ...COUNCIL, colour: 'red' },
        manner: 'sung',
        statement: ' ',
        note: 'x'.repeat(2001),
        cohort: { role: 'crowd', id: 'residents' },
        colour: 'red',
      }).sort(),
    ).toEqual(
      [
        'bounds-empty occurred.moment.latest',
        'zone-unknown known.0.when.zone',
        'unknown-field known.0.sure',
        'invalid known.0.by.id',
        'invalid source.document',
        'invalid source.line',
        'unknown-field actor.colour',
        'invalid manner',
        'invalid statement',
        'too-long note',
        'invalid cohort.role',
        'unknown-field colour',
      ].sort(),
    );
  });

  it('says of a field that is missing that it is required, of a choice too', () => {
    expect(faultsOf(Object.fromEntries(REQUIRED.map((name) => [name, undefined])))).toEqual(
      REQUIRED.map((name) => `required ${name}`),
    );
    expect(faultsOf({}, 'scope-claimed')).toEqual(['required affected']);
  });

  it('comes with words for people that say what would be right', () => {
    const faults = drafted({ occurred: {}, manner: 'sung', colour: 'red' }) as readonly Fault[];
    expect(Object.fromEntries(faults.map(({ path, message }) => [path.join('.'), message]))).toEqual({
      occurred: 'is either a moment or a state',
      manner: expect.stringContaining('"stated"|"reported"') as string,
      colour: 'is not a field that belongs here',
    });
  });

  it('is told from what was made, be that a fact or a payload', () => {
    const { schema } = KINDS.get('claim-made') as { schema: Parameters<typeof draftPayload>[0] };
    const given = { ...givenFact('the box'), via: [] };
    const results = [drafted({}), draftPayload(schema, given), drafted({ manner: 'sung' }), draftPayload(schema, {})];
    expect(results.map(isFaults)).toEqual([false, false, true, true]);
  });

  it('is that nobody knows such a kind', () => {
    expect(draftFact('box-opened', givenFact('the box'))).toEqual([
      { code: 'unknown-kind', path: ['kind'], message: 'box-opened is no kind of fact' },
    ]);
  });

  it.each(['toString', 'constructor', '__proto__', 'recorded', 'recordedAt'])(
    'is that it has a field %s, which no fact has',
    (name) => {
      const given = { ...givenFact('the box'), ...(JSON.parse(`{ "${name}": "x" }`) as Fields) };
      expect(draftFact('claim-made', given)).toMatchObject([{ code: 'unknown-field', path: [name] }]);
    },
  );

  it('is that a list holds too much', () => {
    const knower = { by: COUNCIL, when: at('2031-01-04') };
    expect(faultsOf({ known: Array.from({ length: 51 }, () => knower) })).toEqual(['too-many known']);
    expect(faultsOf({ known: [] })).toEqual(['invalid known']);
  });
  it('is that a number is none that counts', () => {
    for (const incidents of [0, 2.5, 2_000_000_000, '3'])
      expect(faultsOf({ incidents }, 'prior-incident-reported')).toEqual(['invalid incidents']);
  });
});

describe('a time', () => {
  const moment = (fields: Fields) => ({ occurred: { moment: { zone: 'Europe/London', ...fields } } });

  it('without a zone is refused', () => {
    expect(faultsOf({ occurred: { moment: { local: '2031-01-03' } } })).toEqual(['zone-unknown occurred.moment.zone']);
    expect(faultsOf(moment({ earliest: '2031-01-03T09:00' }))).toEqual(['instant-zoneless occurred.moment.earliest']);
  });
  it('that ends before it begins is refused, where it stands in the input', () => {
    const inverted = { zone: 'UTC', earliest: '2031-01-04T00:00:00Z', latest: '2031-01-04T00:00:00Z' };
    expect(faultsOf({ occurred: { moment: inverted } })).toEqual(['bounds-empty occurred.moment.latest']);
    expect(faultsOf({ known: [{ by: COUNCIL, when: inverted }] })).toEqual(['bounds-empty known.0.when.latest']);
    const state = { start: inverted, observed: [at('2031-01-04'), inverted], end: inverted };
    expect(faultsOf({ occurred: { state } })).toEqual([
      'bounds-empty occurred.state.start.latest',
      'bounds-empty occurred.state.observed.1.latest',
      'bounds-empty occurred.state.end.latest',
    ]);
    expect(faultsOf({ delivered: inverted, channel: 'letter' }, 'processor-notification-received')).toEqual([
      'bounds-empty delivered.latest',
    ]);
  });
  it('with a field that is not one of a time is refused: a bound that is misspelt is not left open', () => {
    expect(faultsOf(moment({ lastest: '2031-01-03T00:00:00Z' }))).toEqual(['unknown-field occurred.moment.lastest']);
    const when = { ...at('2031-01-04'), recordedAt: '2031-01-04' };
    expect(faultsOf({ known: [{ by: COUNCIL, when }] })).toEqual(['unknown-field known.0.when.recordedAt']);
  });
  it('that is something else is refused', () => {
    for (const when of ['yesterday', 7, true, [], [at('2031-01-04')]])
      expect([when, faultsOf({ known: [{ by: COUNCIL, when }] })]).toEqual([when, ['invalid known.0.when']]);
    expect(faultsOf(moment({ local: 2031, text: ['x'] }))).toEqual([
      'invalid occurred.moment.text',
      'invalid occurred.moment.local',
    ]);
    expect(faultsOf(moment({ earliest: ['2031-01-03T00:00:00Z'] }))).toEqual(['invalid occurred.moment.earliest']);
  });
});

describe('an occurrence', () => {
  it('is a moment or a state, not both and not neither', () => {
    const state = { start: at('2031-01-03'), observed: [at('2031-01-04')] };
    for (const occurred of [{}, { moment: at('2031-01-03'), state }, { moment: null, state: null }, 'then', 7])
      expect(faultsOf({ occurred })).toEqual(['moment-or-state occurred']);
    expect(faultsOf({ occurred: { moment: at('2031-01-03'), state: null } })).toEqual([]);
    expect(faultsOf({ occurred: { moment: at('2031-01-03'), when: 1 } })).toEqual(['unknown-field occurred.when']);
  });
  it('is no state that nobody observed', () => {
    for (const observed of [undefined, null, []])
      expect(faultsOf({ occurred: { state: { start: at('2031-01-03'), observed } } })).toEqual([
        'state-unobserved occurred.state.observed',
      ]);
  });
  it('is no state that ended before it began', () =>
    expect(
      faultsOf({ occurred: { state: { start: at('2031-01-03'), observed: [at('2031-01')], end: at('2031-01-02') } } }),
    ).toEqual(['end-before-start occurred.state.end']));
  it('is no state with other fields, without a start, or whose observations are no list of times', () => {
    const state = { start: at('2031-01-03'), observed: [at('2031-01-04')] };
    const faults = (fields: Fields) => faultsOf({ occurred: { state: { ...state, ...fields } } });
    expect(faults({ until: at('2031-01-05') })).toEqual(['unknown-field occurred.state.until']);
    expect(faults({ start: null })).toEqual(['required occurred.state.start']);
    expect(faults({ observed: 'twice' })).toEqual(['invalid occurred.state.observed']);
    expect(faults({ observed: [null] })).toEqual(['required occurred.state.observed.0']);
    expect(faultsOf({ occurred: { state: 'open' } })).toEqual(['invalid occurred.state']);
  });
  it('that a correction puts in place is held to the same', () => {
    const changes = { occurred: { moment: { zone: 'GMT+1' } }, known: [] };
    expect(faultsOf({ ...CORRECTION, changes }, 'fact-corrected')).toEqual([
      'zone-unknown changes.occurred.moment.zone',
      'invalid changes.known',
    ]);
  });
});

const CORRECTION = { corrects: uuidOf('another'), nature: 'substance', reason: 'A second letter.' };

describe('somebody', () => {
  it('who is a person has a random UUID for an id: a name does not belong into a clear field', () => {
    for (const id of ['ann-example', CARETAKER.id.toUpperCase(), `${CARETAKER.id}0`])
      expect(faultsOf({ actor: { ...CARETAKER, id } })).toEqual(['invalid actor.id']);
    expect(faultsOf({ actor: CARETAKER, via: [CARETAKER] })).toEqual([]);
    expect(faultsOf({ via: [COUNCIL, { role: 'person', id: 'ann' }] })).toEqual(['invalid via.1.id']);
  });
});

describe('a contact', () => {
  const contact = (given: unknown) => faultsOf({ contact: given }, 'advice-given');
  const stored = (given: unknown) => payloadOf({ contact: given }, 'advice-given')['contact'];
  const subject = uuidOf('a mailbox');

  it('has a subject, under whose key its details are encrypted', () => {
    expect(contact({ details: 'box@archive.example' })).toEqual(['invalid contact.subject']);
    expect(contact({ subject: 'ann', details: 'box@archive.example' })).toEqual(['invalid contact.subject']);
    expect(stored({ subject, details: 'box@archive.example' })).toEqual({ subject, details: 'box@archive.example' });
  });
  it('that the source blacked out is stored as that', () => {
    expect(stored({ redactedInSource: true })).toEqual({ details: { redacted: 'in-source' } });
    expect(stored({ redactedInSource: true, details: null, subject: null })).toEqual({
      details: { redacted: 'in-source' },
    });
  });
  it('that the source blacked out is not completed from knowledge', () =>
    expect(contact({ redactedInSource: true, subject, details: 'box@archive.example' })).toEqual([
      'not-allowed contact.details',
    ]));
  it('without details is none', () => {
    expect(contact({})).toEqual(['required contact.details']);
    expect(contact({ redactedInSource: false, subject })).toEqual(['required contact.details']);
  });
  it('that is something else is refused', () => {
    expect(contact('box@archive.example')).toEqual(['invalid contact']);
    expect(contact({ redactedInSource: true, telephone: '1' })).toEqual(['unknown-field contact.telephone']);
  });
});

describe('a text', () => {
  it.each([
    ['empty', ''],
    ['blank', ' \n\t '],
    ['blank in another script', '\u3000\u00a0'],
    ['with a control character', 'a\u0000b'],
    ['with an escape sequence', '\u001b[31mred'],
    ['with half a surrogate pair', 'a\ud83db'],
    ['with the other half', '\udc00'],
  ])('that is %s is refused', (_, statement) => {
    expect(new Set(faultsOf({ statement }))).toEqual(new Set(['invalid statement']));
  });
  it('may have lines, tabs, any script and pictures', () =>
    expect(faultsOf({ statement: 'Zeile 1\r\n\tline two, 例え, ‏עברית‏ 🗂 e\u0301' })).toEqual([]));
  it.each([
    ['statement', 8000],
    ['quoted', 300],
    ['note', 2000],
  ])('as the %s holds %d characters and no more', (name, most) => {
    expect(faultsOf({ [name]: 'x'.repeat(most) })).toEqual([]);
    expect(faultsOf({ [name]: 'x'.repeat(most + 1) })).toEqual([`too-long ${name}`]);
  });
  it('inside a list is named by its place', () =>
    expect(faultsOf({ channel: 'letter', stated: ['a', '', null] }, 'processor-notification-received')).toEqual(
      expect.arrayContaining(['invalid stated.1', 'required stated.2']),
    ));
  it('is not given as hidden: that is what erasure leaves, and it is never written', () => {
    expect(faultsOf({ statement: { hidden: 'erased' } })).toEqual(['invalid statement']);
    expect(faultsOf({ actor: { ...COUNCIL, name: { hidden: 'key-missing' } } })).toEqual(['invalid actor.name']);
    expect(faultsOf({ occurred: { moment: { ...at('2031-01-03'), text: { hidden: 'erased' } } } })).toEqual([
      'invalid occurred.moment.text',
    ]);
  });
});

describe('a range', () => {
  const ranges = (...numbers: readonly Fields[]) =>
    faultsOf({ affected: 'yes', numbers: numbers.map((range) => ({ of: 'records', ...range })) }, 'scope-claimed');

  it('has at least one bound or an estimate, and zero is one', () => {
    expect(ranges({ min: 0 }, { best: 17 }, { max: 400 }, { min: 17, best: 17, max: 17 })).toEqual([]);
    expect(ranges({ min: 1 }, {}, { basis: 'A guess.' })).toEqual(['invalid numbers.1.min', 'invalid numbers.2.min']);
  });
  it('does not fall', () => {
    for (const range of [
      { min: 2, max: 1 },
      { min: 2, best: 1 },
      { best: 2, max: 1 },
      { min: 1, best: 3, max: 2 },
    ])
      expect([range, ranges(range)]).toEqual([range, ['invalid numbers.0.min']]);
  });
  it('holds whole numbers that are not negative, and says what is counted', () => {
    for (const min of [-1, 2.5, 1_000_000_001, '3'])
      expect([min, ranges({ min })]).toEqual([min, ['invalid numbers.0.min']]);
    expect(ranges({ of: 'boxes', min: 1 })).toEqual(['invalid numbers.0.of']);
    expect(ranges({ of: undefined, min: 1, about: 7 }).sort()).toEqual([
      'required numbers.0.of',
      'unknown-field numbers.0.about',
    ]);
  });
});

describe('links to other facts', () => {
  it('are ids, each named by its place, and no more than the field holds', () => {
    const restates = Array.from({ length: 20 }, (_, index) => uuidOf(`fact ${index}`));
    expect(payloadOf({ restates })['restates']).toEqual(restates);
    expect(faultsOf({ restates: [...restates, uuidOf('one more')] })).toEqual(['too-many restates']);
    expect(faultsOf({ restates: [uuidOf('a'), 'b'], identity: 'sure' }).sort()).toEqual(
      ['invalid identity', 'invalid restates.1'].sort(),
    );
  });
});

describe('a zone by itself', () => {
  const schema = ACTS.get('incident-opened')?.schema as Parameters<typeof draftPayload>[0];
  const opening = (zone: unknown) => draftPayload(schema, { ...particulars, zone });

  it('is taken in its canonical spelling', () =>
    expect([opening('europe/london'), opening('UTC')]).toMatchObject([{ zone: 'Europe/London' }, { zone: 'UTC' }]));
  it.each(['Europe/Atlantis', '+01:00', '', 7, {}])('is refused where there is no such one: %j', (zone) =>
    expect(opening(zone)).toMatchObject([{ code: 'zone-unknown', path: ['zone'] }]),
  );
  it('is missed where it is not given', () =>
    expect(opening(undefined)).toMatchObject([{ code: 'required', path: ['zone'] }]));
});

describe('the knowers of a correction', () => {
  const faults = (fields: Fields) => faultsOf({ ...CORRECTION, ...fields }, 'fact-corrected');

  it('are its own where the substance changed: there is at least one', () => {
    expect(faults({ nature: 'substance' })).toEqual([]);
    for (const known of [undefined, null, []]) expect(faults({ known })).toEqual(['required known']);
  });
  it('are those of the original where we had typed it wrongly: none is given', () => {
    for (const known of [undefined, null, []])
      expect(payloadOf({ ...CORRECTION, nature: 'transcription', known }, 'fact-corrected')['known']).toEqual([]);
    expect(faults({ nature: 'transcription' })).toEqual(['not-allowed known']);
  });
  it('are missed beside whatever else is wrong', () => {
    expect(faults({ known: [], manner: 'sung' }).sort()).toEqual(['invalid manner', 'required known']);
    expect(faults({ nature: 'transcription', reason: '' })).toContain('not-allowed known');
  });
  it('are asked of no other kind: a retraction has its own like any fact', () => {
    const retraction = { retracts: uuidOf('another'), reason: 'Another box.', nature: undefined };
    expect(faultsOf(retraction, 'fact-retracted')).toEqual([]);
    expect(faultsOf({ ...retraction, known: [] }, 'fact-retracted')).toEqual(['invalid known']);
  });
});

describe('whatever is given', () => {
  const names = fc.constantFrom(
    'moment',
    'state',
    'start',
    'observed',
    'end',
    'zone',
    'local',
    'text',
    'by',
    'when',
    'role',
    'id',
    'details',
    'hidden',
    '__proto__',
    'length',
  );
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom<unknown>('Europe/London', 'person', '2031-01-03', 1)),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(names, tie('json'), { maxKeys: 4 }),
    ),
  }));

  it.each([...KINDS.values()])('$type is drafted or refused with ways to what was given, never thrown at', (kind) => {
    const fields = fc.constantFrom(...Object.keys(kind.schema.shape), 'colour', 'toString');
    fc.assert(
      fc.property(fc.oneof(json, fc.dictionary(fields, json)), fc.boolean(), (given, filled) => {
        const base = filled && isObject(given) ? givenFact('the box', given) : (given as Fields);
        const result = draftFact(kind.type, base);
        if ('type' in result) return;
        expect(result.length).toBeGreaterThan(0);
        for (const { path } of result) expect([path, leads(base, path)]).toEqual([path, true]);
      }),
      { numRuns: 100 },
    );
  });
});

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the way goes through what was given; its last step may be missing there, unlike those before it. */
const leads = (given: unknown, path: readonly (string | number)[]): boolean =>
  path.length <= 1 ||
  (typeof given === 'object' &&
    given !== null &&
    Object.hasOwn(given, path[0] as string) &&
    leads((given as Fields)[path[0] as string], path.slice(1)));

const measured = (from: string, to: string) => ({
  earliest: `${from}T00:00:00.000Z`,
  latest: `${to}T00:00:00.000Z`,
  zone: 'Europe/London',
  precision: 'day',
  qualifier: 'exact',
  basis: 'inferred',
});

const deepFrozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
};
