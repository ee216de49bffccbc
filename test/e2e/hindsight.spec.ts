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
