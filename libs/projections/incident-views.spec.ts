import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AsOf } from '@ledger/domain/as-of/view';
import type { FactDraft } from '@ledger/domain/fact/fact-draft';
import type { Instant } from '@ledger/domain/time/instant';
import {
  ARCHIVE,
  at,
  claim,
  correction,
  COUNCIL,
  fact,
  INCIDENT_ID,
  notice,
  retraction,
  uuidOf,
} from '../../test/support/facts';
import {
  accepted,
  command,
  isPrivileged,
  openTestLedger,
  removeFolder,
  temporaryFolder,
  type TestLedger,
} from '../../test/support/ledger';
import { IncidentViews } from './incident-views';
import { LedgerViews } from './ledger-views';

let folder: string;
let ledger: TestLedger;
beforeEach(() => {
  folder = temporaryFolder();
  ledger = openTestLedger(folder);
});
afterEach(async () => {
  await ledger.shut();
  removeFolder(folder);
});

const OTHER = uuidOf('another incident');
const INCIDENTS = [INCIDENT_ID, OTHER, uuidOf('no incident')];
const QUESTION = uuidOf('a question');

/** One step of a record: something is appended, or a view is asked for. */
type Step =
  | { readonly does: string; readonly about: number; readonly incidentId: string; readonly day: number }
  | { readonly asks: AsOf };

const DOES = [
  'claim',
  'claim',
  'correct',
  'retract',
  'learn',
  'notice',
  'gap',
  'close-gap',
  'stance',
  'duplicate',
  'close',
  'reopen',
] as const;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constantFrom(...DOES),
    about: fc.nat(4),
    incidentId: fc.constantFrom(INCIDENT_ID, INCIDENT_ID, OTHER),
    day: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    asks: fc.record(
      {
        sequence: fc.nat(25),
        known: fc.record(
          {
            at: fc.integer({ min: 1, max: 9 }).map((day) => `2031-01-0${day}T12:00:00.000Z` as Instant),
            by: fc.constantFrom('controller:example-council', 'processor:example-archive'),
          },
          { requiredKeys: ['at'] },
        ),
      },
      { requiredKeys: ['sequence'] },
    ),
  }),
);

const knewOn = (day: number) => ({ known: [{ by: day % 2 ? COUNCIL : ARCHIVE, when: at(`2031-01-0${day}`) }] });

/** Whatever is well-formed of it; what the record does not allow changes nothing. */
const perform = async (
  on: TestLedger,
  { does, about, incidentId, day }: Exclude<Step, { asks: AsOf }>,
  index: number,
) => {
  const [name, target] = [`fact ${index}`, `fact ${about}`];
  const fields = { incidentId, ...knewOn(day) };
  const targeted = { incidentId, factId: uuidOf(target) };
  const record = (draft: FactDraft) => on.record(draft);
  switch (does) {
    case 'claim':
      return record(claim(name, { ...fields, sameThingAs: uuidOf(target) }));
    case 'correct':
      return record(correction(name, target, { ...fields, changes: { actor: ARCHIVE } }));
    case 'retract':
      return record(retraction(name, target, fields));
    case 'learn':
      return record(fact(name, 'fact-became-known', { ...fields, learned: uuidOf(target) }));
    case 'notice':
      return record(notice(name, fields));
    case 'gap':
      return on.act('gap-opened', { incidentId, gapId: uuidOf(target), topic: 'other', about: [uuidOf(target)] });
    case 'close-gap':
      return on.act('gap-closed', { incidentId, gapId: uuidOf(target), answeredBy: [], reason: 'Found.' });
    case 'stance':
      return on.act('stance-attributed', { ...targeted, questionId: QUESTION, stance: day % 2 ? 'asserts' : 'denies' });
    case 'duplicate':
      return on.act('duplicate-linked', { ...targeted, sameThingAs: uuidOf(`fact ${about + 1}`) });
    default:
      return on.act(does === 'close' ? 'incident-closed' : 'incident-reopened', { incidentId, reason: 'So it was.' });
  }
};

const opened = async (on: TestLedger) => {
  for (const incidentId of [INCIDENT_ID, OTHER]) {
    await on.open(command(), { incidentId });
    await on.act('contested-question-named', { incidentId, questionId: QUESTION, question: 'Was it lost?' });
  }
};

/** Everything that the views answer about a moment. */
const answers = (views: IncidentViews, asOf: AsOf) => ({
  at: INCIDENTS.map((incidentId) => views.at(incidentId, asOf)),
  all: [...views.all(asOf)],
  later: [...views.all(asOf, 3)],
  having: [...views.having(['claim-made', 'fact-corrected'], asOf)].map(({ record }) => record.incidentId),
  facts: [...views.facts(asOf)].map(({ seen }) => seen),
  fact: [...Array(5).keys()].map((index) => views.fact(uuidOf(`fact ${index}`), asOf)?.seen),
});

test('what is kept is what a fresh fold gives, whatever is recorded and asked in between', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 22 }), async (steps) => {
      const here = temporaryFolder();
      const on = openTestLedger(here);
      try {
        await opened(on);
        const views = on.views();
        await on.caughtUp(views);
        const asked: AsOf[] = [];
        for (const [index, one] of steps.entries()) {
          if ('asks' in one) asked.push(one.asks);
          else {
            await perform(on, one, index);
            await on.caughtUp(views);
          }
          const fresh = new IncidentViews(views.timeline, views.acts);
          for (const asOf of asked) expect(answers(views.incidents, asOf)).toEqual(answers(fresh, asOf));
        }
        const anew = on.views(join(here, 'anew.db'));
        await on.caughtUp(anew);
        for (const asOf of asked) expect(answers(views.incidents, asOf)).toEqual(answers(anew.incidents, asOf));
      } finally {
        await on.shut();
        removeFolder(here);
      }
    }),
    { numRuns: 8 },
  ));

test('a view is kept: asked for again it is the same one, until the incident gets another event', async () => {
  await opened(ledger);
  await ledger.record(claim('fact 0'));
  const views = ledger.views();
  await ledger.caughtUp(views);
  const moment = (sequence: number): AsOf => ({ sequence, known: { at: '2031-01-09T00:00:00.000Z' as Instant } });
  const first = views.incidents.at(INCIDENT_ID, moment(views.head()));
  expect(views.incidents.at(INCIDENT_ID, moment(views.head()))).toBe(first);
  await ledger.record(claim('fact 1', { incidentId: OTHER }));
  await ledger.caughtUp(views);
  expect(views.incidents.at(INCIDENT_ID, moment(views.head()))).toBe(first);
  await ledger.act('gap-opened', { incidentId: INCIDENT_ID, gapId: uuidOf('a gap'), topic: 'other', about: [] });
  await ledger.caughtUp(views);
  expect(views.incidents.at(INCIDENT_ID, moment(views.head()))).not.toBe(first);
  expect(views.incidents.at(INCIDENT_ID, moment(views.head() - 1))).toBe(first);
  expect(views.incidents.at(INCIDENT_ID, { sequence: views.head() - 1 })).not.toBe(first);
});

test('what was kept of one log is not shown of another: the same command may have been sent to both', async () => {
  await ledger.open();
  await ledger.shut();
  cpSync(ledger.logFile, `${ledger.logFile}.backup`);
  ledger = openTestLedger(folder);
  const again = command();
  accepted(await ledger.record(claim('lost')));
  accepted(await ledger.record(claim('sent to both', { actor: ARCHIVE }), again));
  const old = ledger.views();
  await ledger.caughtUp(old);
  await ledger.stop(old);
  await ledger.shut();
  for (const end of ['', '-wal', '-shm']) rmSync(`${ledger.logFile}${end}`, { force: true });
  cpSync(`${ledger.logFile}.backup`, ledger.logFile);
  ledger = openTestLedger(folder);

  // Asked before the log is recognised as another one, and after.
  const views = new LedgerViews(join(folder, 'views.db'), ledger.store, ledger.codec, isPrivileged);
  try {
    const facts = () =>
      views.incidents
        .at(INCIDENT_ID, { sequence: 99 })
        .seen.map(({ trace }) => [trace.sequence, trace.factId, trace.actor]);
    expect(facts()).toHaveLength(2);
    views.start();
    accepted(await ledger.record(claim('sent to both'), again));
    await ledger.caughtUp(views);
    expect(facts()).toEqual([[2, uuidOf('sent to both'), 'controller:example-council']]);
    const fresh = new IncidentViews(views.timeline, views.acts);
    expect(answers(views.incidents, { sequence: 99 })).toEqual(answers(fresh, { sequence: 99 }));
  } finally {
    await views.stop();
  }
});

test('an incident that is not on record has a record of sequence 0 and no facts', async () => {
  const views = ledger.views();
  await ledger.open();
  await ledger.caughtUp(views);
  const none = views.incidents.at(OTHER, { sequence: 99 });
  expect([none.record.sequence, none.seen, none.gaps, none.questions]).toEqual([0, [], [], []]);
  expect(views.incidents.fact(uuidOf('nothing'), { sequence: 99 })).toBeUndefined();
  expect([...views.incidents.all({ sequence: 99 })].map(({ record }) => record.incidentId)).toEqual([INCIDENT_ID]);
});

test('amendments of a fact are those that amend it, and those that amend them, in log order', async () => {
  await ledger.open();
  for (const draft of [
    claim('box'),
    claim('key'),
    correction('better', 'box'),
    retraction('away', 'better'),
    fact('told', 'fact-became-known', { learned: uuidOf('away') }),
    retraction('gone', 'key'),
    retraction('back', 'away'),
  ])
    accepted(await ledger.record(draft));
  const views = ledger.views();
  await ledger.caughtUp(views);
  const view = views.incidents.at(INCIDENT_ID, { sequence: 99 });
  const of = (name: string) => views.incidents.amendments(uuidOf(name), view).map(({ trace }) => trace.factId);
  expect(of('box')).toEqual(['better', 'away', 'told', 'back'].map(uuidOf));
  expect(of('key')).toEqual(['gone'].map(uuidOf));
  expect(of('back')).toEqual([]);
});

test('acts that name an id in a field are found by it, up to a sequence, in log order', async () => {
  await opened(ledger);
  const [third, fourth] = [uuidOf('a third'), uuidOf('a fourth')];
  const link = (incidentId: string, otherIncidentId: string) =>
    ledger.act('incident-linked', { incidentId, otherIncidentId, relation: 'related' });
  for (const [from, to] of [
    [INCIDENT_ID, third],
    [OTHER, third],
    [INCIDENT_ID, fourth],
  ] as const)
    accepted(await link(from, to));
  const views = ledger.views();
  await ledger.caughtUp(views);
  const naming = (id: string, sequence = 99, field = 'otherIncidentId') =>
    views.acts.naming('incident-linked', field, id, sequence).map((one) => [one.id, one.sequence]);
  expect(naming(third)).toEqual([
    [INCIDENT_ID, 5],
    [OTHER, 6],
  ]);
  expect(naming(third, 5)).toEqual([[INCIDENT_ID, 5]]);
  expect([naming(INCIDENT_ID), naming(third, 99, 'relation')]).toEqual([[], []]);
});
