import {
  amends,
  ARCHIVE_REF,
  COUNCIL_REF,
  EVERYTHING,
  factIds,
  known,
  learned,
  look,
  PUBLIC_REF,
  recorded,
  seenIn,
  since,
  within,
  type TraceFields,
} from '../../../test/support/traces';
import { saysYesOrNo, type IncidentView } from './incident-view';

const named = (questionId = 'q') => ['contested-question-named', { questionId, reference: 'C1' }] as const;
const stance = (factId: string, taken: string, questionId = 'q') =>
  ['stance-attributed', { questionId, factId, stance: taken }] as const;
const withdrawn = (factId: string, questionId = 'q') => ['stance-withdrawn', { questionId, factId }] as const;
const settled = (restsOn: readonly string[] = []) =>
  ['contested-question-settled', { questionId: 'q', restsOn }] as const;

const standings = (view: IncidentView) => Object.fromEntries(view.seen.map((one) => [one.trace.factId, one.standing]));
const question = (view: IncidentView) => view.questions.find(({ record }) => record.questionId === 'q');

describe('a stance', () => {
  test.each([
    ['asserts', 'yes'],
    ['concedes', 'yes'],
    ['denies', 'no'],
    ['doubts', undefined],
    ['reports', undefined],
    ['asks', undefined],
    ['shouts', undefined],
  ])('%s is on the side of %s', (taken, side) => expect(saysYesOrNo(taken)).toBe(side));
});

describe('a contested question', () => {
  // The council says yes on the 2nd; the archive says no, known on the 10th.
  const facts: Readonly<Record<string, TraceFields>> = {
    yes: {},
    no: { actor: ARCHIVE_REF, document: 'letter-8', known: [since(10, 11)] },
    other: {},
  };
  const both = [named(), stance('yes', 'asserts'), stance('no', 'denies')] as const;

  test('makes those contested who say yes and no, and nobody else', () => {
    const view = look(facts, both);
    expect(standings(view)).toEqual({ yes: 'contested', no: 'contested', other: 'uncontested' });
    expect(question(view)).toMatchObject({ conflict: 'open', acrossSources: true });
    expect(question(view)?.positions.map(({ factId, stance: taken }) => [factId, taken])).toEqual([
      ['yes', 'asserts'],
      ['no', 'denies'],
    ]);
  });
  test('is no contest while only one side was known: that the other would come is hindsight', () => {
    const view = look(facts, both, known(9));
    expect(standings(view)).toEqual({ yes: 'uncontested', other: 'uncontested' });
    expect(question(view)).toMatchObject({ conflict: 'none', acrossSources: false });
    expect(standings(look(facts, both, known(11)))).toMatchObject({ yes: 'contested', no: 'contested' });
  });
  test('is a contest as soon as the other side may have been known', () => {
    const view = look(facts, both, known(10));
    expect(seenIn(view, 'no')).toMatchObject({ certainty: 'possible', standing: 'contested' });
    expect(standings(view)['yes']).toBe('contested');
  });
  test('is no contest for whoever knows one side alone, until they learn of the other', () => {
    const toldLater = {
      ...facts,
      told: learned('no', since(20, 21, PUBLIC_REF)),
      yes: { known: [since(2, 3, PUBLIC_REF)] },
    };
    expect(standings(look(toldLater, both, known(19, PUBLIC_REF)))).toEqual({ yes: 'uncontested' });
    expect(standings(look(toldLater, both, known(21, PUBLIC_REF)))).toMatchObject({
      yes: 'contested',
      no: 'contested',
    });
  });
  test('is no contest before both sides and both readings are on record', () => {
    // Acts come after the facts: the opening is number 50, the question 51, the stances 52 and 53.
    expect([2, 51, 52].map((sequence) => standings(look(facts, both, recorded(sequence)))['yes'])).toEqual([
      'uncontested',
      'uncontested',
      'uncontested',
    ]);
    expect(standings(look(facts, both, recorded(53)))['yes']).toBe('contested');
    expect(question(look(facts, both, recorded(50)))).toBeUndefined();
  });
  test('is over where one side is retracted, which takes no stance any more', () => {
    const view = look({ ...facts, away: { ...amends('no', 'retraction'), known: [since(20, 21)] } }, both, known(21));
    expect(standings(view)).toMatchObject({ yes: 'uncontested', no: 'retracted' });
    expect(question(view)).toMatchObject({ conflict: 'none', positions: [{ factId: 'yes' }] });
    const before = look({ ...facts, away: { ...amends('no', 'retraction'), known: [since(20, 21)] } }, both, known(19));
    expect(standings(before)).toMatchObject({ yes: 'contested', no: 'contested' });
  });
  test('is over where one side is withdrawn', () => {
    const view = look(facts, [...both, withdrawn('no')]);
    expect(standings(view)).toMatchObject({ yes: 'uncontested', no: 'uncontested' });
    expect(standings(look(facts, [...both, withdrawn('no'), stance('no', 'denies')]))['yes']).toBe('contested');
  });
  test('goes by the last reading of a fact', () => {
    expect(standings(look(facts, [...both, stance('no', 'reports')]))['yes']).toBe('uncontested');
    expect(standings(look(facts, [...both, stance('no', 'reports'), stance('no', 'denies')]))['yes']).toBe('contested');
    expect(standings(look(facts, [...both, stance('yes', 'denies')]))['yes']).toBe('uncontested');
  });
  test.each(['doubts', 'reports', 'asks'])('is none where the other one only %s', (taken) => {
    const view = look(facts, [named(), stance('yes', 'asserts'), stance('no', taken)]);
    expect(standings(view)).toMatchObject({ yes: 'uncontested', no: 'uncontested' });
    expect(question(view)).toMatchObject({ conflict: 'none', acrossSources: false });
    expect(question(view)?.positions).toHaveLength(2);
  });
  test('leaves out of the contest who takes no side, while others contest it', () => {
    const view = look(facts, [...both, stance('other', 'doubts')]);
    expect(standings(view)).toEqual({ yes: 'contested', no: 'contested', other: 'uncontested' });
  });
  test('takes a concession for a yes', () =>
    expect(standings(look(facts, [named(), stance('yes', 'concedes'), stance('no', 'denies')]))['yes']).toBe(
      'contested',
    ));
  test('needs both sides on the same question', () => {
    const view = look(facts, [named(), named('p'), stance('yes', 'asserts'), stance('no', 'denies', 'p')]);
    expect(standings(view)).toMatchObject({ yes: 'uncontested', no: 'uncontested' });
  });
  test('lies across sources only where yes and no stand in different documents', () => {
    const oneLetter = { yes: {}, no: {}, elsewhere: { document: 'letter-9' } };
    expect(question(look(oneLetter, both))).toMatchObject({ conflict: 'open', acrossSources: false });
    expect(question(look(oneLetter, [...both, stance('elsewhere', 'asserts')]))).toMatchObject({ acrossSources: true });
    const moved = { ...oneLetter, moved: { ...amends('no', 'substance', { document: 'letter-8' }) } };
    expect(question(look(moved, both))).toMatchObject({ acrossSources: true });
  });
  test('leaves a corrected and a retracted fact what they are', () => {
    const view = look({ ...facts, better: amends('yes', 'substance') }, both);
    expect(standings(view)).toMatchObject({ yes: 'corrected', no: 'contested' });
    expect(question(view)?.positions.map(({ seen }) => seen.standing)).toEqual(['corrected', 'contested']);
  });
  test('is told of each fact that takes a stance on it', () => {
    const view = look(facts, [...both, named('p'), stance('yes', 'asks', 'p')]);
    const positions = (factId: string) =>
      view.positionsOf.get(factId)?.map((one) => [one.question.record.questionId, one.stance]);
    expect([positions('yes'), positions('no'), positions('other')]).toEqual([
      [
        ['q', 'asserts'],
        ['p', 'asks'],
      ],
      [['q', 'denies']],
      undefined,
    ]);
  });
  test('hides under a limit of knowledge until a fact shows that bears on it; without one it is there once it is named', () => {
    expect(question(look(facts, both, known(1)))).toBeUndefined();
    expect(question(look(facts, both, known(2)))).toMatchObject({ positions: [{ factId: 'yes' }] });
    expect(question(look(facts, [named()], known(9)))).toBeUndefined();
    expect(question(look(facts, [named()]))).toMatchObject({ positions: [], conflict: 'none' });
    expect(question(look(facts, [named(), stance('nothing yet', 'asserts')]))).toMatchObject({ positions: [] });
  });
  test('is settled once that is on record, and under a limit of knowledge once every fact shows on which the answer rests', () => {
    const done = [...both, settled(['no'])];
    expect(question(look(facts, done))?.record.settled).toMatchObject({ restsOn: ['no'] });
    expect(question(look(facts, done, recorded(53)))?.record.settled).toBeUndefined();
    expect(question(look(facts, done, known(9)))?.record.settled).toBeUndefined();
    expect(question(look(facts, done, known(11)))?.record.settled).toMatchObject({ restsOn: ['no'] });
    expect(question(look(facts, [...both, settled()]))?.record.settled).toMatchObject({ restsOn: [] });
    expect(question(look(facts, [...both, settled()], known(30)))?.record.settled).toBeUndefined();
    const onBoth = [...both, settled(['yes', 'no'])];
    expect(question(look(facts, onBoth, known(9)))?.record.settled).toBeUndefined();
    expect(question(look(facts, onBoth, known(10)))?.record.settled).toMatchObject({ restsOn: ['yes', 'no'] });
  });
});

describe('a gap', () => {
  const opened = (gapId: string, fields: Readonly<Record<string, unknown>> = {}) =>
    ['gap-opened', { gapId, topic: 'time-of-incident', about: [], ...fields }] as const;
  const when = (from: number | null, to: number | null) => ({ ...within(from, to), zone: 'UTC' });
  const closed = (gapId: string, answeredBy: readonly string[] = []) => ['gap-closed', { gapId, answeredBy }] as const;
  const gaps = (view: IncidentView) =>
    view.gaps.map(({ record, certainty, state }) => [record.gapId, certainty, state].join(' '));

  test('is there once it is on record, open', () => {
    expect(gaps(look({}, [opened('g')]))).toEqual(['g certain open']);
    expect(gaps(look({}, [opened('g')], recorded(50)))).toEqual([]);
  });
  test('shows by the moment that it says: certainly, possibly, or not yet', () => {
    const at = (day: number) => gaps(look({}, [opened('g', { shows: when(4, 6) })], known(day)));
    expect([3, 4, 5, 6].map(at)).toEqual([[], ['g possible open'], ['g possible open'], ['g certain open']]);
  });
  test('that says nothing shows when the first fact at which it shows was known, whoever knew it first', () => {
    const facts = {
      late: { known: [since(10, 20)] },
      early: { known: [since(4, null, ARCHIVE_REF), since(5, 6)] },
      never: { known: [since(28, 29)] },
    };
    const gap = [opened('g', { about: ['late', 'early', 'never'] })];
    expect([3, 4, 5, 6].map((day) => gaps(look(facts, gap, known(day))))).toEqual([
      [],
      ['g possible open'],
      ['g possible open'],
      ['g certain open'],
    ]);
    expect(look(facts, gap, known(6)).gaps[0]?.shows).toEqual(within(4, 6));
  });
  test('shows to one knower when that one knew, and not when others did', () => {
    const facts = { box: { known: [since(2, 3), since(10, 12, PUBLIC_REF)] } };
    const to = (day: number, by: string) => gaps(look(facts, [opened('g', { about: ['box'] })], known(day, by)));
    expect([to(3, COUNCIL_REF), to(9, PUBLIC_REF), to(10, PUBLIC_REF), to(12, PUBLIC_REF)]).toEqual([
      ['g certain open'],
      [],
      ['g possible open'],
      ['g certain open'],
    ]);
  });
  test('hides, whatever it says, from whoever knows none of the facts at which it shows', () => {
    const facts = { box: { known: [since(10, 11)] }, key: { known: [since(20, 21)] } };
    const gap = [opened('g', { about: ['box', 'key'], shows: when(2, 3) })];
    expect([9, 10, 21].map((day) => gaps(look(facts, gap, known(day))))).toEqual([
      [],
      ['g certain open'],
      ['g certain open'],
    ]);
  });
  test('about a fact that is not here yet is on record all the same', () => {
    expect(gaps(look({}, [opened('g', { about: ['nothing yet'] })]))).toEqual(['g certain open']);
    expect(gaps(look({}, [opened('g', { about: ['nothing yet'] })], known(9)))).toEqual([]);
  });
  test('that says nothing and is about nothing may always have shown', () =>
    expect(gaps(look({}, [opened('g')], known(1)))).toEqual(['g possible open']));
  test('is closed, and under a limit of knowledge once every fact shows that closes it', () => {
    const facts = { box: {}, answer: { known: [since(10, 11)] } };
    const done = [opened('g', { about: ['box'] }), closed('g', ['answer'])];
    expect(gaps(look(facts, done))).toEqual(['g certain closed']);
    expect(gaps(look(facts, done, recorded(51)))).toEqual(['g certain open']);
    expect(gaps(look(facts, done, known(9)))).toEqual(['g certain open']);
    expect(look(facts, done, known(9)).gaps[0]?.record.closed).toBeUndefined();
    expect(gaps(look(facts, done, known(10)))).toEqual(['g certain closed']);
    expect(gaps(look(facts, [done[0] as never, closed('g')]))).toEqual(['g certain closed']);
    expect(gaps(look(facts, [done[0] as never, closed('g')], known(9)))).toEqual(['g certain open']);
    const late = { ...facts, more: { known: [since(15, 16)] } };
    const both = [opened('g', { about: ['box'] }), closed('g', ['answer', 'more'])];
    expect([10, 14, 15].map((day) => gaps(look(late, both, known(day))))).toEqual([
      ['g certain open'],
      ['g certain open'],
      ['g certain closed'],
    ]);
  });

  describe('of the ledger, about a stranger', () => {
    const stranger = { role: 'processor', id: 'stranger' };
    const facts = { notice: { known: [since(2, 3)] } };
    const own = opened('own', { topic: 'unregistered-processor', about: ['notice'], actor: stranger });
    const asked = (fields = {}) => opened('asked', { topic: 'processor-identity', actor: stranger, ...fields });

    test('is covered by one that asks who that is, and open again once that one is closed', () => {
      expect(gaps(look(facts, [own]))).toEqual(['own certain open']);
      const view = look(facts, [own, asked()]);
      expect(gaps(view)).toEqual(['own certain covered', 'asked certain open']);
      expect(view.gaps[0]?.coveredBy?.gapId).toBe('asked');
      expect(gaps(look(facts, [own, asked(), closed('asked')]))).toEqual(['own certain open', 'asked certain closed']);
    });
    test('is covered also by one that was there before it', () =>
      expect(gaps(look(facts, [asked(), own]))).toEqual(['asked certain open', 'own certain covered']));
    test('that is closed is closed, covered or not', () =>
      expect(gaps(look(facts, [own, asked(), closed('own')]))[0]).toBe('own certain closed'));
    test('is not covered by one about somebody else, about nobody, or on another topic', () => {
      const other = { role: 'sub-processor', id: 'stranger' };
      for (const fields of [{ actor: other }, { actor: undefined }, { topic: 'processor-agreement' }])
        expect(gaps(look(facts, [own, asked(fields)]))[0]).toBe('own certain open');
      const vague = opened('own', { topic: 'unregistered-processor' });
      expect(gaps(look(facts, [vague, asked({ actor: undefined })]))[0]).toBe('own certain open');
    });
    test('covers none that is not its own', () =>
      expect(gaps(look(facts, [opened('own', { actor: stranger }), asked()]))[0]).toBe('own certain open'));
    test('is not covered by one that the view does not show yet: that somebody would ask is hindsight', () => {
      const acts = [own, asked({ shows: when(20, 21) })];
      expect(gaps(look(facts, acts, known(19)))).toEqual(['own certain open']);
      expect(gaps(look(facts, acts, known(20)))).toEqual(['own certain covered', 'asked possible open']);
      expect(gaps(look(facts, acts, recorded(51)))).toEqual(['own certain open']);
    });
  });
});

test('a duplicate found later is a link like one that was known at once, from when it is on record', () => {
  const facts = { box: {}, letter: { links: { sameThingAs: ['key'], partOf: ['box'] } }, key: {} };
  const found = [['duplicate-linked', { factId: 'letter', sameThingAs: 'box' }]] as const;
  const links = (view: IncidentView) => view.byFact.get('letter')?.trace.links;
  expect(links(look(facts, found))).toEqual({ sameThingAs: ['key', 'box'], partOf: ['box'] });
  expect(links(look(facts, found, recorded(50)))).toEqual({ sameThingAs: ['key'], partOf: ['box'] });
  expect(seenIn(look(facts, found), 'box').trace.links).toEqual({});
  expect(look(facts, found).seen.map(({ trace }) => trace)).toEqual(
    [...look(facts, found).byFact.values()].map(({ trace }) => trace),
  );
});

test('an incident that is not on record has a record of sequence 0 and shows what lies there', () => {
  const view = look({ stray: {} }, [], recorded(1));
  expect(view.record).toMatchObject({ sequence: 0, reference: '', controller: '', status: 'open' });
  expect(factIds(view.seen)).toEqual(['stray']);
  expect(look({}, [], recorded(EVERYTHING)).record).toMatchObject({ sequence: 50, controller: COUNCIL_REF });
});
