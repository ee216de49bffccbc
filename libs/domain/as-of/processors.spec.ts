import { amends, ARCHIVE_REF, factIds, known, look, since, type TraceFields } from '../../../test/support/traces';
import { noticesIn } from './notices';
import { processorsIn } from './processors';

const VAULT = 'sub-processor:example-vault';
const prior = (incidents: number, fields: TraceFields = {}): TraceFields => ({
  type: 'prior-incident-reported',
  actor: ARCHIVE_REF,
  numbers: { incidents },
  ...fields,
});
const again = (sameThingAs: string): TraceFields => ({ links: { sameThingAs: [sameThingAs] } });

describe('a processor', () => {
  test('is whoever acts, passes on or is named as one, in order of first mention', () => {
    const facts = {
      other: { actor: 'organisation:example-archive' },
      named: { parties: { party: VAULT, cohort: 'data-subjects:staff' } },
      passed: { via: [ARCHIVE_REF] },
      acted: { actor: ARCHIVE_REF, via: [VAULT] },
    };
    expect(processorsIn(look(facts)).map(({ processor, firstMention }) => [processor, firstMention])).toEqual([
      [VAULT, 2],
      [ARCHIVE_REF, 3],
    ]);
  });
  test('is none whom only a retracted fact names', () => {
    const facts = { acted: { actor: ARCHIVE_REF }, away: amends('acted', 'retraction') };
    expect(processorsIn(look(facts))).toEqual([]);
  });
  test('is whoever is in force', () => {
    const facts = { acted: { actor: ARCHIVE_REF }, better: amends('acted', 'substance', { actor: VAULT }) };
    expect(processorsIn(look(facts)).map(({ processor }) => processor)).toEqual([VAULT]);
  });
  test('is where the incident happened when its own fact says so', () => {
    const happened = { type: 'incident-occurred', actor: ARCHIVE_REF, parties: { engaged: VAULT } };
    expect(processorsIn(look({ happened })).map(({ processor, happenedHere }) => [processor, happenedHere])).toEqual([
      [ARCHIVE_REF, true],
      [VAULT, false],
    ]);
  });
  test('is identified by facts that say who it is, and by no others', () => {
    const facts = {
      identified: { type: 'party-identified', parties: { party: ARCHIVE_REF, identifiedAs: 'processor:acme' } },
      joined: { type: 'party-joined', parties: { party: ARCHIVE_REF } },
    };
    const found = processorsIn(look(facts)).map(({ processor, identifiedBy }) => [processor, factIds(identifiedBy)]);
    expect(found).toEqual([
      [ARCHIVE_REF, ['identified']],
      ['processor:acme', []],
    ]);
  });
});

describe('earlier incidents of a processor', () => {
  const count = (
    facts: Readonly<Record<string, TraceFields>>,
    ...of: Parameters<typeof look> extends [unknown, ...infer R] ? R : never
  ) => processorsIn(look(facts, ...of)).find(({ processor }) => processor === ARCHIVE_REF)?.priorIncidents;

  test('are as many as its facts speak of', () =>
    expect(count({ one: prior(1), three: prior(3), other: { actor: ARCHIVE_REF } })).toBe(4));
  test('asserted twice count once, as the first assertion has them', () => {
    expect(count({ three: prior(3), again: prior(2, again('three')) })).toBe(3);
    expect(
      count({ three: prior(3), again: prior(3) }, [['duplicate-linked', { factId: 'three', sameThingAs: 'again' }]]),
    ).toBe(3);
  });
  test('asserted twice of which the first was retracted count as the other assertion has them', () =>
    expect(count({ three: prior(3), again: prior(2, again('three')), away: amends('three', 'retraction') })).toBe(2));
  test('are none of it where another speaks of them, or where they were retracted', () => {
    expect(count({ other: prior(5, { actor: VAULT, via: [ARCHIVE_REF] }) })).toBe(0);
    expect(count({ acted: { actor: ARCHIVE_REF }, gone: prior(5), away: amends('gone', 'retraction') })).toBe(0);
  });
  test('are what was known by the moment', () =>
    expect(count({ one: prior(1), late: prior(3, { known: [since(10, 11)] }) }, [], known(9))).toBe(1));
});

describe('a notice of a processor', () => {
  const notice = (fields: TraceFields = {}): TraceFields => ({
    type: 'processor-notification-received',
    actor: ARCHIVE_REF,
    ...fields,
  });
  const notices = (...of: Parameters<typeof look>) =>
    noticesIn(look(...of)).map((one) => [one.notice.trace.factId, one.followsUp?.trace.factId]);

  test('stands with the one that it follows up, where the view shows that', () => {
    const facts = {
      first: notice({ known: [since(10, 11)] }),
      second: notice({ links: { followsUp: ['first'] } }),
      claim: {},
    };
    expect(notices(facts)).toEqual([
      ['first', undefined],
      ['second', 'first'],
    ]);
    expect(notices(facts, [], known(9))).toEqual([['second', undefined]]);
  });
  test('asserted a second time is no second notice', () =>
    expect(notices({ first: notice(), press: notice(again('first')) })).toEqual([['first', undefined]]));
  test('is there also where what asserts the same first is no notice', () =>
    expect(notices({ report: { type: 'correspondence-reported' }, first: notice(again('report')) })).toEqual([
      ['first', undefined],
    ]));
  test('of which one assertion was retracted is there by the other', () => {
    const away = { ...amends('first', 'retraction'), known: [since(10, 11)] };
    const facts = { first: notice(), press: notice(again('first')), away };
    expect(notices(facts, [], known(9))).toEqual([['first', undefined]]);
    expect(notices(facts, [], known(11))).toEqual([['press', undefined]]);
    expect(notices({ first: notice(), away: amends('first', 'retraction') })).toEqual([]);
  });
});
