import { Role } from '../fact/actor';
import { amends, ARCHIVE_REF, known, look, seenIn, since, type TraceFields } from '../../../test/support/traces';
import { attributionOf, identityAssumed, originOf, ORIGINS } from './attribution';

const PERSON = 'person:0c3f0e5f-3c39-4b58-9a35-0d0f6c4f7f11';

describe('what is said can be carried on', () => {
  const stance = (taken: string) =>
    [
      ['contested-question-named', { questionId: 'q' }],
      ['stance-attributed', { questionId: 'q', factId: 'said', stance: taken }],
    ] as const;
  const against = [
    ...stance('asserts'),
    ['stance-attributed', { questionId: 'q', factId: 'other', stance: 'denies' }],
  ] as const;

  test.each<[string, string, TraceFields, Parameters<typeof look>[1]?, Readonly<Record<string, TraceFields>>?]>([
    ['own', 'the controller says it of itself, plainly', {}],
    ['own', 'it confirms it on being asked', { manner: 'confirmed' }],
    ['own-understanding', 'it says it with a reserve', { manner: 'hedged' }],
    ['attributed', 'it passes it on', { manner: 'reported' }],
    ['attributed', 'it passes it on as a claim', { manner: 'claimed' }],
    ['attributed', 'it asks', { manner: 'asked' }],
    ['attributed', 'a manner is not known', { manner: '' }],
    ['attributed', 'another says it', { actor: ARCHIVE_REF }],
    ['attributed', 'another says it with a reserve', { actor: ARCHIVE_REF, manner: 'hedged' }],
    ['attributed', 'another controller says it', { actor: 'controller:another-council' }],
    ['attributed', 'the controller acts in another role', { actor: 'organisation:example-council' }],
    ['attributed', 'somebody told the controller', { via: [ARCHIVE_REF] }],
    ['attributed', 'it takes a side in a contested question', {}, stance('asserts')],
    ['attributed', 'it concedes something', {}, stance('concedes')],
    ['attributed', 'it denies something with a reserve', { manner: 'hedged' }, stance('denies')],
    ['own', 'it only bears on a contested question', {}, stance('reports')],
    ['own', 'it only doubts', {}, stance('doubts')],
    ['attributed', 'another contradicts it', {}, against, { other: { actor: ARCHIVE_REF } }],
    [
      'own',
      'its side was withdrawn',
      {},
      [...stance('asserts'), ['stance-withdrawn', { questionId: 'q', factId: 'said' }]],
    ],
    ['attributed', 'it was retracted', {}, [], { away: amends('said', 'retraction') }],
    ['own', 'it was corrected', {}, [], { better: amends('said', 'substance') }],
    [
      'attributed',
      'a correction says that another said it',
      {},
      [],
      { better: amends('said', 'substance', { actor: ARCHIVE_REF }) },
    ],
    [
      'own-understanding',
      'a correction says that it was hedged',
      {},
      [],
      { better: amends('said', 'substance', { manner: 'hedged' }) },
    ],
  ])('%s: %s', (expected, _, said, done = [], others = {}) => {
    const view = look({ said, ...others }, done);
    expect(attributionOf(seenIn(view, 'said'), view)).toBe(expected);
  });

  test('attributed where nobody knows who the controller is, because the record was not opened', () => {
    const view = look({ said: { actor: '' } }, [], { sequence: 1 });
    expect(view.record.controller).toBe('');
    expect(attributionOf(seenIn(look({ said: {} }, [], { sequence: 1 }), 'said'), view)).toBe('attributed');
  });
  test('by what was known then: a side taken later is no side yet', () => {
    const facts = { said: { known: [since(2, 3)] } };
    const away = { ...facts, away: { ...amends('said', 'retraction'), known: [since(10, 11)] } };
    const at = (day: number) => {
      const view = look(away, [], known(day));
      return attributionOf(seenIn(view, 'said'), view);
    };
    expect([9, 11].map(at)).toEqual(['own', 'attributed']);
  });
});

describe('where it comes from', () => {
  const origins: Readonly<Record<Role, keyof typeof ORIGINS>> = {
    controller: 'organisation',
    'joint-controller': 'organisation',
    processor: 'organisation',
    'sub-processor': 'organisation',
    authority: 'organisation',
    'data-subjects': 'group',
    group: 'group',
    person: 'person',
    media: 'organisation',
    expert: 'organisation',
    insurer: 'organisation',
    'threat-actor': 'threat-actor',
    organisation: 'organisation',
    public: 'public',
    unattributed: 'none',
  };
  const origin = (fields: TraceFields) => {
    const { trace, inForce } = seenIn(look({ said: fields }), 'said');
    return originOf({ via: trace.via, inForce });
  };

  test.each(Role.options)('a %s, who speaks', (role) => expect(origin({ actor: `${role}:x` })).toBe(origins[role]));
  test.each(Role.options)('a %s, who was the first to tell', (role) =>
    expect(origin({ actor: 'media:example-gazette', via: [`${role}:x`, 'public:public'] })).toBe(origins[role]),
  );
  test('each sort of origin occurs', () =>
    expect([...new Set(Object.values(origins))].sort()).toEqual(Object.keys(ORIGINS).sort()));
});

describe('that it is the same one', () => {
  const assumed = (
    facts: Readonly<Record<string, TraceFields>>,
    ...of: Parameters<typeof look> extends [unknown, ...infer R] ? R : never
  ) => {
    const view = look(facts, ...of);
    return identityAssumed(seenIn(view, 'said'), view);
  };

  test('is an assumption of an individual who appears in several facts', () =>
    expect(assumed({ said: { actor: PERSON }, again: { actor: PERSON } })).toBe(true));
  test('is none of one who appears in one fact alone, whatever that fact says', () => {
    expect(assumed({ said: { actor: PERSON } })).toBe(false);
    expect(assumed({ said: { actor: PERSON, identity: 'assumed' } })).toBe(false);
    expect(assumed({ said: { actor: PERSON }, again: { actor: `${PERSON}0` } })).toBe(false);
  });
  test('is none where the source shows it', () =>
    expect(assumed({ said: { actor: PERSON, identity: 'shown' }, again: { actor: PERSON } })).toBe(false));
  test('is none of anybody but an individual, unless the fact says so', () => {
    expect(assumed({ said: {}, again: {} })).toBe(false);
    expect(assumed({ said: { identity: 'assumed' }, again: {} })).toBe(true);
    expect(assumed({ said: { identity: 'shown' }, again: {} })).toBe(false);
  });
  test('is said of each fact by itself', () => {
    const view = look({ said: { actor: PERSON, identity: 'shown' }, again: { actor: PERSON } });
    expect(identityAssumed(seenIn(view, 'again'), view)).toBe(true);
  });
  test('goes by the actor in force, and by what the view shows', () => {
    const facts = { said: { actor: PERSON }, again: { known: [since(10, 11)] } };
    expect(assumed({ ...facts, fixed: amends('again', 'substance', { actor: PERSON }) })).toBe(true);
    expect(assumed({ ...facts, again: { actor: PERSON, known: [since(10, 11)] } }, [], known(9))).toBe(false);
  });
});
