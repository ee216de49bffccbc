import { randomUUID } from 'node:crypto';
import { startLedger, type LedgerServer } from '../support/ledger-server';

let ledger: LedgerServer;
const id = (prefix: string) => `${prefix}_${randomUUID()}`;
const [incidentId, otherId] = [id('inc'), id('inc')];
const zone = 'Europe/London';
const COUNCIL = { role: 'CONTROLLER', id: 'example-council' };
const on = (local: string) => ({ zone, local });

const open = (incident: string, reference: string) =>
  ledger.send('openIncident', {
    commandId: randomUUID(),
    incidentId: incident,
    reference,
    title: 'A box of tapes',
    controller: COUNCIL,
    zone,
  });
const fact = (fields: object) => ({
  commandId: randomUUID(),
  incidentId,
  occurred: { moment: on('2031-01-03') },
  known: [
    { by: { role: 'PROCESSOR', id: 'example-archive' }, when: on('2031-01-03') },
    { by: COUNCIL, when: on('2031-01-10') },
  ],
  source: { document: 'letter-7' },
  actor: COUNCIL,
  manner: 'STATED',
  statement: 'A box was not on its shelf.',
  ...fields,
});
const ask = async (query: string) => {
  const { data, errors } = await ledger.gql(query);
  expect(errors).toBeUndefined();
  return data;
};

beforeAll(async () => {
  ledger = await startLedger({ now: () => new Date('2031-01-10T12:00:00Z') });
  await open(incidentId, 'EX-1');
  await open(otherId, 'EX-2');
});
afterAll(() => ledger.stop());

const MUTATION = `mutation ($input: CloseIncidentInput!) {
  closeIncident(input: $input) { ... on Recorded { effect replayed } }
}`;

test('a command whose goal held already says so, and does not pass for one that was recorded', async () => {
  const close = (commandId: string, reason: string) =>
    ledger.gql(MUTATION, { input: { commandId, incidentId: otherId, reason } });
  const first = randomUUID();
  expect((await close(first, 'It was found.')).data.closeIncident).toEqual({ effect: 'RECORDED', replayed: false });
  expect((await close(randomUUID(), 'For another reason.')).data.closeIncident).toEqual({
    effect: 'ALREADY_SO',
    replayed: false,
  });
  expect((await close(first, 'It was found.')).data.closeIncident).toEqual({ effect: 'RECORDED', replayed: true });
});

test('a fact says which of the facts that it points at are not on record', async () => {
  const record = async (fields: object) =>
    (
      await ledger.gql(
        `mutation ($input: RecordAnswerInput!) { recordAnswer(input: $input) { ... on AnswerRecorded { notOnRecord } } }`,
        { input: fact(fields) },
      )
    ).data.recordAnswer.notOnRecord;
  const [question, nowhere] = [id('fact'), id('fact')];
  await ledger.send('recordQuestion', fact({ factId: question, manner: 'ASKED' }));
  expect(await record({ answers: question })).toEqual([]);
  expect(await record({ answers: nowhere, partOf: question, restates: [question, nowhere] })).toEqual([
    nowhere,
    nowhere,
  ]);
});

test('a link shows from both records, and says from which it was made', async () => {
  await ledger.send('linkIncident', {
    commandId: randomUUID(),
    incidentId,
    otherIncidentId: otherId,
    relation: 'PRIOR',
    reason: 'The same archive.',
  });
  const data = await ask(`{ ledger {
    from: incident(id: "${incidentId}") { ...Links }
    to: incident(id: "${otherId}") { ...Links }
  } }
  fragment Links on IncidentState {
    links(first: 5) { edges { node { other { reference } relation madeFrom reason { value } } } }
  }`);
  const link = { relation: 'PRIOR', reason: { value: 'The same archive.' } };
  expect(data.ledger.from.links.edges).toEqual([{ node: { ...link, other: { reference: 'EX-2' }, madeFrom: 'THIS' } }]);
  expect(data.ledger.to.links.edges).toEqual([{ node: { ...link, other: { reference: 'EX-1' }, madeFrom: 'OTHER' } }]);
});

test('the lag counts from whoever knew first, and apart from that from the controller', async () => {
  const factId = id('fact');
  await ledger.send('recordClaim', fact({ factId }));
  const edge = await ask(`{ ledger { history(factId: "${factId}") { fact {
    recordingLag { moreThanOneDay } controllerLag { moreThanOneDay maxSeconds }
  } } } }`);
  expect(edge.ledger.history.fact).toEqual({
    recordingLag: { moreThanOneDay: 'SHOWN' },
    controllerLag: { moreThanOneDay: 'REFUTED', maxSeconds: 43200.001 },
  });
});

test('amendments can be left out of a list and of its counts', async () => {
  const factId = id('fact');
  await ledger.send('recordConcession', fact({ factId }));
  await ledger.send(
    'correctFact',
    fact({ corrects: factId, nature: 'SUBSTANCE', reason: 'A second letter.', statement: 'Two boxes were not there.' }),
  );
  const data = await ask(`{ ledger { incident(id: "${incidentId}") {
    all: timeline(first: 1, filter: { kinds: [CONCESSION_MADE, FACT_CORRECTED] }) { counts { certain } }
    facts: timeline(first: 1, filter: { kinds: [CONCESSION_MADE, FACT_CORRECTED], amends: false }) { counts { certain } }
  } } }`);
  expect(data.ledger.incident).toEqual({ all: { counts: { certain: 2 } }, facts: { counts: { certain: 1 } } });
});

test('a gap that was closed no longer ages, and is found by the facts at which it shows', async () => {
  const [factId, gapId] = [id('fact'), id('gap')];
  await ledger.send('recordClaim', fact({ factId }));
  await ledger.send('openGap', {
    commandId: randomUUID(),
    incidentId,
    gapId,
    topic: 'NUMBERS',
    missing: 'How many letters were in it.',
    about: [factId],
    shows: on('2031-01-04'),
  });
  await ledger.send('closeGap', {
    commandId: randomUUID(),
    incidentId,
    gapId,
    answeredBy: [factId],
    reason: 'It says so.',
  });
  const data = await ask(`{ ledger(asOf: { known: { at: "2031-06-01T00:00:00Z" } }) { incident(id: "${incidentId}") {
    gaps(first: 5, filter: { about: ["${factId}"] }) { edges { state age { minSeconds maxSeconds } } }
  } } }`);
  const day = 24 * 60 * 60;
  expect(data.ledger.incident.gaps.edges).toEqual([
    { state: 'CLOSED', age: { minSeconds: 5.5 * day, maxSeconds: 6.5 * day } },
  ]);
  const { errors } = await ledger.gql(
    `{ ledger { incident(id: "${incidentId}") { gaps(filter: { about: ["E09"] }) { edges { state } } } } }`,
  );
  expect(errors?.[0]?.extensions.code).toBe('BAD_ARGUMENT');
});

test('what points at one assertion of a thing is found from any other, and a list of one kind does not lose it to another kind', async () => {
  const ids = Object.fromEntries(
    ['claim', 'report', 'first', 'second', 'part', 'q1', 'q2'].map((name) => [name, id('fact')]),
  );
  const { claim, report, first, second, part, q1, q2 } = ids as Record<string, string>;
  const ICO = { role: 'AUTHORITY', id: 'example-authority' };
  await ledger.send('recordClaim', fact({ factId: claim }));
  await ledger.send(
    'recordAuthorityReport',
    fact({ factId: report, reference: 'R1', recipient: ICO, sameThingAs: claim }),
  );
  await ledger.send('recordPublicStatement', fact({ factId: first, reference: 'S1' }));
  await ledger.send('recordPublicStatement', fact({ factId: second, sameThingAs: first }));
  await ledger.send('recordAdvice', fact({ factId: part, reference: 'P1', partOf: second }));
  await ledger.send('recordQuestion', fact({ factId: q1, reference: 'Q1', manner: 'ASKED' }));
  await ledger.send('recordQuestion', fact({ factId: q2, reference: 'Q2', manner: 'ASKED', sameThingAs: q1 }));
  await ledger.send('recordAnswer', fact({ answers: q2, reference: 'A1' }));
  const data = await ask(`{ ledger { incident(id: "${incidentId}") {
    authorities(first: 5) { edges { node { reports { node { ...Reference } } } } }
    communications(first: 5) { edges { node { fact { node { ...Reference } } parts(first: 5) { edges { node { ...Reference } } } } } }
    questions(first: 5) { edges { node { fact { node { ...Reference } } answers { node { ...Reference } } } } }
  } } }
  fragment Reference on Fact { reference }`);
  const named = (reference: string) => ({ node: { reference } });
  const { authorities, communications, questions } = data.ledger.incident;
  expect(authorities.edges).toEqual([{ node: { reports: [named('R1')] } }]);
  expect(communications.edges).toEqual([{ node: { fact: named('S1'), parts: { edges: [named('P1')] } } }]);
  expect(questions.edges).toContainEqual({ node: { fact: named('Q1'), answers: [named('A1')] } });
  expect(questions.edges).not.toContainEqual(
    expect.objectContaining({ node: expect.objectContaining({ fact: named('Q2') }) }),
  );
});
