import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { capture, claim, connect, incident, newIncidentId, party, subscribe, until } from './support';

/** Put wherever somebody can put something; found nowhere in the log. */
const MARKER = 'Zephyrine';

let ledger: LedgerServer;
let log: ReturnType<typeof capture>;
const start = async (level: string): Promise<void> => {
  log = capture();
  ledger = await startLedger({ env: { LEDGER_LOG_LEVEL: level }, logTo: log });
};
afterEach(() => ledger?.stop());

const post = (body: string, headers: Record<string, string> = {}, path = '/graphql') =>
  fetch(ledger.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const ask = (query: string, variables?: object, headers?: Record<string, string>) =>
  post(JSON.stringify({ query, variables }), headers);

/** Sends bytes as they are, and waits for the end. */
const raw = async (bytes: string): Promise<void> => {
  const socket = connectTcp(Number(new URL(ledger.url).port));
  socket.end(bytes);
  socket.resume();
  await once(socket, 'close');
};

const REGISTER = 'mutation ($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }';

describe('no line of the log holds what somebody sent', () => {
  /** Everything at once, at the level that tells the most: what is not logged there is not logged at all. */
  let std: jest.SpyInstance[];
  beforeEach(async () => {
    await start('trace');
    std = [
      ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => jest.spyOn(console, name)),
      jest.spyOn(process.stdout, 'write'),
      jest.spyOn(process.stderr, 'write'),
    ];
  });
  afterEach(() => std.forEach((spy) => spy.mockRestore()));

  const expectNoMarker = (): void => {
    expect(log.lines().length).toBeGreaterThan(0);
    expect(log.text()).not.toMatch(new RegExp(MARKER, 'i'));
    for (const spy of std) expect(JSON.stringify(spy.mock.calls)).not.toMatch(new RegExp(MARKER, 'i'));
  };

  test('in facts: names, statements, quotations, contacts, reasons', async () => {
    const incidentId = newIncidentId();
    const person = { role: 'PERSON', id: randomUUID(), name: `${MARKER} Example` };
    await ledger.send('openIncident', incident(incidentId, { title: `About ${MARKER}`, reference: MARKER }));
    await ledger.send('registerParty', party({ name: `${MARKER} Ltd`, partyId: MARKER }));
    const input = claim(incidentId, {
      actor: person,
      statement: `${MARKER} lost it.`,
      quoted: `"${MARKER}"`,
      note: `${MARKER}@example.org`,
      via: [person],
      known: [{ by: person, when: { zone: 'Europe/London', local: '2031-01-03', text: `says ${MARKER}` } }],
      source: { document: `letter-of-${MARKER}` },
    });
    const answers = [
      await ledger.send('recordClaim', input),
      await ledger.send('recordClaim', { ...input, statement: `${MARKER} found it.` }),
      await ledger.send(
        'recordClaim',
        claim(incidentId, { ...input, commandId: randomUUID(), partition: 'PRIVILEGED' }),
      ),
      await ledger.send('closeIncident', { commandId: randomUUID(), incidentId, reason: `${MARKER} said so.` }),
    ];
    expect(answers.map(({ __typename }) => __typename)).toEqual([
      'ClaimRecorded',
      'CommandReused',
      'ClaimRecorded',
      'IncidentClosed',
    ]);
    expect(log.lines('command')).toHaveLength(6);
    expectNoMarker();
  });

  test('in bad input, whether the schema, the rules of a type or the domain refuse it', async () => {
    const incidentId = newIncidentId();
    await ledger.send('openIncident', incident(incidentId));
    const refused = await ledger.send(
      'recordClaim',
      claim(incidentId, {
        actor: { role: 'CONTROLLER', id: `${MARKER} with blanks` },
        occurred: { moment: { zone: `Europe/${MARKER}`, local: MARKER, earliest: MARKER, text: MARKER.repeat(40) } },
        statement: '',
      }),
    );
    expect(refused.__typename).toBe('InvalidInput');
    await ask(REGISTER, { input: { ...party(), [MARKER]: MARKER } });
    await ask(REGISTER, { input: { ...party(), sort: MARKER, commandId: MARKER } });
    await ask(REGISTER, { input: MARKER });
    await ask(REGISTER, { [MARKER]: MARKER });
    await ask(`mutation ($${MARKER}: RegisterPartyInput!) { registerParty(input: $${MARKER}) { __typename } }`, {});
    expect(log.lines('command').at(-1)).toMatchObject({ command: 'recordClaim', outcome: 'invalid-input' });
    expect(log.lines('command').at(-1)?.['issues'].length).toBeGreaterThan(2);
    expectNoMarker();
  });

  test('in malformed JSON, GraphQL, headers and addresses', async () => {
    await post(`{ "query": "${MARKER}`);
    await post(`${MARKER}`, { 'content-type': `text/${MARKER}` });
    await post(JSON.stringify({ query: 1, variables: MARKER }));
    await post(JSON.stringify({ query: { kind: MARKER } }));
    await post(JSON.stringify([{ query: MARKER }]));
    await ask(`{ ${MARKER}`);
    await ask(`{ ${MARKER} }`);
    await ask(`query ${MARKER} { ledger { resolved { sequence } } } query B${MARKER} { ledger { __typename } }`);
    await ask(`{ node(id: "${MARKER}") { id } }`);
    await ask(`{ ledger { timeline(after: "${MARKER}") { edges { cursor } } } }`);
    await ask(`{ ledger { timeline(filter: { text: "${MARKER} OR \\"" }) { edges { cursor } } } }`);
    await ask('{ ledger { __typename } }', undefined, {
      'x-correlation-id': MARKER,
      traceparent: `00-${MARKER}-01`,
      'user-agent': MARKER,
      cookie: `name=${MARKER}`,
      referer: `http://example.org/${MARKER}`,
      'x-forwarded-for': MARKER,
    });
    for (const path of [`/${MARKER}?${MARKER}`, `/console/${MARKER}`, `/%zz${MARKER}`, `/graphql?query=${MARKER}`])
      await fetch(ledger.url + path);
    await post('{}', {}, `/${MARKER}`);
    await raw(`GET / HTTP/1.1\r\nHost: ${MARKER}.example.org\r\nConnection: close\r\n\r\n`);
    await raw(`GET / HTTP/1.1\r\n${MARKER}\r\n\r\n`);
    await raw(`${MARKER} / HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await raw(`POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{"${MARKER}`);
    await until(() => log.lines('request').some(({ status }) => status === 'aborted' || status === 415));
    expect(log.lines('request').length).toBeGreaterThan(15);
    expectNoMarker();
  });

  test('over a WebSocket', async () => {
    const refused = new WebSocket(`${ledger.url.replace('http', 'ws')}/graphql`, MARKER);
    await once(refused, 'error');
    const foreign = new WebSocket(`${ledger.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { origin: `http://${MARKER}.example.org` },
    });
    await once(foreign, 'error');
    const socket = await connect(ledger.url);
    subscribe(socket, `subscription { ${MARKER} }`);
    subscribe(socket, `subscription ${MARKER} {`);
    subscribe(socket, 'subscription ($a: Position) { entriesRecorded(after: $a) { position } }', { a: MARKER });
    subscribe(socket, `subscription { entriesRecorded(incidentId: "${MARKER}") { position } }`);
    subscribe(socket, `{ ${MARKER} }`);
    socket.send(`{ "${MARKER}`);
    socket.send(JSON.stringify({ type: MARKER, id: MARKER }));
    socket.send('null');
    await once(socket, 'close');
    await until(() => log.lines('request').length >= 3);
    expect(log.lines('request').map(({ status }) => status)).toEqual([400, 'refused', 101]);
    expectNoMarker();
  });

  test('in an error that nobody expected: its place is in the log, its words are not, and the answer has neither', async () => {
    const { views } = ledger.resources;
    const broken = jest.spyOn(views, 'head').mockImplementation(() => {
      throw new TypeError(`cannot read ${MARKER}\n    at ${MARKER} (${MARKER}.ts:1:1)`);
    });
    const answer = await (await ask('{ ledger { resolved { sequence } } }')).text();
    broken.mockRestore();
    expect(answer).toContain('INTERNAL');
    expect(answer).not.toMatch(/ at |TypeError/);
    const [line] = log.lines('failed');
    expect(line).toMatchObject({ level: 'error', err: { type: 'TypeError' } });
    expect(line?.['err'].stack).toMatch(/^ {4}at .*log\.spec\.ts:\d+/);
    expect(line?.['correlationId']).toBe(log.lines('request').at(-1)?.['correlationId']);
    expect(log.lines('request').at(-1)).toMatchObject({ level: 'warn', problems: [{ code: 'INTERNAL' }] });
    expectNoMarker();
  });
});

describe('the log', () => {
  test('has one line for each request and one for each command, with what a person who runs the ledger needs', async () => {
    await start('info');
    await ledger.send('registerParty', party());
    await ledger.send('registerParty', party({ partyId: 'with blanks' }));
    await fetch(`${ledger.url}/console/graphiql.css`);
    const common = {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      correlationId: expect.any(String),
      ms: expect.any(Number),
    };
    const [listening, ...lines] = log.lines();
    expect(listening).toMatchObject({ level: 'info', msg: 'listening', port: expect.any(Number) });
    expect(lines).toEqual([
      { ...common, msg: 'command', command: 'registerParty', outcome: 'accepted' },
      { ...common, msg: 'request', method: 'POST', route: '/graphql', status: 200, operation: 'mutation' },
      {
        ...common,
        msg: 'command',
        command: 'registerParty',
        outcome: 'invalid-input',
        code: 'INVALID_INPUT',
        issues: [{ code: 'INVALID', path: ['partyId'] }],
      },
      { ...common, msg: 'request', method: 'POST', route: '/graphql', status: 200, operation: 'mutation' },
      { ...common, msg: 'request', method: 'GET', route: '/console/:asset', status: 200 },
    ]);
    expect(new Set(lines.map(({ correlationId }) => correlationId)).size).toBe(3);
  });

  test('names a refused request by codes and fields, and a field that is none of ours by nothing', async () => {
    await start('info');
    await ask(REGISTER, { input: { ...party(), name: 7, nickname: 'x' } });
    await ask('{ nothing }');
    const [variables, query] = log.lines('request');
    expect(variables).toMatchObject({
      status: 400,
      problems: [
        { code: 'INVALID', path: ['name'] },
        { code: 'UNKNOWN_FIELD', path: ['?'] },
      ],
    });
    expect(query).toMatchObject({ status: 400, problems: [{ code: 'BAD_QUERY' }] });
  });

  test('knows no address of a client and no name of the machine', async () => {
    await start('trace');
    await ledger.send('registerParty', party());
    const keys = new Set(log.lines().flatMap((line) => Object.keys(line)));
    for (const key of ['hostname', 'pid', 'remoteAddress', 'ip', 'host', 'url', 'req', 'res', 'headers'])
      expect(keys).not.toContain(key);
    expect(log.text()).not.toContain('127.0.0.1');
  });

  test('leaves out what is asked every few seconds unless it is to tell everything', async () => {
    await start('info');
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) await fetch(ledger.url + path);
    expect(log.lines('request')).toEqual([]);
    await ledger.stop();
    await start('debug');
    await fetch(`${ledger.url}/health/live`);
    expect(log.lines('request')).toMatchObject([{ level: 'debug', route: '/health/live', status: 200 }]);
  });

  test('ends with what nobody caught, and so does the process', () => {
    const program = [join(__dirname, 'run-typescript.cjs'), join(__dirname, 'throw-uncaught.ts'), MARKER];
    const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout + stderr).not.toContain(MARKER);
    expect(JSON.parse(stderr)).toMatchObject({ level: 'fatal', err: { type: 'RangeError' } });
  });

  test('can be silent', async () => {
    await start('silent');
    await ledger.send('registerParty', party());
    await ledger.stop();
    expect(log.text()).toBe('');
    await start('silent');
  });
});
