import { samplePayload } from '../../../test/fixtures/sample-payload';
import { day, within } from '../../../test/support/traces';
import { ACTS, CATALOGUE, type EventDefinition } from '../catalogue';
import { clearPart } from '../schema/protected-fields';
import type { Bounds } from '../time/bounds';
import { inForceAt, partyRecordOf, type AgreementRecord } from './record';

type Done = readonly [type: string, payload: Readonly<Record<string, unknown>>];
const when = (from: number | null, to: number | null) => ({ ...within(from, to), zone: 'UTC' });

const registered: Done = ['party-registered', { partyId: 'example-archive', sort: 'organisation' }];
const recorded = (agreementId: string, fields: Readonly<Record<string, unknown>> = {}): Done => [
  'agreement-recorded',
  { agreementId, sort: 'processing', counterparty: 'example-council', validFrom: when(2, 3), ...fields },
];
const acts = (done: readonly Done[]) => done.map(([type, payload], index) => ({ sequence: index + 1, type, payload }));
const record = (...done: readonly Done[]) => partyRecordOf(acts(done), 99);
const asOf = (sequence: number, ...done: readonly Done[]) => partyRecordOf(acts(done), sequence);

describe('a party on the register', () => {
  test('is there from its registration on', () => {
    expect(record()).toBeUndefined();
    expect(record(recorded('a'))).toBeUndefined();
    expect(asOf(0, registered)).toBeUndefined();
    expect(asOf(1, registered)).toEqual({
      partyId: 'example-archive',
      sequence: 1,
      sort: 'organisation',
      agreements: [],
      subProcessors: [],
      contacts: new Map(),
    });
  });
  test('is what its first registration says', () =>
    expect(record(registered, ['party-registered', { partyId: 'another', sort: 'authority' }])).toMatchObject({
      partyId: 'example-archive',
      sequence: 1,
    }));
});

describe('an agreement', () => {
  test('is on record with its validity, from when it was recorded', () => {
    const done = [registered, recorded('a', { validUntil: when(20, 21) })] as const;
    expect(asOf(1, ...done)?.agreements).toEqual([]);
    expect(record(...done)?.agreements).toEqual([
      {
        agreementId: 'a',
        sequence: 2,
        sort: 'processing',
        counterparty: 'example-council',
        validFrom: within(2, 3),
        validUntil: within(20, 21),
        ended: undefined,
      },
    ]);
  });
  test('ends when that is recorded, each by itself; the last account of its end stands', () => {
    const ended = (agreementId: string, at: number): Done => [
      'agreement-ended',
      { agreementId, ended: when(at, at + 1) },
    ];
    const done = [registered, recorded('a'), recorded('b'), ended('a', 9), ended('a', 8), ended('c', 5)] as const;
    const ends = (sequence: number) => asOf(sequence, ...done)?.agreements.map((one) => one.ended);
    expect([ends(3), ends(4), ends(6)]).toEqual([
      [undefined, undefined],
      [{ when: within(9, 10), sequence: 4 }, undefined],
      [{ when: within(8, 9), sequence: 5 }, undefined],
    ]);
  });

  const agreement = (from: Bounds, until?: Bounds, end?: Bounds): AgreementRecord => ({
    ...{ agreementId: 'a', sequence: 2, sort: 'processing', counterparty: 'example-council' },
    validFrom: from,
    validUntil: until,
    ended: end && { when: end, sequence: 3 },
  });
  test.each<[string, AgreementRecord, readonly string[]]>([
    // On the 1st, within its beginning, on the 5th, within its end, and on the 20th.
    ['without an end', agreement(within(2, 4)), ['impossible', 'possible', 'certain', 'certain', 'certain']],
    [
      'with an agreed end',
      agreement(within(2, 4), within(9, 11)),
      ['impossible', 'possible', 'certain', 'possible', 'impossible'],
    ],
    [
      'that was ended',
      agreement(within(2, 4), undefined, within(9, 11)),
      ['impossible', 'possible', 'certain', 'possible', 'impossible'],
    ],
    [
      'that was ended before its agreed end',
      agreement(within(2, 4), within(25, 26), within(9, 11)),
      ['impossible', 'possible', 'certain', 'possible', 'impossible'],
    ],
    [
      'that ran out before somebody ended it',
      agreement(within(2, 4), within(9, 11), within(25, 26)),
      ['impossible', 'possible', 'certain', 'possible', 'impossible'],
    ],
    [
      'since nobody knows when',
      agreement(within(null, null)),
      ['possible', 'possible', 'possible', 'possible', 'possible'],
    ],
    [
      'until nobody knows when',
      agreement(within(2, 4), within(5, null)),
      ['impossible', 'possible', 'certain', 'possible', 'possible'],
    ],
  ])('%s was in force: not before it begins, not after it ends, and perhaps within its bounds', (_, one, expected) =>
    expect([1, 3, 4, 10, 20].map((at) => inForceAt(one, day(at)))).toEqual(expected),
  );
});

describe('a sub-processor', () => {
  const engaged = (subProcessor: string, at: number): Done => [
    'sub-processor-engaged',
    { subProcessor, since: when(at, at + 1) },
  ];
  const released = (subProcessor: string, at: number): Done => [
    'sub-processor-released',
    { subProcessor, until: when(at, at + 1) },
  ];

  test('is engaged, and released, each from when it was recorded', () => {
    const done = [registered, engaged('vault', 2), engaged('couriers', 3), released('vault', 9)] as const;
    const of = (sequence: number) => asOf(sequence, ...done)?.subProcessors.map((one) => [one.subProcessor, one.until]);
    expect([of(1), of(3), of(4)]).toEqual([
      [],
      [
        ['vault', undefined],
        ['couriers', undefined],
      ],
      [
        ['vault', within(9, 10)],
        ['couriers', undefined],
      ],
    ]);
  });
  test('engaged anew stands beside what ended, and is what a later release ends', () =>
    expect(
      record(registered, engaged('vault', 2), released('vault', 4), engaged('vault', 6), released('vault', 8))
        ?.subProcessors,
    ).toEqual([
      { subProcessor: 'vault', sequence: 2, since: within(2, 3), until: within(4, 5) },
      { subProcessor: 'vault', sequence: 4, since: within(6, 7), until: within(8, 9) },
    ]));
  test('that was not engaged cannot be released', () =>
    expect(record(registered, released('vault', 4))?.subProcessors).toEqual([]));
});

describe('a contact point', () => {
  test('is in use until it is removed', () => {
    const done: readonly Done[] = [
      registered,
      ['contact-point-added', { contactId: 'a' }],
      ['contact-point-added', { contactId: 'b' }],
      ['contact-point-removed', { contactId: 'a' }],
      ['contact-point-removed', { contactId: 'c' }],
    ];
    const of = (sequence: number) => [...(asOf(sequence, ...done)?.contacts ?? [])];
    expect([of(1), of(3), of(5)]).toEqual([
      [],
      [
        ['a', 2],
        ['b', 3],
      ],
      [['b', 3]],
    ]);
  });
});

test('the register is read from the clear part of its acts: no text and no contact is missed', () => {
  const trail = [...ACTS.values()].filter(({ subject }) => subject === 'party');
  const fold = (clear: boolean) =>
    partyRecordOf(
      trail.map(({ type, schema }, index) => {
        const payload = samplePayload(CATALOGUE.get(type) as EventDefinition);
        return { sequence: index + 1, type, payload: (clear ? clearPart(schema, payload) : payload) as Done[1] };
      }),
      99,
    );
  expect(fold(true)).toEqual(fold(false));
  expect(fold(true)).toMatchObject({ agreements: [{ ended: {} }], subProcessors: [{}] });
});
