import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getNamedType, isRequiredArgument, type GraphQLObjectType } from 'graphql';
import { isConnection } from '../../apps/ledgerctl/export/selection';
import { exportView } from '../../apps/ledgerctl/export/view';
import { factIdOf, SAMPLE_INCIDENT_ID } from '../seed-case/sample';
import { CARETAKER, claim, uuidOf } from '../support/facts';
import { accepted, command, openTestLedger, removeFolder, temporaryFolder } from '../support/ledger';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { ledgerctl, LedgerctlProcess } from './ledgerctl';

let folder: string;
let server: LedgerServer;
beforeAll(async () => {
  folder = temporaryFolder();
  // So little that a list takes several pages.
  server = await startLedger({ data: join(folder, 'ledger'), env: { LEDGER_MAX_QUERY_COST: '2500' } });
  await server.loadSample();
});
afterAll(async () => {
  await server.stop();
  removeFolder(folder);
});

const INCIDENT = SAMPLE_INCIDENT_ID;
const at = (name: string): string => join(folder, name);
const env = () => ({ LEDGER_DATA: join(folder, 'ledger') });
const view = async (...args: string[]) => ledgerctl(['export', 'view', ...args, '--quiet', '--url', server.url]);
const json = async (...args: string[]) => {
  const { status, out, err } = await view(...args);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out);
};

describe('a view', () => {
  const WITH: Readonly<Record<string, readonly string[]>> = {
    counts: ['by=[KIND]'],
    intervals: ['from={ kinds: [INCIDENT_OCCURRED] }', 'to={ kinds: [PROCESSOR_NOTIFICATION_RECEIVED] }'],
    provenance: [`factId=${JSON.stringify(factIdOf('F19'))}`, 'direction=RESTS_ON'],
  };

  test('of every list of the schema comes out whole, under the limits of a server', async () => {
    const { ledger } = server.schema.getQueryType()!.getFields();
    const whole = getNamedType(ledger!.type) as GraphQLObjectType;
    const incident = getNamedType(whole.getFields()['incident']!.type) as GraphQLObjectType;
    let lists = 0;
    for (const [type, more] of [
      [whole, []],
      [incident, ['--incident', INCIDENT]],
    ] as const)
      for (const { name, type: of, args } of Object.values(type.getFields())) {
        if (!isConnection(getNamedType(of))) continue;
        lists += 1;
        expect(args.filter(isRequiredArgument).length > 0).toBe(name in WITH);
        const given = (WITH[name] ?? []).flatMap((each) => ['--with', each]);
        const exported = await json(name, ...more, ...given);
        expect(exported).toMatchObject({ view: name, resolved: { stale: false }, rows: expect.any(Array) });
        if (!['priorIncidents', 'intervals', 'links', 'provenance'].includes(name))
          expect(exported.rows).not.toEqual([]);
      }
    expect(lists).toBeGreaterThan(15);
  });

  test('holds every row, however many pages that takes, and each with every plain value of it', async () => {
    let pages = 0;
    const exported = await exportView(
      async (body) => {
        if (body.query.includes('endCursor')) pages += 1;
        return await server.gql(body.query, body.variables);
      },
      { view: 'timeline', incidentId: INCIDENT, arguments: {} },
    );
    const { totals, resolved } = exported.head as any;
    const rows: any[] = [];
    for await (const row of exported.rows) rows.push(row);
    expect(pages).toBeGreaterThan(2);
    expect(rows).toHaveLength(totals.counts.certain + totals.counts.possible);
    expect(new Set(rows.map(({ node }: any) => node.id)).size).toBe(rows.length);
    expect(resolved.sequence).toBe(String((await server.resources.store.readAll({ limit: 1_000 })).length));
    const row = (reference: string) => rows.find(({ node }: any) => node.reference === reference);
    expect(row('F03')).toMatchObject({
      certainty: 'CERTAIN',
      node: {
        kind: 'PROCESSOR_NOTIFICATION_RECEIVED',
        statement: { state: 'PRESENT', value: expect.stringContaining('Labour') },
        occurred: { when: { earliest: '2021-10-28T23:00:00.000Z' } },
        actor: { ref: 'processor:unnamed' },
        channel: expect.any(String), // of this kind alone
      },
    });
    expect(row('F01').node.partOf).toEqual({ id: factIdOf('F19'), reference: 'F19' }); // named, not opened
  });

  test('of a moment shows that moment, and says which it was, so that it can be cited', async () => {
    const before = await json(
      'timeline',
      '--incident',
      INCIDENT,
      '--known-at',
      '2021-11-03T15:44:00Z',
      '--known-by',
      'public:public',
    );
    expect(before).toMatchObject({
      requested: { known: { at: '2021-11-03T15:44:00.000Z', by: 'public:public' } },
      totals: { counts: { certain: 0 } },
    });
    const early = await json('timeline', '--incident', INCIDENT, '--sequence', '12');
    expect(early.resolved.sequence).toBe('12');
    expect(early.rows.every(({ node }: any) => Number(node.sequence) <= 12)).toBe(true);
    const recorded = await json('gaps', '--recorded', '2000-01-01T00:00:00Z');
    expect(recorded).toMatchObject({ requested: { recorded: '2000-01-01T00:00:00.000Z' }, rows: [] });
  });

  test('of an incident may name it by its reference', async () => {
    const byReference = await json('gaps', '--incident', '2021-10-processor-incident');
    expect(byReference).toEqual(await json('gaps', '--incident', INCIDENT));
    expect(byReference).toEqual(await json('gaps', '--incident', INCIDENT.slice('inc_'.length)));
    expect(byReference.rows).not.toEqual([]);
  });

  test('as a table has a column for each plain value, and says above which moment it shows', async () => {
    const { out } = await view('gaps', '--incident', INCIDENT, '--format', 'csv');
    const lines = out.split('\n');
    expect(lines[0]).toBe('# view: gaps');
    expect(out).toMatch(/^# resolved: \{.*"sequence":"\d+"/m);
    const header = lines.find((line) => !line.startsWith('#'))!.split(',');
    expect(header).toEqual(expect.arrayContaining(['topic', 'incident.id', 'state', 'missing', 'about.1.reference']));
    expect(header).not.toContain('missing.state'); // only where a text is not there
  });

  test.each([
    [['rumours'], /^ledgerctl: there is no view rumours here; there are counts, gaps, incidents, .*timeline\.\n$/],
    [['communications'], /It is one of an incident: give --incident\.\n$/],
    [['parties', '--incident', INCIDENT], /It is one of the whole ledger: leave --incident out\.\n$/],
    [['counts'], /^ledgerctl: counts needs --with by=… \(\[Dimension!\]!\)\n$/],
    [['counts', '--with', 'by'], /must be an argument of the view and its value as in GraphQL/],
    [['gaps', '--incident', 'EX-0'], /^ledgerctl: no incident EX-0 is on record\n$/],
    [['gaps', '--incident', 'inc_00000000-0000-4000-8000-000000000000'], /is on record as of that moment\n$/],
    [
      ['gaps', '--sequence', '3', '--recorded', '2031-01-01T00:00:00Z'],
      /^ledgerctl: --recorded and --sequence say the same\n$/,
    ],
    [['gaps', '--from-sequence', '3'], /^ledgerctl: --from-sequence does not go with a view\n$/],
    [['gaps', '--format', 'xml'], /^ledgerctl: --format must be json or csv\n$/],
  ])('%j is wrong use, in words', async (args, message) => {
    const { status, out, err } = await view(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
  });

  test('that could not be finished leaves no file, and replaces none', async () => {
    expect(await view('gaps', '--sequence', 'ten', '--to', at('gaps.json'))).toMatchObject({ status: 1 });
    expect(existsSync(at('gaps.json'))).toBe(false);
    expect(await view('gaps', '--to', at('gaps.json'))).toMatchObject({ status: 0, out: '' });
    const first = readFileSync(at('gaps.json'), 'utf8');
    expect(await view('rumours', '--to', at('gaps.json'))).toMatchObject({ status: 2 });
    expect(readFileSync(at('gaps.json'), 'utf8')).toBe(first);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});

describe('events', () => {
  const events = async (...args: string[]) => {
    const { status, out, err } = await beside.run(['export', 'events', '--quiet', ...args], env());
    expect({ status, err }).toEqual({ status: 0, err: '' });
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };

  let beside: LedgerctlProcess;
  beforeAll(() => (beside = new LedgerctlProcess()));
  afterAll(() => beside.remove());

  test('come out one a line, in order, in clear, with what was recorded of each, beside a running server', async () => {
    const all = await events();
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
    expect(all[0]).toEqual({
      sequence: 1,
      type: 'incident-opened',
      recordedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      recordedBy: server.resources.identity.userId,
      commandId: expect.any(String),
      correlationId: expect.any(String),
      payload: expect.objectContaining({
        incidentId: INCIDENT.slice('inc_'.length),
        zone: 'Europe/London',
        title: expect.any(String),
      }),
    });
    const notice = all.findIndex(({ type }) => type === 'processor-notification-received');
    expect(all[notice + 1]).toMatchObject({ type: 'gap-opened', commandId: all[notice].commandId, consequence: true });
    expect(all.filter(({ consequence }) => consequence === true)).toHaveLength(1);
  });

  test('reach a reader who is slow to read, all of them', async () => {
    const all = (await events()).length;
    const command = `"${process.execPath}" "${beside.program}" export events | (sleep 1; wc -lc)`;
    const out = execFileSync('sh', ['-c', command], { env: { ...process.env, ...env() }, encoding: 'utf8' });
    const [lines, bytes] = out.trim().split(/\s+/).map(Number);
    expect(lines).toBe(all);
    expect(bytes).toBeGreaterThan(70_000); // more than a pipe holds
  });

  test('may be those of one incident, or begin somewhere, with the sequences that they have', async () => {
    const all = await events();
    const some = await events('--incident', '2021-10-processor-incident', '--from-sequence', '40');
    expect(some).toEqual(
      all.filter(({ sequence, payload }) => sequence >= 40 && `inc_${payload.incidentId}` === INCIDENT),
    );
    expect(await events('--from-sequence', '100', '--incident', INCIDENT)).toEqual(
      some.filter(({ sequence }) => sequence >= 100),
    );
  });

  test.each([
    [['--from-sequence', '0'], '--from-sequence must be a number, 1 or more'],
    [['--incident', 'EX-0'], 'no incident EX-0 is on record'],
    [['--known-at', '2031-01-01T00:00:00Z'], '--known-at does not go with events'],
    [['timeline'], 'events takes no further argument: timeline'],
  ])('%j is wrong use, in words', async (args, message) => {
    expect(await beside.run(['export', 'events', ...args], env())).toEqual({
      status: 2,
      out: '',
      err: `ledgerctl: ${message}\n`,
    });
  });
});

describe('a ledger that nobody serves', () => {
  const INCIDENT_ID = uuidOf('the lost box of tapes');
  let data: string;
  beforeEach(() => (data = temporaryFolder()));
  afterEach(() => removeFolder(data));
  const run = (...args: string[]) => ledgerctl(['export', ...args, '--quiet'], { LEDGER_DATA: data });

  test('shows its views without a server, up to the end of its log', async () => {
    const ledger = openTestLedger(data);
    await ledger.open();
    await ledger.record(claim('tape 1'));
    await ledger.shut();
    const { status, out, err } = await run('view', 'timeline', '--incident', 'EX-2031-007');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ resolved: { sequence: '2' }, rows: [{ node: { kind: 'CLAIM_MADE' } }] });
  });

  test('cells that a spreadsheet would take for formulas are made text', async () => {
    const ledger = openTestLedger(data);
    await ledger.open();
    for (const sign of ['=', '+', '-', '@'])
      await ledger.record(
        claim(`sign ${sign}`, { reference: `S${sign.charCodeAt(0)}`, statement: `${sign}HYPERLINK("x")` }),
      );
    await ledger.shut();
    const { out } = await run('view', 'timeline', '--incident', 'EX-2031-007', '--format', 'csv');
    for (const sign of ['=', '+', '-', '@']) {
      expect(out).toContain(`"'${sign}HYPERLINK(""x"")"`);
      expect(out).not.toMatch(new RegExp(`[,"]\\${sign}HYPER`));
    }
  });

  test('says of erased texts that they were, and shows nothing of what is privileged', async () => {
    const ledger = openTestLedger(data);
    await ledger.open();
    await ledger.record(claim('tape 1', { actor: CARETAKER }));
    await ledger.record(claim('tape 2'), command(), 'privileged');
    await ledger.record(claim('tape 3'));
    const views = ledger.views();
    await ledger.caughtUp(views);
    accepted(await ledger.erase(views, await ledger.kids(1n)));
    await ledger.shut();
    const { out } = await run('events');
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ sequence, type }) => `${sequence} ${type}`)).toEqual([
      '1 incident-opened',
      '2 claim-made',
      '3 claim-made',
      '4 erasure-ordered',
      '5 keys-destroyed',
    ]);
    expect(events[1].payload).toMatchObject({ statement: { hidden: 'erased' }, actor: CARETAKER });
    expect(out).not.toContain('tape 2');
    const table = await run('view', 'timeline', '--incident', `inc_${INCIDENT_ID}`, '--format', 'csv');
    expect(table.out).toContain('statement.state');
    expect(table.out).toContain('ERASED');
    expect(table.out).not.toContain('tape 2');
  });

  test('shows an event that this version cannot read as that, with its number', async () => {
    const ledger = openTestLedger(data);
    await ledger.open();
    const [stored] = await ledger.events();
    await ledger.store.append(stored!.stream, 0n, [{ ...stored!, id: randomUUID(), type: 'rumour-heard' }]);
    await ledger.shut();
    const { out } = await run('events');
    expect(JSON.parse(out.trim().split('\n')[1]!)).toEqual({
      sequence: 2,
      type: 'rumour-heard',
      recordedAt: expect.any(String),
      recordedBy: expect.any(String),
      commandId: expect.any(String),
      correlationId: expect.any(String),
      consequence: true,
      unreadable: 'its type is not known to this version of the software',
    });
  });

  test('that is not there is said to be missing, and none is made', async () => {
    removeFolder(data);
    expect(await run('events')).toMatchObject({ status: 1, err: expect.stringContaining('holds no log.db') });
    expect(existsSync(data)).toBe(false);
  });
});
