import { randomUUID } from 'node:crypto';
import { LedgerClient } from '../../apps/ledgerctl/ledger-client';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { ask, inOrderOfAsking, record, type LedgerToAsk } from '../seed-case/ask';
import { CORRECTED_F13, EXPECTED, FIRST_KNOWN, ORIGINAL_F13 } from '../seed-case/expected';
import { REFERENCES } from '../seed-case/ids';
import { ownIds } from '../seed-case/own-ids';
import { questions } from '../seed-case/questions';
import { factIdOf, sample, SAMPLE_INCIDENT_ID } from '../seed-case/sample';
import { loudly, REAL_NOT_RUN, realEventStoreDb, startRealEventStoreDb } from '../stores/real-eventstoredb';
import { startLedger, type LedgerServer } from '../support/ledger-server';

/** Long after the case: everything was recorded late, and the lag can be told to the second. */
const RECORDED = '2026-01-01T00:00:00.000Z';

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

describe.each(Object.entries(STORES))('on %s', (_, open) => {
  const own = ownIds(randomUUID());
  const steps = own.value(sample);
  const incident = own.text(SAMPLE_INCIDENT_ID);
  const f13 = own.text(factIdOf('F13'));
  let store: Store;
  let ledger: LedgerServer;
  let client: LedgerToAsk;

  beforeAll(async () => {
    store = await open();
    ledger = await startLedger({
      now: () => new Date(RECORDED),
      ...(store.url === undefined ? {} : { eventStoreUrl: store.url }),
    });
    client = new LedgerClient(ledger.url);
    await record(steps, client);
  }, 120_000);
  afterAll(async () => {
    await ledger?.stop();
    await store?.stop();
  });

  const view = async (selection: string) => {
    const { ledger: data } = await client.query<{ ledger: any }>(`{ ${selection} }`);
    return data;
  };

  test('a second import changes nothing', async () => {
    const before = await view('ledger { resolved { sequence } }');
    for (const { mutation, input } of steps) {
      const answer = await ledger.send(mutation, input);
      if (mutation !== 'registerParty')
        expect([mutation, answer]).toEqual([mutation, expect.objectContaining({ replayed: true })]);
    }
    expect(await view('ledger { resolved { sequence } }')).toEqual(before);
  });

  test('the facts stay apart from what is done to the record: 54 facts, 20 gaps and the one of the ledger, 13 questions', async () => {
    const { incident: state } = await view(
      `ledger { incident(id: "${incident}") { timeline(first: 1) { counts { certain possible } } gaps(first: 50) { edges { state node { reference topic } coveredBy { reference } } } contestedQuestions(first: 50) { edges { positions { stance position { value } } } } } }`,
    );
    expect(state.timeline.counts).toEqual({ certain: 54, possible: 0 });
    expect(state.gaps.edges).toHaveLength(21);
    expect(state.gaps.edges.filter(({ state: is }: any) => is !== 'OPEN')).toEqual([
      {
        state: 'COVERED',
        node: { reference: null, topic: 'UNREGISTERED_PROCESSOR' },
        coveredBy: { reference: 'G01' },
      },
    ]);
    expect(state.contestedQuestions.edges).toHaveLength(13);
    const stances = state.contestedQuestions.edges.flatMap(({ positions }: any) => positions);
    expect(stances).toHaveLength(37);
    expect(stances.every(({ position }: any) => typeof position.value === 'string')).toBe(true);
  });

  test('A1 and more: the order is that of the bounds', async () => {
    const { incident: state } = await view(
      `ledger { incident(id: "${incident}") { timeline(first: 200, orderBy: { field: OCCURRED }) { edges { node { ... on Fact { occurred { when { earliest } start { earliest } } } } } } } }`,
    );
    const earliest: (string | null)[] = state.timeline.edges.map(
      ({ node }: any) => (node.occurred.when ?? node.occurred.start).earliest,
    );
    const open = EXPECTED.A1.noLowerBound.length;
    expect(earliest.slice(0, open)).toEqual(Array(open).fill(null));
    expect(earliest.slice(open)).toEqual([...earliest.slice(open)].sort());
  });

  test('A10 and more: the lag runs from the window of the first to know to the recording, to the second', async () => {
    const { incident: state } = await view(
      `ledger { incident(id: "${incident}") { timeline(first: 200) { edges { recordingLag { minSeconds maxSeconds } node { recorded ... on Fact { reference } } } } } }`,
    );
    const lags = new Map<string, any>(
      state.timeline.edges.map(({ node: { reference, recorded }, recordingLag }: any) => [
        reference,
        { ...recordingLag, recorded },
      ]),
    );
    const windows = new Map(FIRST_KNOWN.flatMap(({ facts, known }) => facts.map((fact) => [fact, known] as const)));
    const seconds = (instant: string) => (Date.parse(RECORDED) - Date.parse(instant)) / 1000;
    for (const reference of REFERENCES) {
      const { earliest, latest } = windows.get(reference) as { earliest: string; latest: string };
      expect([reference, lags.get(reference)]).toEqual([
        reference,
        { minSeconds: seconds(latest), maxSeconds: seconds(earliest) + 0.001, recorded: RECORDED },
      ]);
    }
  });

  // A8 corrects F13, and comes last for that reason.
  test.each(inOrderOfAsking(questions.map(own.question)).map((question) => [question.id, question] as const))(
    '%s',
    async (_id, question) => {
      const { answer } = await ask(question, client);
      expect(answer).toEqual(question.expected);
    },
  );

  test('A8 and more: the correction shows where its own knowledge reaches, to the minute, and says by whom and when', async () => {
    const text = async (asOf: string) => {
      const { incident: state } = await view(
        `ledger${asOf} { incident(id: "${incident}") { timeline(first: 10, filter: { references: ["F13"] }) { edges {
          standing inForce { statement { value } } supersededBy { recorded recordedBy ... on FactCorrected { reason { value } } } possiblySupersededBy { kind } } } } }`,
      );
      return state.timeline.edges[0];
    };
    const old = { standing: 'CONTESTED', inForce: { statement: { value: ORIGINAL_F13 } }, supersededBy: null };
    const november = await text('(asOf: { known: { at: "2021-11-30T00:00:00Z" } })');
    expect(november).toEqual({ ...old, possiblySupersededBy: null });
    const withinTheMinute = await text('(asOf: { known: { at: "2021-12-01T09:00:30Z" } })');
    expect(withinTheMinute).toEqual({ ...old, possiblySupersededBy: { kind: 'FACT_CORRECTED' } });
    const corrected = {
      standing: 'CORRECTED',
      inForce: { statement: { value: CORRECTED_F13 } },
      supersededBy: {
        recorded: RECORDED,
        recordedBy: expect.stringMatching(/^[0-9a-f-]{36}$/),
        reason: { value: 'Made up, to show a correction.' },
      },
      possiblySupersededBy: null,
    };
    expect(await text('(asOf: { known: { at: "2021-12-01T09:01:00Z" } })')).toEqual(corrected);
    expect(await text('')).toEqual(corrected);
    const { history } = await view(
      `ledger { history(factId: "${f13}") { amendments { node { kind ... on FactCorrected { corrects { ... on Fact { reference } } nature } } } } }`,
    );
    expect(history.amendments).toEqual([
      { node: { kind: 'FACT_CORRECTED', corrects: { reference: 'F13' }, nature: 'SUBSTANCE' } },
    ]);
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
    const before = (standing: string) => ({ history: { fact: { standing, retractedBy: null }, amendments: [] } });
    expect(await history(JANUARY, 'F12')).toEqual(before('UNCONTESTED'));
    expect(await history(JANUARY, 'F13')).toEqual(before('CONTESTED')); // C1: F25 says otherwise
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
