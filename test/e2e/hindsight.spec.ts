import { randomUUID } from 'node:crypto';
import { startLedger, type LedgerServer } from '../support/ledger-server';

/** What a view must not show: anything from outside its moment, its incident, or what may be read. */

const INCIDENT = `inc_${randomUUID()}`;
const OTHER = `inc_${randomUUID()}`;
const COUNCIL = { role: 'CONTROLLER', id: 'example-council' };
const PUBLIC = { role: 'PUBLIC', id: 'public' };
const day = (local: string) => ({ zone: 'Europe/London', local });

let ledger: LedgerServer;
const fact = (fields: object) => ({
  commandId: randomUUID(),
  incidentId: INCIDENT,
  occurred: { moment: day('2031-01-02') },
  known: [{ by: COUNCIL, when: day('2031-01-03') }],
  source: { document: 'letter-7' },
  actor: COUNCIL,
  manner: 'STATED',
  statement: 'A box of tapes was lost.',
  ...fields,
});
const idOf = () => `fact_${randomUUID()}`;
const ask = async (query: string) => {
  const { data, errors } = await ledger.gql(query);
  expect(errors).toBeUndefined();
  return data;
};
const send = async (mutation: string, input: object) => {
  const answer = await ledger.send(mutation, input as Record<string, unknown>);
  expect(answer.issues ?? answer.code).toBeUndefined();
  return answer;
};

beforeAll(async () => {
  ledger = await startLedger();
  for (const incidentId of [INCIDENT, OTHER])
    await send('openIncident', {
      commandId: randomUUID(),
      incidentId,
      reference: 'tapes',
      title: 'Lost tapes',
      controller: COUNCIL,
      zone: 'Europe/London',
    });
  await send('registerParty', {
    commandId: randomUUID(),
    partyId: 'acme',
    name: 'Acme Archives',
    sort: 'ORGANISATION',
  });
});
afterAll(() => ledger.stop());

test('a link leads nowhere while the fact at its other end was not known', async () => {
  const [later, earlier] = [idOf(), idOf()];
  await send(
    'recordClaim',
    fact({ factId: later, known: [{ by: COUNCIL, when: day('2031-02-20') }], statement: 'Hindsight.' }),
  );
  const { position } = await send('recordClaim', fact({ factId: earlier, sameThingAs: later }));
  const linkedAt = async (at: string) => {
    const data = await ask(
      `{ ledger(consistentTo: "${position}", asOf: { known: { at: "${at}" } }) { history(factId: "${earlier}") { fact { node { ... on Fact { sameThingAs { id } } } } } } }`,
    );
    return data.ledger.history.fact.node.sameThingAs;
  };
  expect(await linkedAt('2031-01-10T00:00:00Z')).toBeNull();
  expect(await linkedAt('2031-02-21T00:00:00Z')).toEqual({ id: later });
});

test('a gap does not show before anybody knew of the notice at which it shows', async () => {
  const stranger = { role: 'PROCESSOR', id: 'stranger' };
  const { position } = await send(
    'recordProcessorNotification',
    fact({ actor: stranger, channel: 'EMAIL', known: [{ by: COUNCIL, when: day('2031-02-25') }] }),
  );
  const gapsAt = async (at: string) => {
    const data = await ask(
      `{ ledger(consistentTo: "${position}", asOf: { known: { at: "${at}" } }) { incident(id: "${INCIDENT}") { gaps { edges { node { actor { ref } } } } } } }`,
    );
    return data.ledger.incident.gaps.edges.map(({ node }: any) => node.actor.ref);
  };
  expect(await gapsAt('2031-02-01T00:00:00Z')).toEqual([]);
  expect(await gapsAt('2031-02-26T00:00:00Z')).toEqual(['processor:stranger']);
});

test('a gap is covered once a view shows the one that asks the same, and closed once a fact shows that closes it', async () => {
  const stranger = { role: 'PROCESSOR', id: 'late-stranger' };
  const [noticeId, answerId, gapId] = [idOf(), idOf(), `gap_${randomUUID()}`];
  await send(
    'recordProcessorNotification',
    fact({ factId: noticeId, actor: stranger, channel: 'EMAIL', known: [{ by: COUNCIL, when: day('2031-03-02') }] }),
  );
  await send('recordClaim', fact({ factId: answerId, known: [{ by: COUNCIL, when: day('2031-03-20') }] }));
  const about = { commandId: randomUUID(), incidentId: INCIDENT, gapId };
  await send('openGap', {
    ...{ ...about, topic: 'PROCESSOR_IDENTITY', actor: stranger, about: [noticeId], missing: 'Who is that?' },
    shows: day('2031-03-10'),
  });
  const { position } = await send('closeGap', {
    ...{ ...about, commandId: randomUUID(), answeredBy: [answerId], reason: 'A letter says.' },
  });
  const gapsAt = async (at: string) => {
    const data = await ask(
      `{ ledger(consistentTo: "${position}", asOf: { known: { at: "${at}T00:00:00Z" } }) { incident(id: "${INCIDENT}") { gaps(filter: { about: ["${noticeId}"] }) { edges {
        state node { topic } coveredBy { localId } answeredBy { ... on Fact { id } } reason { value } } } } } }`,
    );
    return data.ledger.incident.gaps.edges.map(({ state, node, coveredBy, answeredBy, reason }: any) => [
      node.topic,
      state,
      coveredBy?.localId ?? answeredBy[0]?.id ?? reason,
    ]);
  };
  const own = 'UNREGISTERED_PROCESSOR';
  expect(await gapsAt('2031-03-01')).toEqual([]);
  expect(await gapsAt('2031-03-05')).toEqual([[own, 'OPEN', null]]);
  expect(await gapsAt('2031-03-12')).toEqual([
    [own, 'COVERED', gapId],
    ['PROCESSOR_IDENTITY', 'OPEN', null],
  ]);
  expect(await gapsAt('2031-03-22')).toEqual([
    [own, 'OPEN', null],
    ['PROCESSOR_IDENTITY', 'CLOSED', answerId],
  ]);
});

test('a gap is no older than the moment, though its closing was recorded later', async () => {
  const [noticeId, gapId] = [idOf(), `gap_${randomUUID()}`];
  await send('recordClaim', fact({ factId: noticeId, known: [{ by: COUNCIL, when: day('2021-11-01') }] }));
  const about = { commandId: randomUUID(), incidentId: INCIDENT, gapId };
  await send('openGap', { ...about, topic: 'OTHER', about: [noticeId], reference: 'aged' });
  const { position } = await send('closeGap', {
    ...{ ...about, commandId: randomUUID(), answeredBy: [noticeId], reason: 'A letter says.' },
  });
  const data = await ask(
    `{ ledger(consistentTo: "${position}", asOf: { known: { at: "2021-11-10T00:00:00Z" } }) { incident(id: "${INCIDENT}") { gaps(filter: { references: ["aged"] }) { edges { state age { minSeconds maxSeconds } } } } } }`,
  );
  const days = (count: number) => count * 86_400;
  expect(data.ledger.incident.gaps.edges).toEqual([
    { state: 'CLOSED', age: { minSeconds: days(8), maxSeconds: days(9) } },
  ]);
});

test('a question is contested, and settled, once a view shows the facts on which that rests', async () => {
  const [yes, no, questionId] = [idOf(), idOf(), `question_${randomUUID()}`];
  await send('recordClaim', fact({ factId: yes, statement: 'It was locked.' }));
  await send('recordClaim', fact({ factId: no, known: [{ by: COUNCIL, when: day('2031-02-10') }] }));
  const on = () => ({ commandId: randomUUID(), incidentId: INCIDENT, questionId });
  await send('nameContestedQuestion', { ...on(), question: 'Was it locked?' });
  await send('attributeStance', { ...on(), factId: yes, stance: 'ASSERTS' });
  await send('attributeStance', { ...on(), factId: no, stance: 'DENIES' });
  const { position } = await send('settleContestedQuestion', { ...on(), answer: 'It was not.', restsOn: [no] });
  const at = async (date: string) => {
    const data = await ask(
      `{ ledger(consistentTo: "${position}", asOf: { known: { at: "${date}T00:00:00Z" } }) { history(factId: "${yes}") { fact { standing } } incident(id: "${INCIDENT}") { contestedQuestions { edges { conflict settledBy { value } positions { stance } } } } } }`,
    );
    const { fact: standing } = data.ledger.history;
    return [standing.standing, ...data.ledger.incident.contestedQuestions.edges];
  };
  expect(await at('2031-02-01')).toEqual([
    'UNCONTESTED',
    { conflict: 'NONE', settledBy: null, positions: [{ stance: 'ASSERTS' }] },
  ]);
  expect(await at('2031-02-11')).toEqual([
    'CONTESTED',
    {
      conflict: 'OPEN',
      settledBy: { value: 'It was not.' },
      positions: [{ stance: 'ASSERTS' }, { stance: 'DENIES' }],
    },
  ]);
});

test('whoever came to know a fact later is named with their own words, and sees it from then', async () => {
  const [factId, learned] = [idOf(), idOf()];
  await send('recordClaim', fact({ factId }));
  await send(
    'recordKnowledge',
    fact({ factId: learned, learned: factId, known: [{ by: PUBLIC, when: day('2031-02-12'), basis: 'An article.' }] }),
  );
  const { position } = await send('correctFact', {
    ...fact({ corrects: learned, nature: 'TRANSCRIPTION', reason: 'Typed wrongly.' }),
    known: null,
    changes: { known: [{ by: PUBLIC, when: day('2031-02-14'), basis: 'Another article.' }] },
  });
  const shownTo = async (date: string, by?: string) => {
    const knowledge = `at: "${date}T00:00:00Z"${by === undefined ? '' : ` by: "${by}"`}`;
    const data = await ask(
      `{ ledger(consistentTo: "${position}", asOf: { known: { ${knowledge} } }) { history(factId: "${factId}") { fact { knownBy { by { ref } basis { value } certainty } inForce { known { basis { value } } } } } } }`,
    );
    return data.ledger.history?.fact ?? null;
  };
  expect(await shownTo('2031-02-13', 'public:public')).toBeNull();
  const article = { by: { ref: 'public:public' }, basis: { value: 'Another article.' }, certainty: 'CERTAIN' };
  const inForce = { known: [{ basis: null }, { basis: { value: 'Another article.' } }] };
  expect(await shownTo('2031-02-16', 'public:public')).toEqual({ knownBy: [article], inForce });
  expect((await shownTo('2031-02-16')).knownBy).toHaveLength(2);
});

test('one fact id in two incidents is two facts, and neither answers for the other', async () => {
  const factId = idOf();
  await send('recordClaim', fact({ factId, statement: 'Of the first.' }));
  const { data } = await ledger.gql(
    `mutation ($input: RecordClaimInput!) { recordClaim(input: $input) { ... on ClaimRecorded { position entry { statement { value } incident { id } } } } }`,
    { input: fact({ factId, incidentId: OTHER, statement: 'Of the second.' }) },
  );
  expect(data.recordClaim.entry).toEqual({ statement: { value: 'Of the second.' }, incident: { id: OTHER } });
  const { ledger: view } = await ask(
    `{ ledger(consistentTo: "${data.recordClaim.position}") { history(factId: "${factId}") { fact { node { ... on Fact { statement { value } } } } amendments { cursor } } } }`,
  );
  expect(view.history).toEqual({ fact: { node: { statement: { value: 'Of the first.' } } }, amendments: [] });
});

test('each knower has a certainty of its own, and a correction of our typing those of its original', async () => {
  const factId = idOf();
  await send(
    'recordClaim',
    fact({
      factId,
      known: [
        { by: COUNCIL, when: day('2031-01-04') },
        { by: PUBLIC, when: day('2031-01-20') },
      ],
    }),
  );
  const { position } = await send('correctFact', {
    ...fact({ corrects: factId, nature: 'TRANSCRIPTION', reason: 'Typed wrongly.' }),
    known: null,
  });
  const data = await ask(
    `{ ledger(consistentTo: "${position}", asOf: { known: { at: "2031-01-20T12:00:00Z" } }) { history(factId: "${factId}") { fact { ...K } amendments { ...K } } } }
    fragment K on TimelineEdge { certainty knownBy { by { ref } certainty } inForce { known { by { ref } } } }`,
  );
  const knownBy = [
    { by: { ref: 'controller:example-council' }, certainty: 'CERTAIN' },
    { by: { ref: 'public:public' }, certainty: 'POSSIBLE' },
  ];
  const inForce = { known: knownBy.map(({ by }) => ({ by })) };
  expect(data.ledger.history).toEqual({
    fact: { certainty: 'CERTAIN', knownBy, inForce },
    amendments: [{ certainty: 'CERTAIN', knownBy, inForce }],
  });
});

test('a correction of our typing has the same knowers in its history as in the timeline', async () => {
  const [factId, typed] = [idOf(), idOf()];
  await send('recordClaim', fact({ factId }));
  const knew = (by: object, local: string) => ({ known: [{ by, when: day(local) }] });
  await send('correctFact', {
    ...fact({ factId: typed, corrects: factId, nature: 'TRANSCRIPTION', reason: 'Typed wrongly.' }),
    known: null,
    changes: knew(COUNCIL, '2031-01-05'),
  });
  const { position } = await send('correctFact', {
    ...fact({ corrects: factId, nature: 'SUBSTANCE', reason: 'A later account.' }),
    changes: knew(PUBLIC, '2031-01-09'),
  });
  const { ledger: view } = await ask(
    `{ ledger(consistentTo: "${position}") { history(factId: "${typed}") { fact { ...K } } incident(id: "${INCIDENT}") { timeline(first: 200) { edges { node { id } ...K } } } } }
    fragment K on TimelineEdge { knownBy { by { ref } } }`,
  );
  const { node: _, ...listed } = view.incident.timeline.edges.find(({ node }: any) => node.id === typed);
  expect(listed).toEqual({ knownBy: [{ by: { ref: 'public:public' } }] });
  expect(view.history.fact).toEqual(listed);
});

test('an actor whom the source does not name is given no registered name', async () => {
  const names = async (role: string) => {
    const factId = idOf();
    const { position } = await send('recordClaim', fact({ factId, actor: { role, id: 'acme' } }));
    const data = await ask(
      `{ ledger(consistentTo: "${position}") { history(factId: "${factId}") { fact { node { ... on Fact { actor { name { value } } } } } } } }`,
    );
    return data.ledger.history.fact.node.actor.name;
  };
  expect(await names('PROCESSOR')).toEqual({ value: 'Acme Archives' });
  expect(await names('UNATTRIBUTED')).toBeNull();
  expect(await names('THREAT_ACTOR')).toBeNull();
});

test('a pinned sequence gives the same answer for ever', async () => {
  const { ledger: now } = await ask('{ ledger { resolved { sequence } timeline { counts { certain } } } }');
  await send('recordClaim', fact({}));
  const { ledger: pinned } = await ask(
    `{ ledger(asOf: { sequence: "${now.resolved.sequence}" }) { requested { sequence } resolved { sequence flags } timeline { counts { certain } } } }`,
  );
  expect(pinned).toEqual({
    requested: { sequence: now.resolved.sequence },
    resolved: { sequence: now.resolved.sequence, flags: [] },
    timeline: now.timeline,
  });
  const { errors } = await ledger.gql(
    '{ ledger(asOf: { sequence: "1", recorded: "2031-01-01T00:00:00Z" }) { resolved { sequence } } }',
  );
  expect(errors?.[0]?.extensions.code).toBe('BAD_ARGUMENT');
});

test('a limit of recording that is not settled yet says so', async () => {
  const flags = async (recorded: string) =>
    (await ask(`{ ledger(asOf: { recorded: "${recorded}" }) { resolved { flags } } }`)).ledger.resolved.flags;
  expect(await flags(new Date().toISOString())).toEqual(['RECORDED_UNSETTLED']);
  expect(await flags('2001-01-01T00:00:00.000Z')).toEqual(['RECORDED_BEFORE_FIRST']);
});

test('how many privileged facts there are cannot be told from positions, revisions or conflicts', async () => {
  const open = async () => (await send('recordClaim', fact({}))).position as string;
  const before = await open();
  const privileged = await send('recordClaim', fact({ partition: 'PRIVILEGED' }));
  expect(privileged).toMatchObject({ __typename: 'ClaimRecorded', position: null, revision: null, replayed: false });
  const after = await open();
  for (const position of [before, after]) expect(position).toMatch(/^[A-Za-z0-9_-]{22}$/);
  const probe = await ledger.send('recordClaim', fact({ partition: 'PRIVILEGED', expectedRevision: '999999' }));
  expect(probe).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: ['expectedRevision'], code: 'NOT_ALLOWED' }],
  });
});

test('a position of another ledger is refused, not taken for one of ours', async () => {
  const { errors } = await ledger.gql('{ ledger(consistentTo: "AAAAAAAAAAAAAAAAAAAAAA") { resolved { sequence } } }');
  expect(errors?.[0]?.extensions.code).toBe('BAD_ARGUMENT');
});

test('an incident that is on record at neither moment is not compared: no difference would say too much', async () => {
  const data = await ask(`{ comparison(incidentId: "inc_${randomUUID()}", from: {}, to: {}) { changes { total } } }`);
  expect(data.comparison).toBeNull();
});
