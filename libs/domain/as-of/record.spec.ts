import fc from 'fast-check';
import { samplePayload } from '../../../test/fixtures/sample-payload';
import { acts, within, type DoneAct } from '../../../test/support/traces';
import { ACTS, CATALOGUE, type EventDefinition } from '../catalogue';
import { INCIDENT_ACTS } from '../incident/acts';
import { clearPart } from '../schema/protected-fields';
import { recordOf } from './record';

const folded = (...done: readonly DoneAct[]) => recordOf('one', acts(...done), 99);

describe('the record of an incident', () => {
  test('is what its opening says', () =>
    expect(folded()).toEqual({
      incidentId: 'one',
      sequence: 50,
      reference: 'EX-2031-007',
      controller: 'controller:example-council',
      zone: 'Europe/London',
      status: 'open',
      gaps: [],
      questions: [],
      duplicates: [],
      links: [],
    }));
  test('is what the first opening says', () =>
    expect(folded(['incident-opened', { reference: 'again', zone: 'UTC' }])).toMatchObject({
      sequence: 50,
      reference: 'EX-2031-007',
    }));
  test('without its opening has sequence 0, no controller, and what was done to it', () =>
    expect(recordOf('one', [{ sequence: 3, type: 'incident-closed', payload: {} }], 9)).toMatchObject({
      sequence: 0,
      reference: '',
      controller: '',
      zone: 'UTC',
      status: 'closed',
    }));
  test('is closed and open as it was last', () => {
    const [closed, reopened] = [['incident-closed', {}] as const, ['incident-reopened', {}] as const];
    expect(folded(closed).status).toBe('closed');
    expect(folded(closed, reopened).status).toBe('open');
    expect(folded(closed, reopened, closed).status).toBe('closed');
  });
  test('has its links and duplicates in the order in which they were made', () =>
    expect(
      folded(
        ['incident-linked', { otherIncidentId: 'two', relation: 'prior' }],
        ['duplicate-linked', { factId: 'b', sameThingAs: 'a' }],
        ['incident-linked', { otherIncidentId: 'three', relation: 'related' }],
        ['duplicate-linked', { factId: 'c', sameThingAs: 'b' }],
      ),
    ).toMatchObject({
      links: [
        { otherIncidentId: 'two', relation: 'prior', sequence: 51 },
        { otherIncidentId: 'three', relation: 'related', sequence: 53 },
      ],
      duplicates: [
        ['b', 'a'],
        ['c', 'b'],
      ],
    }));
  test('has each gap with its last owners, and how it was closed', () => {
    const opened: DoneAct = [
      'gap-opened',
      {
        gapId: 'g',
        reference: 'G01',
        topic: 'numbers',
        about: ['a', 'b'],
        actor: { role: 'processor', id: 'example-archive' },
        shows: { ...within(2, 3), zone: 'UTC' },
        owners: ['legal'],
      },
    ];
    const gap = {
      gapId: 'g',
      sequence: 51,
      reference: 'G01',
      topic: 'numbers',
      about: ['a', 'b'],
      actor: 'processor:example-archive',
      shows: within(2, 3),
      owners: ['legal'],
      assigned: undefined,
      closed: undefined,
    };
    expect(folded(opened).gaps).toEqual([gap]);
    const assigned: DoneAct = ['gap-assigned', { gapId: 'g', owners: ['it', 'archive'] }];
    expect(folded(opened, assigned).gaps).toEqual([{ ...gap, owners: ['it', 'archive'], assigned: 52 }]);
    expect(folded(opened, assigned, ['gap-assigned', { gapId: 'g', owners: [] }]).gaps[0]).toMatchObject({
      owners: [],
      assigned: 53,
    });
    expect(folded(opened, ['gap-closed', { gapId: 'g', answeredBy: ['c'] }]).gaps[0]).toMatchObject({
      closed: { sequence: 52, answeredBy: ['c'] },
    });
    expect(folded(['gap-opened', { gapId: 'g', topic: 'other', about: [] }]).gaps[0]).toMatchObject({
      reference: undefined,
      actor: undefined,
      shows: undefined,
      owners: [],
    });
  });
  test('has each question with the last reading of each fact, and how it was settled', () => {
    const named: DoneAct = ['contested-question-named', { questionId: 'q', reference: 'C1' }];
    const stance = (factId: string, taken: string): DoneAct => [
      'stance-attributed',
      { questionId: 'q', factId, stance: taken },
    ];
    const [question] = folded(
      named,
      stance('a', 'asserts'),
      stance('b', 'denies'),
      stance('a', 'doubts'),
      stance('c', 'asks'),
      ['stance-withdrawn', { questionId: 'q', factId: 'b' }],
      ['contested-question-settled', { questionId: 'q', restsOn: ['a'] }],
    ).questions;
    expect(question).toMatchObject({ questionId: 'q', reference: 'C1', sequence: 51 });
    expect([...(question?.stances.values() ?? [])]).toEqual([
      { factId: 'a', stance: 'doubts', sequence: 54 },
      { factId: 'c', stance: 'asks', sequence: 55 },
    ]);
    expect(question?.settled).toEqual({ sequence: 57, restsOn: ['a'] });
    expect(folded(named).questions[0]).toMatchObject({ settled: undefined });
  });
  test('ignores what is done to a gap or a question that is not there', () =>
    expect(
      folded(
        ['gap-assigned', { gapId: 'g', owners: ['legal'] }],
        ['gap-closed', { gapId: 'g', answeredBy: [] }],
        ['stance-attributed', { questionId: 'q', factId: 'a', stance: 'asserts' }],
        ['stance-withdrawn', { questionId: 'q', factId: 'a' }],
        ['contested-question-settled', { questionId: 'q', restsOn: [] }],
        ['erasure-ordered', { kids: ['k_1'] }],
        ['an-act-of-later-days', { gapId: 'g' }],
      ),
    ).toEqual(folded()));
});

describe('as of a sequence', () => {
  const types = INCIDENT_ACTS.map(({ type }) => type);
  const done = fc
    .array(fc.tuple(fc.constantFrom(...types), fc.constantFrom('x', 'y'), fc.constantFrom('a', 'b', 'c')), {
      maxLength: 12,
    })
    .map((list) =>
      list.map(([type, one, factId]): DoneAct => {
        const ids = { gapId: one, questionId: one, factId, sameThingAs: one, otherIncidentId: one };
        return [
          type,
          {
            ...ids,
            stance: 'asserts',
            relation: 'prior',
            topic: 'other',
            owners: [factId],
            about: [],
            answeredBy: [],
            restsOn: [],
          },
        ];
      }),
    );
  const plain = (record: object) =>
    JSON.parse(JSON.stringify(record, (_, value: unknown) => (value instanceof Map ? [...value] : value))) as unknown;

  test('is what only the acts up to it come to, and does not change when more is done', () =>
    fc.assert(
      fc.property(done, fc.integer({ min: 49, max: 64 }), (list, sequence) => {
        const all = acts(...list);
        const then = plain(recordOf('one', all, sequence));
        expect(plain(recordOf('one', all.slice(0, Math.max(0, sequence - 49)), sequence))).toEqual(then);
        recordOf('one', all, 99);
        expect(plain(recordOf('one', all, sequence))).toEqual(then);
      }),
      { numRuns: 200 },
    ));
});

test('every act of an incident is read from its clear part: no text and no name is missed', () => {
  const trail = [...ACTS.values()]
    .filter(({ subject }) => subject === 'incident')
    .map(({ type, schema }, index) => ({
      sequence: index + 1,
      type,
      payload: samplePayload(CATALOGUE.get(type) as EventDefinition),
      schema,
    }));
  const fold = (clear: boolean) =>
    recordOf(
      'one',
      trail.map(({ schema, payload, ...act }) => ({
        ...act,
        payload: (clear ? clearPart(schema, payload) : payload) as Readonly<Record<string, unknown>>,
      })),
      99,
    );
  expect(fold(true)).toEqual(fold(false));
  expect(fold(true)).toMatchObject({ gaps: [{}], questions: [{}], duplicates: [expect.any(Array)], links: [{}] });
});
