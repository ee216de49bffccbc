import { randomUUID } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import * as expected from '../seed-case/expected';
import { REFERENCES } from '../seed-case/ids';
import { factIdOf, sample, SAMPLE_INCIDENT_ID } from '../seed-case/sample';
import { loudly, REAL_NOT_RUN, realEventStoreDb, startRealEventStoreDb } from '../stores/real-eventstoredb';
import { startLedger, type LedgerServer } from '../support/ledger-server';

/** Long after the case: everything was recorded late, and the lag can be told to the second. */
const RECORDED = '2026-01-01T00:00:00.000Z';
const FAR_PAST = '2025-12-31T23:59:59.999Z';

interface Store {
  readonly url: string | undefined;
  stop(): Promise<unknown>;
}

const STORES: Readonly<Record<string, () => Promise<Store>>> = {
  'the embedded store': () => Promise.resolve({ url: undefined, stop: () => Promise.resolve() }),
  'the EventStoreDB double': async () => {
    const double = await startEventStoreDbDouble();
    return { url: double.url, stop: () => double.stop() };
  },
  ...(realEventStoreDb && { 'a real EventStoreDB': startRealEventStoreDb }),
};

beforeAll(() =>
  loudly(`sample questions over HTTP: ${Object.keys(STORES).join(', ')}${realEventStoreDb ? '' : `; ${REAL_NOT_RUN}`}`),
);

/** A throwaway server may hold an earlier run of the sample, so each run takes ids of its own. */
const own = (seed: string) => {
  const mine = (id: string) => id.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uuid) => uuidv5(uuid, seed));
  return {
    incident: mine(SAMPLE_INCIDENT_ID),
    fact: (reference: string) => mine(factIdOf(reference as 'F01')),
    steps: JSON.parse(mine(JSON.stringify(sample))) as typeof sample,
  };
};

interface Edge {
  readonly certainty: string;
  readonly standing: string;
  readonly node: { readonly reference: string; readonly statement: { readonly value: string } };
}

describe.each(Object.entries(STORES))('on %s', (_, open) => {
  const ids = own(randomUUID());
  let store: Store;
  let ledger: LedgerServer;

  beforeAll(async () => {
    store = await open();
    ledger = await startLedger({
      now: () => new Date(RECORDED),
      ...(store.url === undefined ? {} : { eventStoreUrl: store.url }),
    });
    for (const { mutation, input } of ids.steps) {
      const answer = await ledger.send(mutation, input);
      if (answer.position === undefined && answer.code !== 'PARTY_EXISTS')
        throw new Error(`${mutation}: ${JSON.stringify(answer)}`);
    }
  }, 120_000);
  afterAll(async () => {
    await ledger?.stop();
    await store?.stop();
  });

  const ask = async <T = any>(query: string): Promise<T> => {
    const { data, errors } = await ledger.gql<T>(query);
    expect(errors).toBeUndefined();
    return data;
  };

  /** The facts of the case under a view, by certainty. */
  const seen = async (asOf: string) => {
    const data = await ask<{ ledger: { incident: { timeline: { edges: Edge[]; counts: object } } | null } }>(
      `{ ledger${asOf} { incident(id: "${ids.incident}") { timeline(first: 200) { counts { certain possible } edges { certainty standing node { ... on Fact { reference statement { value } } } } } } } }`,
    );
    const edges = data.ledger.incident?.timeline.edges ?? [];
    const of = (certainty: string) =>
      edges
        .filter((edge) => edge.certainty === certainty)
        .map(({ node }) => node.reference)
        .sort();
    return { certain: of('CERTAIN'), possible: of('POSSIBLE'), counts: data.ledger.incident?.timeline.counts };
  };
  const publishedBy = (at: string) => seen(`(asOf: { known: { at: "${at}", by: "public:public" } })`);

  test('A1: facts by time of occurrence, and those without a lower bound come first and are these', async () => {
    const { ledger: view } = await ask(
      `{ ledger { incident(id: "${ids.incident}") { timeline(first: 200, orderBy: { field: OCCURRED }) { edges { node { ... on Fact { reference occurred { when { earliest latest } start { earliest latest } } } } } } } } }`,
    );
    const facts = view.incident.timeline.edges.map(({ node }: any) => ({
      reference: node.reference,
      ...(node.occurred.when ?? node.occurred.start),
    }));
    expect(facts).toHaveLength(54);
    const open = facts.filter(({ earliest }: any) => earliest === null).map(({ reference }: any) => reference);
    expect([...open].sort()).toEqual(expected.NO_LOWER_BOUND);
    expect(facts.slice(0, open.length).map(({ reference }: any) => reference)).toEqual(open);
    const bounded = facts.slice(open.length).map(({ earliest }: any) => earliest);
    expect(bounded).toEqual([...bounded].sort());
  });

  test('A2: the notice of 29 October, by whom, on what evidence, how precisely; its clock time is not on record', async () => {
    const { ledger: view } = await ask(
      `{ ledger { incident(id: "${ids.incident}") {
        timeline(first: 10, filter: { kinds: [PROCESSOR_NOTIFICATION_RECEIVED] }) { edges { node { ... on ProcessorNotificationReceived {
          reference channel actor { role id: localId } source { document line } occurred { when { earliest latest precision } } sameThingAs { ... on Fact { reference } } } } } }
        gaps(first: 10) { edges { node { topic about { ... on Fact { reference } } } } } } } }`,
    );
    const [notice, report] = view.incident.timeline.edges.map(({ node }: any) => node);
    const { fact: reference, channel, by: actor, source, occurred: when } = expected.NOTICE;
    expect(notice).toMatchObject({ reference, channel, actor, source, occurred: { when }, sameThingAs: null });
    expect(report).toMatchObject({ reference: 'F04', source: { document: 'S1', line: 2 }, sameThingAs: { reference } });
    const { topic, about } = expected.NOTICE.gap;
    expect(view.incident.gaps.edges).toEqual([{ node: { topic, about: { reference: about } } }]);
  });

  test('A5: published at 15:44 are 28 possible and no certain facts; at 15:46 30 certain', async () => {
    expect(await publishedBy(expected.AT_1544)).toEqual({
      certain: expected.CERTAIN_AT_1544,
      possible: expected.POSSIBLE_AT_1544,
      counts: { certain: 0, possible: 28 },
    });
    expect(await publishedBy(expected.AT_1546)).toEqual({
      certain: expected.CERTAIN_AT_1546,
      possible: expected.POSSIBLE_AT_1546,
      counts: { certain: 30, possible: 0 },
    });
  });

  test('A10: all 54 were recorded more than 24 hours after they were known, each with its lag', async () => {
    const { ledger: view } = await ask(
      `{ ledger { incident(id: "${ids.incident}") { timeline(first: 200) { edges { recordingLag { moreThanOneDay minSeconds maxSeconds } node { recorded ... on Fact { reference } } } } } } }`,
    );
    const lags = new Map<string, any>(
      view.incident.timeline.edges.map(({ node, recordingLag }: any) => [
        node.reference,
        { ...recordingLag, recorded: node.recorded },
      ]),
    );
    expect([...lags.keys()].sort()).toEqual(expected.RECORDED_LATE);
    // The first to know counts: the controller where the record shows it, else the public.
    const windows = new Map(
      [...expected.PUBLISHED, ...expected.KNOWN_TO_CONTROLLER].flatMap(({ facts, known }) =>
        facts.map((fact) => [fact as string, known] as const),
      ),
    );
    for (const reference of REFERENCES) {
      const { earliest, latest } = windows.get(reference) as { earliest: string; latest: string };
      const seconds = (instant: string) => (Date.parse(RECORDED) - Date.parse(instant)) / 1000;
      expect([reference, lags.get(reference)]).toEqual([
        reference,
        {
          moreThanOneDay: 'SHOWN',
          minSeconds: seconds(latest),
          maxSeconds: seconds(earliest) + 0.001,
          recorded: RECORDED,
        },
      ]);
    }
  });

  test('A12: at noon on 1 November the controller certainly knew F01 and F03; nothing had been published', async () => {
    const controller = await seen(`(asOf: { known: { at: "${expected.NOON_1_NOVEMBER}", by: "controller:labour" } })`);
    expect(controller).toMatchObject({
      certain: expected.CONTROLLER_CERTAIN_AT_NOON,
      possible: expected.CONTROLLER_POSSIBLE_AT_NOON,
    });
    expect(await publishedBy(expected.NOON_1_NOVEMBER)).toMatchObject({
      certain: [],
      possible: [],
      counts: { certain: 0, possible: 0 },
    });
  });

  test('Q5: published by the end of 3 November 30, by the end of 18 February 54, all certain; the difference is F31 to F54', async () => {
    expect(await publishedBy(expected.END_OF_3_NOVEMBER)).toMatchObject({
      certain: expected.CERTAIN_BY_3_NOVEMBER,
      possible: [],
    });
    expect(await publishedBy(expected.END_OF_18_FEBRUARY)).toMatchObject({
      certain: expected.CERTAIN_BY_18_FEBRUARY,
      possible: [],
    });
    const { comparison } = await ask(
      `{ comparison(incidentId: "${ids.incident}", from: { known: { at: "${expected.END_OF_3_NOVEMBER}", by: "public:public" } }, to: { known: { at: "${expected.END_OF_18_FEBRUARY}", by: "public:public" } }) {
        changes(first: 200) { total edges { changes node { ... on Fact { reference } } } } } }`,
    );
    expect(comparison.changes.edges.map(({ node }: any) => node.reference)).toEqual(expected.PUBLISHED_IN_BETWEEN);
    expect(comparison.changes.edges.every(({ changes }: any) => changes.join() === 'APPEARED')).toBe(true);
  });

  test('what this ledger had on record then is another question: nothing, and the answer says so', async () => {
    const { ledger: view } = await ask(
      `{ ledger(asOf: { recorded: "${FAR_PAST}" }) { resolved { flags } incident(id: "${ids.incident}") { status } timeline(first: 1, filter: { actors: ["controller:labour"] }) { counts { certain possible } } } }`,
    );
    expect(view.incident).toBeNull();
    expect(view.timeline.counts).toEqual({ certain: 0, possible: 0 });
  });

  test('A8, first half: F13 is corrected; every view from before shows the old text, and who corrected it, when and why is on record', async () => {
    const before = await ask(
      `{ ledger { resolved { sequence } history(factId: "${ids.fact('F13')}") { fact { node { ... on Fact { statement { value } } } } } } }`,
    );
    const old = before.ledger.history.fact.node.statement.value as string;
    const CORRECTED = 'The Party now says that one of its own systems was affected.';
    const KNOWN = '2021-12-01T09:00:00.000Z';
    const when = {
      zone: 'Europe/London',
      earliest: KNOWN,
      latest: '2021-12-01T09:01:00.000Z',
      basis: 'STATED_BY_CONTROLLER',
    };
    const answer = await ledger.send('correctFact', {
      commandId: randomUUID(),
      incidentId: ids.incident,
      reference: 'C13',
      corrects: ids.fact('F13'),
      nature: 'SUBSTANCE',
      reason: 'A later statement of the controller.',
      statement: CORRECTED,
      occurred: { moment: when },
      known: [{ by: { role: 'PUBLIC', id: 'public' }, when }],
      source: { document: 'S9', line: 1 },
      actor: { role: 'CONTROLLER', id: 'labour' },
      manner: 'STATED',
    });
    expect(answer).toMatchObject({ __typename: 'CorrectionRecorded', replayed: false });

    const text = async (asOf: string) => {
      const data = await ask(
        `{ ledger(consistentTo: "${answer.position}"${asOf}) { incident(id: "${ids.incident}") { timeline(first: 200, filter: { kinds: [SCOPE_CLAIMED], sources: ["S1E"] }) { edges {
          standing inForce { statement { value } } supersededBy { recorded recordedBy ... on FactCorrected { reason { value } statement { value } } } possiblySupersededBy { id }
          node { ... on Fact { reference statement { value } } } } } } } }`,
      );
      return data.ledger.incident?.timeline.edges.find(({ node }: any) => node.reference === 'F13');
    };
    const now = await text('');
    expect(now).toMatchObject({
      standing: 'CORRECTED',
      node: { statement: { value: old } },
      inForce: { statement: { value: CORRECTED } },
      supersededBy: {
        recorded: RECORDED,
        reason: { value: 'A later statement of the controller.' },
        statement: { value: CORRECTED },
      },
    });
    expect(now.supersededBy.recordedBy).toMatch(/^[0-9a-f-]{36}$/);
    // On the axis of knowledge: nobody knew the new text before December.
    const november = await text(', asOf: { known: { at: "2021-11-30T00:00:00Z" } }');
    expect(november).toMatchObject({
      standing: 'UNCONTESTED',
      inForce: { statement: { value: old } },
      supersededBy: null,
      possiblySupersededBy: null,
    });
    const atTheMinute = await text(`, asOf: { known: { at: "2021-12-01T09:00:30Z" } }`);
    expect(atTheMinute).toMatchObject({
      standing: 'UNCONTESTED',
      inForce: { statement: { value: old } },
      possiblySupersededBy: { id: expect.any(String) },
    });
    const december = await text(', asOf: { known: { at: "2021-12-01T09:01:00Z" } }');
    expect(december).toMatchObject({ standing: 'CORRECTED', inForce: { statement: { value: CORRECTED } } });
    const history = await ask(
      `{ ledger { history(factId: "${ids.fact('F13')}") { fact { standing } amendments { node { kind ... on FactCorrected { corrects { ... on Fact { reference } } nature } } } } } }`,
    );
    expect(history.ledger.history).toEqual({
      fact: { standing: 'CORRECTED' },
      amendments: [{ node: { kind: 'FACT_CORRECTED', corrects: { reference: 'F13' }, nature: 'SUBSTANCE' } }],
    });
  });
});

describe('on the axis of recording', () => {
  const JANUARY = '2026-01-31T23:59:59.999Z';
  const FEBRUARY = '2026-02-01T00:00:00.000Z';
  let clock = new Date('2026-01-01T00:00:00.000Z');
  let ledger: LedgerServer;
  let position: string | undefined;

  const ours = {
    incidentId: SAMPLE_INCIDENT_ID,
    occurred: { moment: { zone: 'Europe/London', local: '2026-02-01' } },
    source: { document: 'own-records' },
    actor: { role: 'CONTROLLER', id: 'labour' },
    manner: 'STATED',
  };

  beforeAll(async () => {
    ledger = await startLedger({ now: () => clock });
    await ledger.loadSample();
    clock = new Date(FEBRUARY);
    const corrected = await ledger.send('correctFact', {
      ...ours,
      commandId: randomUUID(),
      corrects: factIdOf('F13'),
      nature: 'TRANSCRIPTION',
      statement: 'One windmill of the Party was not affected.',
      reason: 'Typed wrongly.',
    });
    expect(corrected.__typename).toBe('CorrectionRecorded');
    const retracted = await ledger.send('retractFact', {
      ...ours,
      commandId: randomUUID(),
      retracts: factIdOf('F12'),
      reason: 'Recorded in error.',
      known: [{ by: { role: 'PUBLIC', id: 'public' }, when: { zone: 'Europe/London', local: '2021-11-03' } }],
    });
    expect(retracted.__typename).toBe('RetractionRecorded');
    position = retracted.position;
  }, 60_000);
  afterAll(() => ledger?.stop());

  const asOf = async (recorded: string, selection: string) => {
    const { data, errors } = await ledger.gql(
      `{ ledger(consistentTo: "${position}", asOf: { recorded: "${recorded}" }) { ${selection} } }`,
    );
    expect(errors).toBeUndefined();
    return data.ledger;
  };
  const inIncident = (selection: string) => `incident(id: "${SAMPLE_INCIDENT_ID}") { ${selection} }`;

  test('the timeline as of before a correction shows the old text, and afterwards the new one', async () => {
    const text = async (recorded: string) => {
      const { incident } = await asOf(
        recorded,
        inIncident(
          'timeline(first: 200) { edges { inForce { statement { value } } node { ... on Fact { reference } } } }',
        ),
      );
      return incident.timeline.edges.find(({ node }: any) => node.reference === 'F13').inForce.statement.value;
    };
    expect(await text(JANUARY)).toMatch(/data systems/);
    expect(await text(FEBRUARY)).toMatch(/windmill/);
  });

  test('search as of before a correction finds the old words and not the new ones', async () => {
    const found = async (recorded: string, words: string) => {
      const { incident } = await asOf(
        recorded,
        inIncident(
          `timeline(first: 200, filter: { text: "${words}", kinds: [SCOPE_CLAIMED] }) { edges { node { ... on Fact { reference } } } }`,
        ),
      );
      return incident.timeline.edges.map(({ node }: any) => node.reference);
    };
    expect([await found(JANUARY, 'systems'), await found(JANUARY, 'windmill')]).toEqual([['F13'], []]);
    expect([await found(FEBRUARY, 'systems'), await found(FEBRUARY, 'windmill')]).toEqual([[], ['F13']]);
  });

  test('the history as of before has no amendment, and afterwards says who, when and why', async () => {
    const history = (recorded: string, reference: 'F12' | 'F13') =>
      asOf(
        recorded,
        `history(factId: "${factIdOf(reference)}") { fact { standing retractedBy { id } } amendments { node { recorded ... on FactCorrected { reason { value } } ... on FactRetracted { reason { value } } } } }`,
      );
    const before = { history: { fact: { standing: 'UNCONTESTED', retractedBy: null }, amendments: [] } };
    expect(await history(JANUARY, 'F12')).toEqual(before);
    expect(await history(JANUARY, 'F13')).toEqual(before);
    expect(await history(FEBRUARY, 'F13')).toEqual({
      history: {
        fact: { standing: 'CORRECTED', retractedBy: null },
        amendments: [{ node: { recorded: FEBRUARY, reason: { value: 'Typed wrongly.' } } }],
      },
    });
    expect(await history(FEBRUARY, 'F12')).toMatchObject({
      history: { fact: { standing: 'RETRACTED' }, amendments: [{ node: { reason: { value: 'Recorded in error.' } } }] },
    });
  });

  test('the difference between before and after names both, and the new entries', async () => {
    const { data } = await ledger.gql(
      `{ comparison(incidentId: "${SAMPLE_INCIDENT_ID}", from: { recorded: "${JANUARY}" }, to: { recorded: "${FEBRUARY}" }) {
        changes(first: 10) { edges { changes node { kind ... on Fact { reference } } before { inForce { statement { value } } } } } } }`,
    );
    const changes = data.comparison.changes.edges.map(({ changes, node }: any) => [
      node.reference ?? node.kind,
      changes,
    ]);
    expect(changes).toEqual([
      ['F12', ['STANDING_CHANGED']],
      ['F13', ['TEXT_CHANGED', 'STANDING_CHANGED']],
      ['FACT_CORRECTED', ['APPEARED']],
      ['FACT_RETRACTED', ['APPEARED']],
    ]);
    expect(data.comparison.changes.edges[1].before.inForce.statement.value).toMatch(/data systems/);
  });

  test('a correction of our own typing holds wherever the original was known', async () => {
    const { data } = await ledger.gql(
      `{ ledger(asOf: { known: { at: "2021-11-03T16:00:00Z", by: "public:public" } }) { history(factId: "${factIdOf('F13')}") { fact { certainty standing inForce { statement { value } } } } } }`,
    );
    expect(data.ledger.history.fact).toMatchObject({
      certainty: 'CERTAIN',
      standing: 'CORRECTED',
      inForce: { statement: { value: expect.stringMatching(/windmill/) } },
    });
  });
});
