import { randomUUID } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { StoreUnavailable } from '@ledger/event-store/errors';
import { MAX_TOKENS } from '../../apps/ledger/graphql/transport';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { factIdOf, SAMPLE_INCIDENT_ID } from '../seed-case/sample';
import { startLedger, type GraphQLAnswer, type LedgerServer, type MutationAnswer } from '../support/ledger-server';

jest.setTimeout(60_000);

let ledger: LedgerServer;
beforeAll(async () => {
  ledger = await startLedger();
  await ledger.loadSample();
});
afterAll(() => ledger.stop());

interface Reply extends GraphQLAnswer {
  readonly text: string;
}

/** Nothing of ours shows in any answer: no stack, no path, no SQL, no name of a module. */
const expectNoLeak = (text: string): void => {
  expect(text).not.toMatch(
    /\bat \S+ \(|node_modules|\.[cm]?[jt]s:\d|\b(SELECT|INSERT|UPDATE)\b|sqlite|TypeError|\bcause\b/i,
  );
  for (const ours of [ledger.data, process.cwd(), 'log.db', 'views.db']) expect(text).not.toContain(ours);
};

const request = async (init: RequestInit, path = '/graphql', server = ledger): Promise<Reply> => {
  const response = await fetch(server.url + path, init);
  const text = await response.text();
  expectNoLeak(text);
  return { status: response.status, text, ...(JSON.parse(text) as { data: unknown }) };
};
const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: string, headers: Record<string, string> = JSON_TYPE) => request({ method: 'POST', headers, body });
const ask = (query: string, variables?: object) => post(JSON.stringify({ query, variables }));

const head = async (): Promise<string> => {
  let all = '';
  for (let after: { position: never } | undefined; ;) {
    const piece = await ledger.resources.store.readAll({ limit: 1000, ...(after && { after: after.position }) });
    const last = piece.at(-1);
    if (last === undefined) return all;
    after = last as unknown as { position: never };
    all = last.position;
  }
};

/** Whatever is asked, the log is afterwards as it was before. */
const nothingAppended = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = await head();
  const answer = await work();
  expect(await head()).toBe(before);
  return answer;
};

const zone = 'Europe/London';
const DAY = { zone, local: '2021-10-29' };
const PROCESSOR = { role: 'PROCESSOR', id: 'unnamed' };
const KNOWN = { by: { role: 'CONTROLLER', id: 'labour' }, when: DAY };

const notice = (fields: object = {}): Record<string, unknown> => ({
  commandId: randomUUID(),
  incidentId: SAMPLE_INCIDENT_ID,
  occurred: { moment: DAY },
  known: [KNOWN],
  source: { document: 'S1E' },
  actor: PROCESSOR,
  manner: 'STATED',
  via: [],
  statement: 'A notice.',
  channel: 'EMAIL',
  ...fields,
});
const sendNotice = async (fields: object): Promise<MutationAnswer> => {
  const answer = await ledger.send('recordProcessorNotification', notice(fields));
  expectNoLeak(JSON.stringify(answer));
  return answer;
};
const issuesOf = ({ issues = [] }: MutationAnswer) => issues.map(({ path, code }) => [path.join('.'), code]);

const moment = (when: object) => ({ occurred: { moment: { zone, ...when } } });
const long = (length: number) => 'x'.repeat(length);

/** One fault each, with the field and the reason that the answer must name. */
const FAULTS: readonly (readonly [string, object, string, string])[] = [
  [
    'a bound without a zone',
    moment({ earliest: '2021-11-03T15:45:00' }),
    'occurred.moment.earliest',
    'INSTANT_ZONELESS',
  ],
  ['a bound that is no time', moment({ latest: 'yesterday' }), 'occurred.moment.latest', 'INSTANT_MALFORMED'],
  [
    'a bound on 30 February',
    moment({ latest: '2021-02-30T12:00:00Z' }),
    'occurred.moment.latest',
    'INSTANT_NOT_IN_CALENDAR',
  ],
  ['hour 24', moment({ latest: '2021-02-20T24:00:00Z' }), 'occurred.moment.latest', 'INSTANT_NOT_IN_CALENDAR'],
  [
    'a bound finer than a millisecond',
    moment({ latest: '2021-02-20T12:00:00.0001Z' }),
    'occurred.moment.latest',
    'INSTANT_TOO_FINE',
  ],
  ['30 February as a local date', moment({ local: '2021-02-30' }), 'occurred.moment.local', 'LOCAL_NOT_IN_CALENDAR'],
  ['a local time with an offset', moment({ local: '2021-02-20T12:00Z' }), 'occurred.moment.local', 'LOCAL_WITH_OFFSET'],
  ['a local time that is none', moment({ local: '3.45pm' }), 'occurred.moment.local', 'LOCAL_MALFORMED'],
  [
    'a local time that never happened',
    moment({ local: '2026-03-29T01:30' }),
    'occurred.moment.local',
    'LOCAL_NEVER_HAPPENED',
  ],
  [
    'inverted bounds',
    moment({ earliest: '2021-11-03T16:00:00Z', latest: '2021-11-03T15:00:00Z' }),
    'occurred.moment.latest',
    'BOUNDS_EMPTY',
  ],
  [
    'empty bounds',
    moment({ earliest: '2021-11-03T15:00:00Z', latest: '2021-11-03T15:00:00Z' }),
    'occurred.moment.latest',
    'BOUNDS_EMPTY',
  ],
  [
    'a local time and bounds',
    moment({ local: '2021-11-03', latest: '2021-11-04T00:00:00Z' }),
    'occurred.moment.local',
    'LOCAL_AND_BOUNDS',
  ],
  [
    'an unknown zone',
    { occurred: { moment: { zone: 'Europe/Atlantis', local: '2021' } } },
    'occurred.moment.zone',
    'ZONE_UNKNOWN',
  ],
  [
    'an offset as a zone',
    { occurred: { moment: { zone: '+01:00', local: '2021' } } },
    'occurred.moment.zone',
    'ZONE_UNKNOWN',
  ],
  ['an empty zone', { occurred: { moment: { zone: '', local: '2021' } } }, 'occurred.moment.zone', 'ZONE_UNKNOWN'],
  [
    'a precision that disagrees',
    moment({ local: '2021', precision: 'DAY' }),
    'occurred.moment.precision',
    'PRECISION_DISAGREES',
  ],
  [
    'words for a time that are too long',
    moment({ local: '2021', text: long(201) }),
    'occurred.moment.text',
    'TOO_LONG',
  ],
  ['a malformed incident id', { incidentId: 'inc_1' }, 'incidentId', 'INVALID'],
  ['an incident id of another kind', { incidentId: factIdOf('F01') }, 'incidentId', 'INVALID'],
  ['a malformed fact id', { factId: '../../etc/passwd' }, 'factId', 'INVALID'],
  ['a malformed link', { partOf: 'fact_F19' }, 'partOf', 'INVALID'],
  ['an oversized text', { statement: long(8001) }, 'statement', 'TOO_LONG'],
  ['a blank text', { statement: ' \n ' }, 'statement', 'INVALID'],
  ['an empty text', { note: '' }, 'note', 'INVALID'],
  ['a NUL byte', { statement: 'a\u0000b' }, 'statement', 'INVALID'],
  ['control characters', { quoted: 'a\u001bb' }, 'quoted', 'INVALID'],
  ['a lone surrogate', { statement: 'a\ud800b' }, 'statement', 'INVALID'],
  ['an oversized document', { source: { document: long(65) } }, 'source.document', 'TOO_LONG'],
  ['a document that is no token', { source: { document: 'a b/c' } }, 'source.document', 'INVALID'],
  ['line 0', { source: { document: 'S1', line: 0 } }, 'source.line', 'INVALID'],
  ['more than 50 knowers', { known: Array.from({ length: 51 }, () => KNOWN) }, 'known', 'TOO_MANY'],
  ['no knowers', { known: [] }, 'known', 'INVALID'],
  ['more than 20 in the chain', { via: Array.from({ length: 21 }, () => PROCESSOR) }, 'via', 'TOO_MANY'],
  ['a name as the id of a person', { actor: { role: 'PERSON', id: 'Jane.Doe' } }, 'actor.id', 'INVALID'],
  [
    'a person with a name for an id among the knowers',
    { known: [KNOWN, { by: { role: 'PERSON', id: 'Jane' }, when: DAY }] },
    'known.1.by.id',
    'INVALID',
  ],
  [
    'neither moment nor state is left of an unobserved state',
    { occurred: { state: { start: DAY, observed: [] } } },
    'occurred.state.observed',
    'STATE_UNOBSERVED',
  ],
  [
    'a state that ended before it began',
    { occurred: { state: { start: DAY, observed: [DAY], end: { zone, local: '2020' } } } },
    'occurred.state.end',
    'END_BEFORE_START',
  ],
];

describe('a fault in an input is named with its field and reason, and nothing is recorded', () => {
  test.each(FAULTS)('%s', async (_, fields, path, code) => {
    const answer = await nothingAppended(() => sendNotice(fields));
    expect(answer).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
    expect(issuesOf(answer).filter(([found]) => found === path)).toEqual([[path, code]]);
  });

  test('faults in different fields all come at once, each once, with paths as in the input', async () => {
    const answer = await nothingAppended(() =>
      sendNotice({
        incidentId: 'inc_1',
        factId: 'fact_1',
        occurred: {
          moment: {
            zone: 'Nowhere/At_All',
            earliest: '2021-11-03T15:45:00',
            latest: '2021-02-30T12:00:00Z',
            text: long(201),
          },
        },
        known: [
          KNOWN,
          { by: { role: 'PERSON', id: 'Jane' }, when: { zone, local: '2026-03-29T01:30' }, basis: long(501) },
        ],
        source: { document: 'a b', line: 0, locator: long(301) },
        actor: { role: 'PROCESSOR', id: 'x y', name: long(201) },
        via: Array.from({ length: 21 }, () => PROCESSOR),
        statement: long(8001),
        quoted: 'a\u0000',
        note: ' ',
        partOf: 'x',
        sameThingAs: 'y',
        stated: ['', long(2001)],
      }),
    );
    const found = issuesOf(answer).map(([path]) => path);
    expect([...found].sort()).toEqual(
      [
        'incidentId',
        'factId',
        'occurred.moment.zone',
        'occurred.moment.earliest',
        'occurred.moment.latest',
        'occurred.moment.text',
        'known.1.by.id',
        'known.1.when.local',
        'known.1.basis',
        'source.document',
        'source.line',
        'source.locator',
        'actor.id',
        'actor.name',
        'via',
        'statement',
        'quoted',
        'note',
        'partOf',
        'sameThingAs',
        'stated.0',
        'stated.1',
      ].sort(),
    );
  });

  test('every fault comes also beside another one', async () => {
    for (const [, fields, path, code] of FAULTS) {
      const other = path === 'actor.id' ? { source: { document: 'a b' } } : { actor: { role: 'PROCESSOR', id: 'x y' } };
      const [place] = path === 'actor.id' ? ['source.document'] : ['actor.id'];
      const answer = await nothingAppended(() => sendNotice({ ...other, ...fields }));
      const issues = issuesOf(answer);
      expect(issues).toContainEqual([path, code]);
      expect(issues).toContainEqual([place, 'INVALID']);
      expect(new Set(issues.map(String)).size).toBe(issues.length);
    }
  });
});

describe('what GraphQL itself refuses is told by path too, all of it at once, and nothing is recorded', () => {
  const mutate = (input: object) =>
    nothingAppended(() =>
      ask(
        'mutation ($input: RecordProcessorNotificationInput!) { recordProcessorNotification(input: $input) { __typename } }',
        { input },
      ),
    );

  test('unknown enum values, malformed UUIDs, missing and unknown fields', async () => {
    const { statement: _, ...rest } = notice({
      commandId: 'a"; b at "input.commandId"; c',
      manner: 'SHOUTED; at "input.x"',
      actor: { role: 'BYSTANDER', id: 'x' },
      colour: 'red',
      expectedRevision: 'one',
    });
    const { errors = [], data } = await mutate(rest);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions.code).toBe('INVALID_INPUT');
    const issues = errors[0]?.extensions['issues'] as { variable: string; path: string[]; code: string }[];
    expect(issues.map(({ variable, path, code }) => [variable, path.join('.'), code]).sort()).toEqual([
      ['input', 'actor.role', 'INVALID'],
      ['input', 'colour', 'UNKNOWN_FIELD'],
      ['input', 'commandId', 'INVALID'],
      ['input', 'expectedRevision', 'INVALID'],
      ['input', 'manner', 'INVALID'],
      ['input', 'statement', 'REQUIRED'],
    ]);
  });

  test('a moment and a state at once, or neither', async () => {
    for (const occurred of [{}, { moment: DAY, state: { start: DAY, observed: [DAY] } }]) {
      const { errors = [] } = await mutate(notice({ occurred }));
      expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: ['occurred'] }] });
    }
  });

  test('a value that does not fit is not sent back, however long', async () => {
    const { text } = await mutate(notice({ manner: long(100_000) }));
    expect(text.length).toBeLessThan(2000);
  });

  test('missing variables', async () => {
    for (const variables of [undefined, {}, { input: null }]) {
      const { errors = [] } = await nothingAppended(() =>
        ask('mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }', variables),
      );
      expect(errors[0]?.extensions).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ variable: 'input', path: [], code: 'REQUIRED' }],
      });
    }
  });

  test('an unknown field of the schema', async () => {
    const { errors = [], status } = await ask('{ ledger { colour } }');
    expect([status, errors[0]?.extensions.code, errors[0]?.message]).toEqual([
      400,
      'BAD_QUERY',
      expect.stringContaining('colour'),
    ]);
  });

  test('a literal that does not fit its type', async () => {
    const { errors = [] } = await ask('{ ledger(asOf: { recorded: "2021" }) { resolved { sequence } } }');
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_QUERY' }, locations: [{ line: 1 }] });
  });

  test('a moment asked about without a zone', async () => {
    const { errors = [] } = await ask('query ($at: AsOfInput) { ledger(asOf: $at) { resolved { sequence } } }', {
      at: { recorded: '2021-01-01T00:00:00', known: { at: '2021-02-30T00:00:00Z' } },
    });
    expect(errors[0]?.extensions['issues']).toMatchObject([{ path: ['known', 'at'] }, { path: ['recorded'] }]);
  });
});

describe('a command that the record does not allow says so, and nothing is recorded', () => {
  const refusedAs = async (mutation: string, input: object, answer: object) =>
    expect(await nothingAppended(() => ledger.send(mutation, input as Record<string, unknown>))).toMatchObject(answer);

  test('an unknown incident', () =>
    refusedAs('recordProcessorNotification', notice({ incidentId: `inc_${randomUUID()}` }), {
      __typename: 'CommandRejected',
      code: 'INCIDENT_NOT_FOUND',
      path: ['incidentId'],
    }));

  test('a commandId used again with other content', async () => {
    const first = notice();
    expect(await ledger.send('recordProcessorNotification', first)).toMatchObject({ replayed: false });
    expect(await nothingAppended(() => ledger.send('recordProcessorNotification', first))).toMatchObject({
      replayed: true,
    });
    await refusedAs(
      'recordProcessorNotification',
      { ...first, statement: 'Another notice.' },
      {
        __typename: 'CommandReused',
        code: 'COMMAND_REUSED',
        firstRevision: expect.stringMatching(/^\d+$/),
      },
    );
  });

  test('a factId that another command has used', () =>
    refusedAs('recordProcessorNotification', notice({ factId: factIdOf('F01') }), {
      code: 'FACT_EXISTS',
      path: ['factId'],
    }));

  test('a stale expectedRevision', () =>
    refusedAs('recordProcessorNotification', notice({ expectedRevision: '3' }), {
      __typename: 'RevisionConflict',
      code: 'REVISION_CONFLICT',
      actualRevision: expect.stringMatching(/^\d+$/),
    }));

  test('an incident or a party that is there already', async () => {
    await refusedAs(
      'openIncident',
      {
        commandId: randomUUID(),
        incidentId: SAMPLE_INCIDENT_ID,
        reference: 'again',
        title: 'Again',
        controller: PROCESSOR,
        zone,
      },
      { code: 'INCIDENT_EXISTS', path: ['incidentId'] },
    );
    await refusedAs(
      'registerParty',
      { commandId: randomUUID(), partyId: 'labour', name: 'Somebody else', sort: 'ORGANISATION' },
      { code: 'PARTY_EXISTS', path: ['partyId'] },
    );
  });

  test('a correction of a fact that is not there, or was retracted', async () => {
    const { channel: _, ...common } = notice({ nature: 'SUBSTANCE', reason: 'A second look.' });
    const correction = (corrects: string) => ({ ...common, commandId: randomUUID(), corrects });
    await refusedAs('correctFact', correction(`fact_${randomUUID()}`), { code: 'FACT_NOT_FOUND', path: ['corrects'] });

    const {
      channel: __,
      statement: ___,
      ...retraction
    } = notice({ retracts: factIdOf('F54'), reason: 'It was about something else.' });
    expect(await ledger.send('retractFact', retraction)).toMatchObject({ __typename: 'RetractionRecorded' });
    await refusedAs('correctFact', correction(factIdOf('F54')), { code: 'FACT_RETRACTED', path: ['corrects'] });
  });

  test('faults in the input of openIncident, closeIncident and registerParty', async () => {
    const commandId = randomUUID();
    const opening = {
      commandId,
      incidentId: 'x',
      reference: 'a b',
      title: ' ',
      controller: { role: 'PERSON', id: 'Jane' },
      zone: 'Nowhere',
    };
    const opened = await nothingAppended(() => ledger.send('openIncident', opening));
    expect(
      issuesOf(opened)
        .map(([path]) => path)
        .sort(),
    ).toEqual(['controller.id', 'incidentId', 'reference', 'title', 'zone']);
    const closed = await nothingAppended(() =>
      ledger.send('closeIncident', { commandId, incidentId: 'x', reason: '' }),
    );
    expect(
      issuesOf(closed)
        .map(([path]) => path)
        .sort(),
    ).toEqual(['incidentId', 'reason']);
    const party = await nothingAppended(() =>
      ledger.send('registerParty', { commandId, partyId: 'a b', name: 'a\u0007', sort: 'AUTHORITY' }),
    );
    expect(
      issuesOf(party)
        .map(([path]) => path)
        .sort(),
    ).toEqual(['name', 'partyId']);
  });

  test('acts on a gap, a question, an agreement or a contact point that is not there', async () => {
    const on = () => ({ commandId: randomUUID(), incidentId: SAMPLE_INCIDENT_ID });
    const [gapId, questionId] = [`gap_${randomUUID()}`, `question_${randomUUID()}`];
    const factId = factIdOf('F01');
    await refusedAs('assignGap', { ...on(), gapId, owners: ['legal'] }, { code: 'GAP_NOT_FOUND', path: ['gapId'] });
    await refusedAs('closeGap', { ...on(), gapId, answeredBy: [], reason: 'Found.' }, { code: 'GAP_NOT_FOUND' });
    const unnamed = { code: 'CONTESTED_QUESTION_NOT_FOUND', path: ['questionId'] };
    await refusedAs('attributeStance', { ...on(), questionId, factId, stance: 'ASSERTS' }, unnamed);
    await refusedAs('settleContestedQuestion', { ...on(), questionId, answer: 'Yes.', restsOn: [] }, unnamed);
    const twice = { ...on(), factId, sameThingAs: factId };
    await refusedAs('linkDuplicate', twice, { code: 'SAME_THING', path: ['sameThingAs'] });
    const party = { commandId: randomUUID(), partyId: 'nobody-registered' };
    const unknown = { code: 'PARTY_NOT_FOUND', path: ['partyId'] };
    await refusedAs('engageSubProcessor', { ...party, subProcessor: 'x', since: DAY }, unknown);
    const registered = { ...party, partyId: 'labour' };
    const agreement = { agreementId: `agreement_${randomUUID()}`, ended: DAY };
    await refusedAs('endAgreement', { ...registered, ...agreement }, { code: 'AGREEMENT_NOT_FOUND' });
    const contactId = `contact_${randomUUID()}`;
    await refusedAs('removeContactPoint', { ...registered, contactId }, { code: 'CONTACT_NOT_FOUND' });
  });

  test('faults in the input of an act, all at once, with paths as in the input', async () => {
    const answer = await nothingAppended(() =>
      ledger.send('openGap', {
        commandId: randomUUID(),
        incidentId: factIdOf('F01'),
        gapId: 'gap_1',
        reference: 'a b',
        topic: 'OTHER',
        missing: ' ',
        about: [factIdOf('F01'), 'fact_F02', SAMPLE_INCIDENT_ID],
        actor: { role: 'PERSON', id: 'Jane' },
        owners: ['legal', 'Jane Doe'],
        shows: { zone: 'Nowhere', local: '2021-02-30' },
      }),
    );
    expect(
      issuesOf(answer)
        .map(([path]) => path)
        .sort(),
    ).toEqual(
      [
        ...['incidentId', 'gapId', 'reference', 'missing', 'about.1', 'about.2', 'actor.id', 'owners.1'],
        ...['shows.zone', 'shows.local'],
      ].sort(),
    );
  });
});

const MUTATION =
  'mutation { registerParty(input: { commandId: "5f0c3f0e-3c39-4b58-9a35-0d0f6c4f7f11", partyId: "x", name: "x", sort: ORGANISATION }) { __typename } }';

describe('a request that is not JSON by POST is refused before anything runs', () => {
  const code = ({ errors = [], status }: Reply) => [status, errors[0]?.extensions.code];

  test.each([
    ['a body that is no JSON', '{', 400, 'MALFORMED_JSON'],
    ['an empty body', '', 400, 'MALFORMED_JSON'],
    ['a prototype in the JSON', '{"query":"{__typename}","__proto__":{}}', 400, 'MALFORMED_JSON'],
    ['a body over 1 MiB', JSON.stringify({ query: MUTATION, pad: long(1024 * 1024) }), 413, 'TOO_LARGE'],
    ['no query', '{}', 400, 'NO_QUERY'],
    ['an empty query', '{"query":" "}', 400, 'NO_QUERY'],
    ['a batch', JSON.stringify([{ query: MUTATION }]), 400, 'BAD_REQUEST'],
    ['variables that are no object', JSON.stringify({ query: MUTATION, variables: [] }), 400, 'BAD_REQUEST'],
    ['null', 'null', 400, 'BAD_REQUEST'],
  ])('%s', async (_, body, status, expected) => {
    expect(code(await nothingAppended(() => post(body)))).toEqual([status, expected]);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml', ''])(
    'content type "%s", which a foreign page can send without asking',
    async (type) => {
      const bodies = [JSON.stringify({ query: MUTATION }), `query=${encodeURIComponent(MUTATION)}`];
      for (const body of bodies)
        expect(code(await nothingAppended(() => post(body, { 'content-type': type })))).toEqual([415, 'NOT_JSON']);
    },
  );

  test('GET, also of a query, also with another operation named', async () => {
    for (const query of [
      MUTATION,
      '{ __typename }',
      `query A { __typename } ${MUTATION.replace('mutation', 'mutation B')}`,
      '',
    ])
      for (const more of ['', '&operationName=B', '&variables=x']) {
        const reply = await nothingAppended(() =>
          request({ method: 'GET' }, `/graphql?query=${encodeURIComponent(query)}${more}`),
        );
        expect(code(reply)).toEqual([405, 'POST_ONLY']);
      }
  });

  test('addresses that are not there', async () => {
    for (const path of ['/', '/graphql/x', '/console/..%2f..%2fpackage.json'])
      expect((await request({ method: 'GET' }, path)).status).toBe(404);
  });
});

describe('a query that is not one, or is too much, is refused before anything runs', () => {
  const codesOf = ({ errors = [] }: Reply) => errors.map(({ extensions }) => extensions.code);
  const refusedAs = async (query: string, code: string, variables?: object) =>
    expect(codesOf(await nothingAppended(() => ask(query, variables)))).toEqual([code]);

  test('bad syntax, with its place', async () => {
    const { errors, status } = await ask('{ ledger {');
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^Syntax Error/), locations: [{ line: 1 }], extensions: { code: 'BAD_QUERY' } },
    ]);
  });

  test('a syntax tree in place of a text', async () => {
    const tree = { kind: 'Document', loc: {}, definitions: [] };
    for (const query of ['{}', '1', 'null', '[]', '"x"', JSON.stringify(tree)]) await refusedAs(query, 'BAD_QUERY');
    expect(codesOf(await post('{"query":1}'))).toEqual(['BAD_QUERY']);
  });

  test('two operations in a document, whichever is named', async () => {
    const query = `query A { __typename } ${MUTATION.replace('mutation', 'mutation B')}`;
    for (const operationName of [undefined, 'A', 'B']) {
      const reply = await nothingAppended(() => post(JSON.stringify({ query, operationName })));
      expect(codesOf(reply)).toEqual(['ONE_OPERATION']);
    }
  });

  test('an operation that is not there, no operation, a subscription by POST', async () => {
    expect(codesOf(await post(JSON.stringify({ query: '{ __typename }', operationName: 'X' })))).toEqual(['BAD_QUERY']);
    await refusedAs('fragment F on Query { __typename }', 'BAD_QUERY');
    await refusedAs('subscription { entriesRecorded { position } }', 'NEEDS_WEBSOCKET');
  });

  test('too deep', () =>
    refusedAs(
      deep(20, (inner) => `incident { ... on Incident { id } } partOf { ... on Fact { ${inner} } }`),
      'TOO_DEEP',
    ));

  test('too deep through named fragments', async () => {
    const fragments = Array.from({ length: 20 }, (_, n) => `fragment F${n} on Fact { partOf { ...F${n + 1} } }`);
    await refusedAs(
      `{ node(id: "${factIdOf('F01')}") { ...F0 } } ${fragments.join(' ')} fragment F20 on Fact { id }`,
      'TOO_DEEP',
    );
  });

  test('too deep for any parser', () => refusedAs('{a'.repeat(MAX_TOKENS / 2 - 1), 'BAD_QUERY'));

  test('too costly through aliases', async () => {
    const pages = Array.from({ length: 60 }, (_, n) => `a${n}: timeline(first: 200) { edges { node { id } } }`);
    await refusedAs(`{ ledger { ${pages.join(' ')} } }`, 'TOO_COSTLY');
  });

  test('too costly through pages in pages, with literals and with variables', async () => {
    const query = (size: string) =>
      `{ ledger { incidents(first: ${size}) { edges { node { timeline(first: ${size}) { edges { cursor } } } } } } }`;
    await refusedAs(query('200'), 'TOO_COSTLY');
    await refusedAs(`query ($n: Int) ${query('$n')}`, 'TOO_COSTLY', { n: 200 });
    await refusedAs(`query ($n: Int = 200) ${query('$n')}`, 'TOO_COSTLY');
  });

  test('too costly through many ids', async () => {
    const query = `query ($ids: [ID!]!) { ${Array.from({ length: 120 }, (_, n) => `a${n}: nodes(ids: $ids) { ... on Fact { actor { ref } } }`).join(' ')} }`;
    await refusedAs(query, 'TOO_COSTLY', { ids: Array.from({ length: 100 }, () => factIdOf('F01')) });
  });

  test('a page of negative size does not pay for the rest of the query', async () => {
    const page = (size: number) => `timeline(first: ${size}) { edges { node { id } certainty cursor } }`;
    const pages = Array.from({ length: 60 }, (_, n) => `a${n}: ${page(200)}`).join(' ');
    await refusedAs(`{ ledger { minus: ${page(-2_000_000)} ${pages} } }`, 'TOO_COSTLY');
  });

  test('too costly through fragments that double, at once', async () => {
    const fragments = Array.from({ length: 60 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
    const started = Date.now();
    await refusedAs(`{ ...F0 } ${fragments.join(' ')} fragment F60 on Query { __typename }`, 'TOO_COSTLY');
    expect(Date.now() - started).toBeLessThan(2000);
  });

  test('too many tokens', () => refusedAs(`{ ${'__typename '.repeat(MAX_TOKENS)} }`, 'BAD_QUERY'));

  test('the longest document is validated in a bounded time', async () => {
    const started = Date.now();
    await ask(`{ ${'__typename '.repeat(MAX_TOKENS - 10)} }`);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test('introspection works, within the limits', async () => {
    const { data, errors } = await ledger.gql(
      getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }),
    );
    expect(errors).toBeUndefined();
    expect(data.__schema.types.length).toBeGreaterThan(100);
  });
});

const deep = (levels: number, step: (inner: string) => string): string =>
  `{ node(id: "${factIdOf('F01')}") { ... on Fact { ${Array.from({ length: levels }).reduce<string>(step, 'id')} } } }`;

describe('an argument out of bounds is refused with its name and reason', () => {
  const incident = `incident(id: "${SAMPLE_INCIDENT_ID}")`;
  const refusedAs = async (query: string, code: string, argument: string) => {
    const { errors = [] } = await nothingAppended(() => ask(query));
    expect(errors).toMatchObject([{ extensions: { code, issues: [{ path: [argument], code }] } }]);
  };

  test.each([0, 201, -1, 2_147_483_647])('a page of %d', async (size) => {
    await refusedAs(`{ ledger { timeline(first: ${size}) { edges { cursor } } } }`, 'BAD_ARGUMENT', 'first');
    await refusedAs(
      `{ ledger { ${incident} { timeline(last: ${size}) { edges { cursor } } } } }`,
      'BAD_ARGUMENT',
      'last',
    );
  });

  test('first and last at once, a cursor for the other end', async () => {
    await refusedAs(`{ ledger { timeline(first: 1, last: 1) { edges { cursor } } } }`, 'BAD_ARGUMENT', 'last');
    await refusedAs(`{ ledger { timeline(last: 1, after: "x") { edges { cursor } } } }`, 'BAD_ARGUMENT', 'after');
  });

  test('malformed ids', async () => {
    for (const id of ['', 'x', 'inc_', 'inc_\\u0000', `INC_${randomUUID()}`, "inc_' OR 1=1 --"]) {
      await refusedAs(`{ node(id: "${id}") { id } }`, 'BAD_ARGUMENT', 'id');
      await refusedAs(`{ ledger { incident(id: "${id}") { zone } } }`, 'BAD_ARGUMENT', 'id');
    }
    await refusedAs(
      `{ ledger { history(factId: "${SAMPLE_INCIDENT_ID}") { fact { cursor } } } }`,
      'BAD_ARGUMENT',
      'factId',
    );
  });

  test('more than 100 ids', () =>
    refusedAs(
      `{ nodes(ids: [${Array.from({ length: 101 }, () => `"${factIdOf('F01')}"`).join(' ')}]) { id } }`,
      'BAD_ARGUMENT',
      'ids',
    ));

  test('an order that needs an incident', async () => {
    await refusedAs(
      '{ ledger { timeline(orderBy: { field: OCCURRED }) { edges { cursor } } } }',
      'NEEDS_INCIDENT',
      'orderBy',
    );
    await refusedAs('{ ledger { timeline(last: 1) { edges { cursor } } } }', 'NEEDS_INCIDENT', 'last');
  });

  test('a search text over 200 characters', () =>
    refusedAs(
      `{ ledger { timeline(filter: { text: "${long(201)}" }) { edges { cursor } } } }`,
      'BAD_ARGUMENT',
      'text',
    ));

  test('a search text is words, whatever it holds', async () => {
    for (const words of ['a OR b', 'NEAR(a b)', 'body : x', "'; DROP TABLE x; --", '^x', '{a b}', 'x\\"*'])
      expect(
        (await ask(`{ ledger { timeline(filter: { text: "${words}" }) { counts { certain } } } }`)).errors,
      ).toBeUndefined();
  });

  test('a search text without a word asks for nothing, which is neither everything nor nothing', async () => {
    for (const words of ['', '  ', '\\"', '*', '(', '\\u0000'])
      expect(
        (await ask(`{ ledger { timeline(filter: { text: "${words}" }) { counts { certain } } } }`)).errors?.map(
          ({ extensions }) => extensions.code,
        ),
      ).toEqual(['BAD_ARGUMENT']);
  });

  test('a cursor that is none, or that comes from another list, order, filter or view', async () => {
    const cursorOf = async (query: string): Promise<string> => {
      const { data } = await ask(query);
      return (JSON.stringify(data).match(/"endCursor":"([^"]+)"/) as RegExpMatchArray)[1] as string;
    };
    const page = (args: string, at = '') =>
      `{ ledger${at} { ${incident} { timeline(first: 2 ${args}) { pageInfo { endCursor } } } } }`;
    const cursor = await cursorOf(page(''));
    expect((await ask(page(`after: "${cursor}"`))).errors).toBeUndefined();

    const other = [
      page(`after: "${cursor}" orderBy: { field: KNOWN }`),
      page(`after: "${cursor}" filter: { certainty: CERTAIN }`),
      page(`after: "${cursor}"`, '(asOf: { known: { at: "2030-01-01T00:00:00Z" } })'),
      `{ ledger { timeline(after: "${cursor}") { edges { cursor } } } }`,
      `{ ledger { incidents(after: "${cursor}") { edges { cursor } } } }`,
      `{ ledger { ${incident} { gaps(after: "${cursor}") { edges { cursor } } } } }`,
    ];
    for (const query of other) await refusedAs(query, 'CURSOR_MISMATCH', 'after');
    for (const bad of ['', 'x', '\\u0000', Buffer.from('a:b').toString('base64url'), `${cursor}AAAA`, long(10_000)])
      await refusedAs(page(`after: "${bad}"`), 'BAD_ARGUMENT', 'after');
  });
});

describe('a store that is down is told as that, and nothing of it', () => {
  const down = new StoreUnavailable(`/var/lib/ledger/log.db: SQLITE_IOERR at Object.append (/srv/x.js:1:1)`);

  test('a failing append, and a failing read', async () => {
    for (const method of ['append', 'readStream'] as const) {
      const broken = jest.spyOn(ledger.resources.store, method).mockImplementation(() => {
        throw down;
      });
      const reply = await ask(
        'mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }',
        {
          input: { commandId: randomUUID(), partyId: `p-${method}`, name: 'P', sort: 'ORGANISATION' },
        },
      );
      broken.mockRestore();
      expect(reply.errors).toMatchObject([{ path: ['registerParty'], extensions: { code: 'STORE_UNAVAILABLE' } }]);
    }
  });

  test('an error that nobody expected is INTERNAL, in one field of a query and in the whole', async () => {
    const { views } = ledger.resources;
    const broken = jest.spyOn(views.timeline, 'event').mockImplementation(() => {
      throw new Error(`SELECT * FROM ${ledger.data}/views.db`);
    });
    const quiet = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const page = await ask(
      `{ ledger { incident(id: "${SAMPLE_INCIDENT_ID}") { zone timeline(first: 3) { edges { certainty inForce { sequence } supersededBy { id } } } } } }`,
    );
    broken.mockRestore();
    const whole = jest.spyOn(views, 'head').mockImplementation(() => {
      throw new Error(`SELECT * FROM ${ledger.data}/views.db`);
    });
    const none = await ask('{ ledger { resolved { sequence } } }');
    whole.mockRestore();
    quiet.mockRestore();
    expect(page.data).toMatchObject({
      ledger: { incident: { zone, timeline: { edges: [{ inForce: null }, {}, {}] } } },
    });
    expect(page.errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL', 'INTERNAL', 'INTERNAL']);
    expect(none).toMatchObject({ data: null, errors: [{ extensions: { code: 'INTERNAL' } }] });
  });

  test('a store closed under the server', async () => {
    const lost = await startLedger();
    try {
      await lost.resources.store.close();
      const { errors } = await lost.gql(
        'mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }',
        {
          input: { commandId: randomUUID(), partyId: 'p', name: 'P', sort: 'ORGANISATION' },
        },
      );
      expect(errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
      expectNoLeak(JSON.stringify(errors));
      expect((await lost.gql('{ ledger { resolved { sequence } } }')).data).toEqual({
        ledger: { resolved: { sequence: '0' } },
      });
    } finally {
      await lost.stop();
    }
  });

  test('an EventStoreDB that is gone', async () => {
    const double = await startEventStoreDbDouble();
    const lost = await startLedger({ eventStoreUrl: double.url });
    try {
      const input = { commandId: randomUUID(), partyId: 'p', name: 'P', sort: 'ORGANISATION' };
      expect(await lost.send('registerParty', input)).toMatchObject({ __typename: 'PartyRegistered' });
      await double.stop();
      const { errors } = await lost.gql(
        'mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }',
        {
          input: { ...input, commandId: randomUUID(), partyId: 'q' },
        },
      );
      expect(errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
      expectNoLeak(JSON.stringify(errors));
      expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|ECONN|grpc|esdb/i);
    } finally {
      await lost.stop();
    }
  });
});
