import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getNamedType, isRequiredArgument, type GraphQLObjectType } from 'graphql';
import { isConnection } from '../../apps/ledgerctl/export/selection';
import { factIdOf, SAMPLE_INCIDENT_ID } from '../seed-case/sample';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { ledgerctl } from './ledgerctl';

let folder: string;
let server: LedgerServer;
beforeAll(async () => {
  folder = temporaryFolder();
  server = await startLedger({ data: join(folder, 'ledger') });
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
    provenance: [`factId=${JSON.stringify(factIdOf('F19'))}`, 'direction=FORWARDS'],
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
        if (!['priorIncidents', 'intervals', 'links', 'provenance'].includes(name)) expect(exported.rows).not.toEqual([]);
      }
    expect(lists).toBeGreaterThan(15);
  });

  test('holds every row, however many pages that takes, and each with every plain value of it', async () => {
    const { rows, totals, resolved } = await json('timeline', '--incident', INCIDENT);
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
    const before = await json('timeline', '--incident', INCIDENT, '--known-at', '2021-11-03T15:44:00Z', '--known-by', 'public:public');
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
    expect(byReference.rows).not.toEqual([]);
  });

  test('as a table has a column for each plain value, and says above which moment it shows', async () => {
    const { out } = await view('gaps', '--incident', INCIDENT, '--format', 'csv');
    const lines = out.split('\n');
    expect(lines[0]).toBe('# view: gaps');
    expect(out).toMatch(/^# resolved: \{.*"sequence":"\d+"/m);
    const header = lines.find((line) => !line.startsWith('#'))!.split(',');
    expect(header).toEqual(expect.arrayContaining(['id', 'topic', 'incident.id', 'state', 'missing', 'about.1.reference']));
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
    [['gaps', '--sequence', '3', '--recorded', '2031-01-01T00:00:00Z'], /^ledgerctl: --recorded and --sequence say the same\n$/],
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
