import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claim, INCIDENT_ID, uuidOf } from '../support/facts';
import { accepted, openTestLedger, removeFolder, temporaryFolder } from '../support/ledger';
import { ledgerctl } from './ledgerctl';

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);

const run = (args: readonly string[], data = 'ledger') =>
  ledgerctl([args[0]!, '--quiet', ...args.slice(1)], { LEDGER_DATA: at(data) });

/** Writes a file and gives its place. */
const file = (name: string, content: string | Buffer | readonly object[]): string => {
  const text = Array.isArray(content) ? content.map((record) => `${JSON.stringify(record)}\n`).join('') : content;
  writeFileSync(at(name), text as string | Buffer);
  return at(name);
};
const table = (name: string, ...rows: readonly (readonly string[])[]): string =>
  file(name, rows.map((row) => `${row.join(',')}\n`).join(''));

const OPEN = [
  '--incident',
  'EX-1',
  '--open',
  '--title',
  'A lost box',
  '--controller',
  'controller:example-council',
  '--zone',
  'Europe/London',
];

interface Line {
  readonly line: number;
  readonly outcome: string;
  readonly type?: string;
  readonly reference?: string;
  readonly id?: string;
  readonly faults?: readonly { readonly field: string; readonly code: string; readonly reason: string }[];
}

/** Imports into an incident that is opened on the way; answers what became of the rows of the files. */
const imported = async (
  files: readonly string[],
  ...more: readonly string[]
): Promise<{ status: number | null; rows: Line[]; err: string; out: string }> => {
  const ended = await run(['import', ...files, ...OPEN, '--report', at('report.jsonl'), ...more]);
  const lines = existsSync(at('report.jsonl')) ? readFileSync(at('report.jsonl'), 'utf8').trim().split('\n') : [];
  const rows = lines.map((line) => JSON.parse(line) as Line & { file: string });
  return { ...ended, rows: rows.filter(({ file: name }) => files.includes(name)) };
};
/** `line outcome`, or `line field code` of everything that is wrong with it. */
const told = (rows: readonly Line[]): string[] =>
  rows.flatMap(({ line, outcome, faults = [] }) =>
    faults.length === 0 ? [`${line} ${outcome}`] : faults.map(({ field, code }) => `${line} ${field} ${code}`),
  );
const events = async (data = 'ledger'): Promise<any[]> => {
  const { out, status } = await run(['export', 'events'], data);
  expect(status).toBe(0);
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};
const payloads = async (type: string) =>
  (await events()).filter((event) => event.type === type).map(({ payload }) => payload);

const day = { zone: 'Europe/London', local: '2031-01-03' };
const record = (fields: object = {}) => ({
  kind: 'claim',
  occurred: { moment: day },
  known: [{ by: { role: 'controller', id: 'example-council' }, when: day }],
  source: { document: 'letter-7' },
  actor: { role: 'processor', id: 'example-archive' },
  manner: 'stated',
  statement: 'A box of tapes was not on its shelf.',
  ...fields,
});
const COLUMNS = ['reference', 'kind', 'occurred', 'known_by', 'known', 'source', 'actor', 'manner', 'statement'];
const cells = (change: Readonly<Record<string, string>> = {}): string[] => {
  const row: Record<string, string> = {
    reference: 'R1',
    kind: 'claim',
    occurred: '2031-01-03',
    known_by: 'controller:example-council',
    known: '2031-01-04',
    source: 'letter-7',
    actor: 'processor:example-archive',
    manner: 'stated',
    statement: 'A box was not on its shelf.',
    ...change,
  };
  return COLUMNS.map((name) => row[name] ?? '');
};

describe('records in JSON', () => {
  test('name their kind, their enumerated values and their ids in any spelling', async () => {
    const [one, other] = [uuidOf('one'), uuidOf('other')];
    const { status, rows, err } = await imported([
      file('notes.jsonl', [
        record({ kind: 'CLAIM_MADE', factId: `fact_${one}`, manner: 'CLAIMED' }),
        record({
          kind: 'concession',
          factId: other,
          partOf: one,
          sameThingAs: `fact_${one}`,
          actor: { role: 'DATA_SUBJECTS', id: 'residents' },
        }),
        record({
          kind: 'impact-claimed',
          effects: { confidentiality: 'NOT_STATED', integrity: 'ruled-out', availability: 'YES' },
        }),
        {
          act: 'openGap',
          topic: 'PROCESSOR_AGREEMENT',
          about: [one],
          shows: { ...day, basis: 'SYSTEM_LOG' },
          owners: ['legal'],
        },
        { kind: 'party-registered', partyId: 'example-archive', name: 'Example Archive Ltd', sort: 'ORGANISATION' },
      ]),
    ]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(told(rows)).toEqual([1, 2, 3, 4, 5].map((line) => `${line} recorded`));
    expect(rows[0]).toMatchObject({ type: 'claim-made', id: `fact_${one}` });
    expect(rows[3]?.id).toMatch(/^gap_/);
    expect(await payloads('concession-made')).toMatchObject([
      { factId: other, partOf: one, sameThingAs: one, actor: { role: 'data-subjects' } },
    ]);
    expect(await payloads('impact-claimed')).toMatchObject([
      { effects: { confidentiality: 'not-stated', integrity: 'ruled-out', availability: 'yes' } },
    ]);
    expect(await payloads('gap-opened')).toMatchObject([
      { topic: 'processor-agreement', shows: { basis: 'system-log' } },
    ]);
  });

  test('have a field called act where their kind has one', async () => {
    const { rows } = await imported([
      file('notes.jsonl', [
        record({ kind: 'authority-act', act: 'INFORMATION_REQUESTED' }),
        record({ act: 'reprimand' }),
        record({ kind: 'authority-act', act: 'sung' }),
      ]),
      table('notes.csv', [...COLUMNS, 'act'], [...cells({ kind: 'authority-act' }), 'reprimand']),
    ]);
    expect(told(rows)).toEqual(['1 recorded', '2 act not-allowed', '3 act invalid', '2 recorded']);
    expect((await payloads('authority-acted')).map(({ act }) => act)).toEqual(['information-requested', 'reprimand']);
  });

  test('may write times and actors as a table does', async () => {
    const { rows } = await imported([
      file('notes.jsonl', [
        record({
          occurred: '2031-01-03 15:45',
          known: [{ by: 'public:public', when: '..2031-01-05' }],
          actor: 'processor:example-archive',
          via: ['media:example-gazette'],
        }),
        record({ occurred: { moment: { from: '2031-01-03', until: '2031-01-05T12:00' } } }),
      ]),
    ]);
    expect(told(rows)).toEqual(['1 recorded', '2 recorded']);
    const [first, second] = await payloads('claim-made');
    expect(second.occurred.when).toMatchObject({ latest: '2031-01-05T12:01:00.000Z', zone: 'Europe/London' });
    expect([first]).toMatchObject([
      {
        occurred: { when: { earliest: '2031-01-03T15:45:00.000Z', precision: 'minute' } },
        known: [{ by: { role: 'public', id: 'public' }, when: { earliest: null, latest: '2031-01-06T00:00:00.000Z' } }],
        via: [{ role: 'media', id: 'example-gazette' }],
      },
    ]);
  });

  test('are reported by the line of the file, in a list and one a line, with everything that is wrong', async () => {
    const wrong = record({ manner: 'sung', statement: '', colour: 'red', known: [] });
    const list = file(
      'list.json',
      `[\r\n  ${JSON.stringify(record({ reference: 'L1' }))},\r\n\r\n  ${JSON.stringify(wrong, undefined, 2)},\n  7\n]`,
    );
    const lines = file(
      'lines.jsonl',
      `\ufeff${JSON.stringify(record({ reference: 'J1' }))}\r\n\r\n${JSON.stringify(wrong)}\r\n{"kind":\r\n`,
    );
    const { status, rows, err } = await imported([list, lines]);
    expect(status).toBe(3);
    expect(told(rows)).toEqual([
      '2 recorded',
      '4 manner invalid',
      '4 colour unknown-field',
      '4 known invalid',
      '4 statement invalid',
      `${4 + JSON.stringify(wrong, undefined, 2).split('\n').length}  invalid`,
      '1 recorded',
      '3 manner invalid',
      '3 colour unknown-field',
      '3 known invalid',
      '3 statement invalid',
      '4  not-json',
    ]);
    expect(err).toContain(`${lines}:3: refused\n  manner: must be one of stated, reported, `);
    expect(err).toContain('  known: needs at least one knower\n');
    expect(err).toContain('  colour: is not a field that belongs here\n');
    expect(err.match(/: refused/g)).toHaveLength(4);
  });

  test.each([
    ['no kind', { kind: undefined }, '1 kind required'],
    ['a kind that is none', { kind: 'rumour' }, '1 kind unknown-kind'],
    ['what cannot be asked for', { kind: 'keys-destroyed' }, '1 kind not-importable'],
    ['an id of something else', { factId: `gap_${uuidOf('one')}` }, '1 factId invalid'],
    ['an incident that nobody knows', { incidentId: 'EX-9' }, '1 incidentId unknown-reference'],
    [
      'an incident that is not on record',
      { incidentId: `inc_${uuidOf('another')}` },
      '1 incidentId incident-not-found',
    ],
    ['a partition that is none', { partition: 'secret' }, '1 partition invalid'],
    ['a command id that is none', { commandId: '7' }, '1 commandId invalid'],
    [
      'a time that cannot be',
      { occurred: { moment: { ...day, local: '2031-02-30' } } },
      '1 occurred.moment.local local-not-in-calendar',
    ],
    ['a person by name', { actor: { role: 'person', id: 'jo-bloggs' } }, '1 actor.id invalid'],
    [
      'a correction of nothing',
      { kind: 'correction', corrects: uuidOf('x'), nature: 'substance', reason: 'r' },
      '1 corrects fact-not-found',
    ],
    ['broken Unicode', { statement: 'a \ud800 b' }, '1  invalid'],
  ])('with %s are refused', async (_, fields, expected) => {
    const { rows } = await imported([file('notes.jsonl', [record(fields)])]);
    expect(told(rows)).toContain(expected);
    expect(await payloads('claim-made')).toEqual([]);
  });
});

describe('a table', () => {
  test('may come as spreadsheets write it: with a byte order mark, CRLF, line breaks in cells, and empty rows', async () => {
    const { rows, status } = await imported([
      file(
        'notes.csv',
        `\ufeffReference,Kind,Occurred,Known by,Known,Source,Actor,Manner,Statement,\r\n` +
          `R1,Claim,2031-01-03,controller:example-council,2031-01-04,letter-7,processor:example-archive,Stated,"A box,\r\nand ""a lid"".",\r\n` +
          `,,,,,,,,,\r\n` +
          `\r\n` +
          `R2,Claim,2031-01-03,controller:example-council,2031-01-04,letter-7,processor:example-archive,Sung,x,\r\n` +
          `R3,Claim,2031-01-03,controller:example-council,2031-01-04,letter-7,processor:example-archive,Stated,x,y\r\n` +
          `R4,Claim,2031-01-03\r\n` +
          `R5,Claim,2031-01-03,controller:example-council,2031-01-04,letter-7,processor:example-archive,Stated,last,`,
      ),
    ]);
    expect(status).toBe(3);
    expect(told(rows)).toEqual([
      '2 recorded',
      '6 Manner invalid',
      '7 column 10 unnamed-column',
      '8  wrong-number-of-cells',
      '9 recorded',
    ]);
    expect((await payloads('claim-made')).map(({ statement }) => statement)).toEqual(['A box,\nand "a lid".', 'last']);
  });

  test('has columns for imprecise times, several knowers, states, lists, numbers and what lies deeper', async () => {
    const header = [
      'kind',
      'occurred',
      'occurred_until',
      'occurred_text',
      'occurred_qualifier',
      'observed',
      'occurred_ended',
      'occurred_ended_text',
      'known_by',
      'known',
      'known_by_2',
      'known_2',
      'known_time_basis',
      'source',
      'line',
      'actor',
      'actor_role',
      'actor_name',
      'via',
      'manner',
      'statement',
      'stated',
      'not_stated',
      'channel',
      'numbers.1.of',
      'numbers.1.min',
      'affected',
      'cohort',
      'cohort_name',
      'delivered',
      'service',
    ];
    const row = (fields: Record<string, string>) => header.map((name) => fields[name] ?? '');
    const common = {
      known_by: 'controller:example-council',
      known: '2031-01-04',
      source: 's',
      actor: 'example-archive',
      actor_role: 'Processor',
      manner: 'stated',
      statement: 'x',
    };
    const { rows, err } = await imported([
      table(
        'notes.csv',
        header,
        row({
          ...common,
          kind: 'processor-notification',
          occurred: '2031-01-03',
          occurred_until: '2031-01-05',
          occurred_text: 'over the weekend',
          occurred_qualifier: 'APPROXIMATE',
          known_by_2: 'public:public',
          known_2: '2031-02',
          known_time_basis: 'Press',
          line: '12',
          actor_name: 'Example Archive',
          via: 'processor:example-archive; media:example-gazette',
          stated: '"one; still one\ntwo"',
          not_stated: 'numbers; Consequences',
          channel: 'E-mail'.replace('-', '').toLowerCase(),
          delivered: '2031-01-03 10:00Z',
        }),
        row({
          ...common,
          kind: 'service-outage',
          occurred: '2031-01-03..',
          observed: '2031-01-06 09:00; 2031-01-08',
          occurred_ended: '..2031-01-09',
          occurred_ended_text: 'by Thursday',
          service: 'copies',
        }),
        row({ ...common, kind: 'service-outage', observed: '2031-01-06', service: 'copies' }),
        row({
          ...common,
          kind: 'scope-claim',
          occurred_until: '2031-01-05',
          affected: 'yes',
          cohort: 'data-subjects:residents',
          cohort_name: 'Residents',
          'numbers.1.of': 'records',
          'numbers.1.min': '300',
        }),
      ),
    ]);
    expect(err).toBe('');
    expect(rows.map(({ outcome }) => outcome)).toEqual(Array(4).fill('recorded'));
    expect(await payloads('processor-notification-received')).toMatchObject([
      {
        occurred: {
          when: {
            earliest: '2031-01-03T00:00:00.000Z',
            latest: '2031-01-06T00:00:00.000Z',
            precision: 'interval',
            text: 'over the weekend',
            qualifier: 'approximate',
          },
        },
        known: [
          { by: { id: 'example-council' }, when: { basis: 'press' } },
          { by: { role: 'public' }, when: { precision: 'month' } },
        ],
        source: { document: 's', line: 12 },
        actor: { role: 'processor', id: 'example-archive', name: 'Example Archive' },
        via: [{ role: 'processor' }, { role: 'media' }],
        stated: ['one; still one', 'two'],
        notStated: ['numbers', 'consequences'],
        delivered: { earliest: '2031-01-03T10:00:00.000Z', latest: '2031-01-03T10:01:00.000Z' },
      },
    ]);
    expect(await payloads('service-outage-reported')).toMatchObject([
      {
        occurred: {
          shape: 'state',
          start: { earliest: '2031-01-03T00:00:00.000Z', latest: null },
          observed: [{ precision: 'minute' }, { precision: 'day' }],
          end: { latest: '2031-01-10T00:00:00.000Z', text: 'by Thursday' },
        },
      },
      { occurred: { shape: 'state', start: { precision: 'unknown' }, observed: [{ precision: 'day' }], end: null } },
    ]);
    expect(await payloads('scope-claimed')).toMatchObject([
      {
        occurred: { when: { earliest: null, latest: '2031-01-06T00:00:00.000Z' } },
        cohort: { role: 'data-subjects', id: 'residents', name: 'Residents' },
        numbers: [{ of: 'records', min: 300 }],
      },
    ]);
  });

  test.each([
    ['occurred', '03/11/2031', 'time-ambiguous'],
    ['occurred', '2031-02-30', 'local-not-in-calendar'],
    ['occurred', '', 'required'],
    ['known', '2031-03-30 01:30', 'local-never-happened'],
    ['known', '2031-01-04..2031-01-02', 'bounds-empty'],
    ['known_by', '', 'required'],
    ['known_by', 'the council', 'invalid'],
    ['source', 'Letter No. 7', 'invalid'],
    ['actor', 'Example Archive', 'invalid'],
    ['manner', '', 'required'],
    ['statement', `${'long '.repeat(1601)}`, 'too-long'],
    ['reference', 'R 1', 'invalid'],
  ])('with %s %j is refused there: %s', async (column, text, code) => {
    const { rows } = await imported([table('notes.csv', COLUMNS, cells({ [column]: text }))]);
    expect(told(rows)).toEqual([`2 ${column} ${code}`]);
  });

  test('has everything that is wrong with a row reported at once', async () => {
    const { rows } = await imported([
      table(
        'notes.csv',
        [...COLUMNS, 'part_of'],
        [...cells({ occurred: '3.4.2031', manner: 'sung', statement: '' }), 'nobody'],
      ),
    ]);
    expect(told(rows).sort()).toEqual([
      '2 manner invalid',
      '2 occurred time-ambiguous',
      '2 part_of unknown-reference',
      '2 statement required',
    ]);
  });

  test('may hold acts, and rows of several incidents that it opens itself', async () => {
    const header = [
      'kind',
      'incident',
      'title',
      'controller',
      'zone',
      'question',
      'topic',
      'about',
      'stance',
      'question_id',
      'fact_id',
      ...COLUMNS.filter((name) => name !== 'kind'),
    ];
    const row = (fields: Readonly<Record<string, string>>) => header.map((name) => fields[name] ?? '');
    const fact = Object.fromEntries(COLUMNS.map((name, index) => [name, cells()[index] as string]));
    const { rows, status } = await imported([
      table(
        'notes.csv',
        header,
        row({
          kind: 'open-incident',
          reference: 'EX-2',
          title: 'Another',
          controller: 'controller:example-council',
          zone: 'Europe/Paris',
        }),
        row({ ...fact, incident: 'EX-2' }),
        row({ ...fact, incident: 'EX-1' }),
        row(fact), // of --incident, which is EX-1: the same row again
        row({ kind: 'name-contested-question', incident: 'EX-2', reference: 'Q1', question: 'Was it lost?' }),
        row({ kind: 'attribute-stance', incident: 'EX-2', question_id: 'Q1', fact_id: 'R1', stance: 'asserts' }),
        row({ kind: 'attribute-stance', incident: 'EX-1', question_id: 'Q1', fact_id: 'R1', stance: 'asserts' }),
        row({ kind: 'open-gap', incident: 'EX-2', reference: 'G1', topic: 'numbers', about: 'R1; R2' }),
      ),
    ]);
    expect(told(rows)).toEqual([
      '2 recorded',
      '3 recorded',
      '4 recorded',
      '5 already-there',
      '6 recorded',
      '7 recorded',
      '8 question_id unknown-reference',
      '9 about unknown-reference',
    ]);
    expect(status).toBe(3);
    const [paris, london] = await payloads('claim-made');
    expect(paris.occurred.when).toMatchObject({ earliest: '2031-01-02T23:00:00.000Z', zone: 'Europe/Paris' });
    expect(london.occurred.when).toMatchObject({ earliest: '2031-01-03T00:00:00.000Z', zone: 'Europe/London' });
    expect(await payloads('stance-attributed')).toMatchObject([{ factId: paris.factId, incidentId: paris.incidentId }]);
  });
});

describe('the zone of a time', () => {
  const party = {
    act: 'record-agreement',
    partyId: 'example-archive',
    sort: 'processing',
    counterparty: 'example-council',
  };
  const registered = {
    act: 'register-party',
    partyId: 'example-archive',
    name: 'Example Archive',
    sort: 'organisation',
  };

  test('is that beside it, else that of the row, of --zone, or of the incident', async () => {
    const times = [
      record({ occurred: { moment: { zone: 'Asia/Tokyo', local: '2031-01-03' } } }),
      record({ zone: 'America/New_York', occurred: '2031-01-03' }),
      record({ occurred: '2031-01-03' }),
    ];
    const earliest = async () => (await payloads('claim-made')).map(({ occurred }) => occurred.when.earliest);
    const notes = file('notes.jsonl', times);
    await imported([notes]);
    const [tokyo, newYork] = ['2031-01-02T15:00:00.000Z', '2031-01-03T05:00:00.000Z'];
    expect(await earliest()).toEqual([tokyo, newYork, '2031-01-03T00:00:00.000Z']);
    await run([
      'import',
      file('more.jsonl', [record({ statement: 'More.', occurred: '2031-01-03' })]),
      '--incident',
      'EX-1',
      '--zone',
      'Europe/Paris',
    ]);
    expect((await earliest())[3]).toBe('2031-01-02T23:00:00.000Z');
  });

  test('that is nowhere said is not guessed: the time is refused', async () => {
    const agreement = { ...party, validFrom: '2031-01-01' };
    const { rows, err } = await imported([file('notes.jsonl', [registered, agreement])]);
    expect(told(rows)).toEqual(['1 recorded', '2 recorded']); // --zone is given there
    expect(err).toBe('');
    const without = await run([
      'import',
      file('more.jsonl', [{ ...agreement, reference: undefined, validUntil: '2032' }]),
    ]);
    expect(without).toMatchObject({ status: 3, err: expect.stringContaining('validFrom: is a time without a zone') });
    expect(without.err).toContain('validUntil: is a time without a zone');
  });
});

describe('what a row names', () => {
  test('may be another row, also one further down, or what is on record, by its reference or id', async () => {
    const other = uuidOf('other');
    const first = file('first.jsonl', [
      record({ reference: 'S1', partOf: 'M1', sameThingAs: `fact_${other}` }),
      record({ reference: 'M1', restates: ['S1', `fact_${other}`] }),
    ]);
    expect(told((await imported([first])).rows)).toEqual(['1 recorded', '2 recorded']);
    const [statement, message] = await payloads('claim-made');
    expect(statement).toMatchObject({ partOf: message.factId, sameThingAs: other });
    expect(message.restates).toEqual([statement.factId, other]);

    const ledger = openTestLedger(at('ledger'));
    const { incidentId } = message;
    accepted(await ledger.record(claim('by hand', { incidentId, reference: 'H1' })));
    await ledger.shut();
    const second = file('second.jsonl', [
      record({ reference: 'S2', partOf: 'M1' }),
      record({ reference: 'S3', partOf: 'H1' }),
    ]);
    expect(told((await imported([second])).rows)).toEqual(['1 recorded', '2 recorded']);
    expect((await payloads('claim-made')).map(({ partOf }) => partOf).slice(-2)).toEqual([
      message.factId,
      uuidOf('by hand'),
    ]);
  });

  test('and is nowhere, or is the reference of two, is a fault of that row', async () => {
    const [one, two] = [uuidOf('one'), uuidOf('two')];
    const { rows } = await imported([
      file('notes.jsonl', [
        record({ reference: 'T', factId: one }),
        record({ reference: 'T', factId: two }),
        record({ partOf: 'T' }),
        record({ partOf: 'nobody', restates: ['T', one, 'neither'] }),
      ]),
    ]);
    expect(told(rows)).toEqual([
      '1 recorded',
      '2 recorded',
      '3 partOf ambiguous-reference',
      '4 partOf unknown-reference',
      '4 restates.0 ambiguous-reference',
      '4 restates.2 unknown-reference',
    ]);
  });

  test('and acts on must come before it, in every run alike: a correction is not refused once and taken the next time', async () => {
    const correction = {
      kind: 'correction',
      reference: 'K1',
      corrects: 'C1',
      nature: 'substance',
      reason: 'A second letter.',
    };
    const notes = file('notes.jsonl', [
      record(correction),
      { act: 'assign-gap', gapId: 'G1', owners: ['legal'] },
      { act: 'open-gap', reference: 'G1', topic: 'numbers', about: [] },
      record({ reference: 'C1' }),
      record({ ...correction, reference: 'K2' }),
      { act: 'close-gap', gapId: 'G1', answeredBy: ['K2'], reason: 'Numbers came.' },
    ]);
    const wrong = ['1 corrects comes-later', '2 gapId comes-later'];
    const four = (outcome: string) => [3, 4, 5, 6].map((line) => `${line} ${outcome}`);
    expect(told((await imported([notes])).rows)).toEqual([...wrong, ...four('recorded')]);
    expect(told((await imported([notes])).rows)).toEqual([...wrong, ...four('already-there')]);
  });
});

describe('a row that comes again', () => {
  const notes = () => [
    record({ reference: 'R1' }),
    record(),
    record(),
    record({ factId: uuidOf('one') }),
    { act: 'register-party', partyId: 'example-archive', name: 'Example Archive', sort: 'organisation' },
    { act: 'link-duplicate', factId: uuidOf('one'), sameThingAs: uuidOf('two') },
    { act: 'close-incident', reason: 'Done.' },
  ];

  test('adds nothing, whether it has a reference or not; rows that are alike are as many as they were', async () => {
    const place = file('notes.jsonl', notes());
    expect(told((await imported([place])).rows)).toEqual(notes().map((_, index) => `${index + 1} recorded`));
    const before = await events();
    const again = await imported([place]);
    expect(again).toMatchObject({
      status: 0,
      err: '',
      out: expect.stringContaining('0 were recorded, 7 were there already, 0 were refused'),
    });
    expect(await events()).toEqual(before);
    file('notes.jsonl', [...notes(), record()]); // a third one that is alike
    expect(told((await imported([place])).rows).filter((line) => line.endsWith('recorded'))).toEqual(['8 recorded']);
  });

  test('with other content under the same reference or id is refused: the record is not edited', async () => {
    await imported([file('notes.jsonl', notes())]);
    const changed = file('changed.jsonl', [
      record({ reference: 'R1', statement: 'Otherwise.' }),
      record({ reference: 'R1', kind: 'concession' }),
      record({ factId: uuidOf('one'), manner: 'hedged' }),
      { act: 'register-party', partyId: 'example-archive', name: 'Another Archive', sort: 'organisation' },
    ]);
    const { rows, err } = await imported([changed]);
    expect(told(rows)).toEqual([
      '1 reference command-reused',
      '2 reference command-reused',
      '3 factId command-reused',
      '4 partyId party-exists',
    ]);
    expect(err).toContain(
      'was recorded before with other content. The record is not edited: correct or retract the fact',
    );
  });

  test('is recognised where another command recorded the same, too', async () => {
    await imported([file('none.jsonl', [record()])]);
    const [{ incidentId }] = await payloads('claim-made');
    const ledger = openTestLedger(at('ledger'));
    accepted(await ledger.record(claim('by hand', { incidentId })));
    accepted(await ledger.register({ partyId: 'example-archive', name: 'Example Archive', sort: 'organisation' }));
    await ledger.shut();
    const [, byHand] = await payloads('claim-made');
    const same = file('same.jsonl', [
      { type: 'claim-made', payload: byHand },
      notes()[4]!,
      { type: 'claim-made', payload: { ...byHand, statement: 'Otherwise.' } },
    ]);
    expect(told((await imported([same])).rows)).toEqual(['1 already-there', '2 already-there', '3 factId fact-exists']);
  });

  test('is one command in this ledger alone: nobody can tell from its ids what it said', async () => {
    const place = file('notes.jsonl', [record({ reference: 'R1' }), record()]);
    const ids = async (data: string) => {
      expect(await run(['import', place, ...OPEN], data)).toMatchObject({ status: 0 });
      return (await events(data))
        .slice(1)
        .flatMap(({ commandId, payload }) => [commandId, payload.factId, payload.incidentId]);
    };
    const [one, other] = [await ids('one'), await ids('other')];
    expect(one).toHaveLength(other.length);
    expect(one.filter((id) => other.includes(id))).toEqual([]);
  });

  test('carries the id of its import, which says what came with it', async () => {
    const { out } = await imported([file('notes.jsonl', [record()])]);
    const [, correlationId] = /correlation id ([0-9a-f-]{36})/.exec(out)!;
    expect(new Set((await events()).map((event) => event.correlationId))).toEqual(new Set([correlationId]));
  });
});

test('privileged facts are recorded as such, seen nowhere, and not doubled', async () => {
  const place = file(
    'notes.csv',
    `${[...COLUMNS, 'partition'].join(',')}\n${cells({ statement: 'Counsel said so.' }).join(',')},Privileged\n`,
  );
  expect(told((await imported([place])).rows)).toEqual(['2 recorded']);
  expect(told((await imported([place])).rows)).toEqual(['2 already-there']);
  expect((await events()).map(({ type }) => type)).toEqual(['incident-opened']);
  const ledger = openTestLedger(at('ledger'));
  const [opening, hidden, ...more] = (await ledger.events()).map((event) => ledger.codec.decode(event));
  await ledger.shut();
  expect(more).toEqual([]);
  expect(hidden).toMatchObject({ type: 'claim-made', payload: { statement: 'Counsel said so.' } });
  expect(hidden!.meta.correlationId).not.toBe(opening!.meta.correlationId);
});

describe('--dry-run', () => {
  const mixed = () =>
    file('notes.jsonl', [
      record({ reference: 'R1' }),
      record({ reference: 'R1', statement: 'Otherwise.' }),
      record({ manner: 'sung' }),
      record({
        reference: 'R4',
        kind: 'correction',
        corrects: 'R1',
        nature: 'transcription',
        known: [],
        reason: 'A slip.',
      }),
      record({ kind: 'retraction', retracts: uuidOf('nothing'), reason: 'r' }),
      { act: 'open-gap', reference: 'G', topic: 'other', about: ['R1'] },
      record({ statement: '' }),
    ]);

  test('reports what a run would refuse, and leaves no ledger where there was none', async () => {
    const place = mixed();
    const tried = await imported([place], '--dry-run');
    expect(tried).toMatchObject({
      status: 3,
      out: 'Of 8 rows, 4 would be recorded, 0 are there already, 4 would be refused.\nNothing was recorded.\n',
    });
    expect(existsSync(at('ledger'))).toBe(false);
    const done = await imported([place]);
    expect(told(done.rows)).toEqual(told(tried.rows));
    expect(done.err).toBe(tried.err);
  });

  test('looks at what is on record, and changes neither log nor keys', async () => {
    const place = mixed();
    await imported([file('first.jsonl', [record({ reference: 'R1' })])]);
    const files = () => ['log.db', 'keys.db'].map((name) => readFileSync(at(`ledger/${name}`)).toString('base64'));
    const before = files();
    const tried = await imported([place], '--dry-run');
    expect(files()).toEqual(before);
    expect(told(tried.rows)[0]).toBe('1 already-there');
    expect(told((await imported([place])).rows)).toEqual(told(tried.rows));
  });
});

describe('the report', () => {
  test('has a line for each row: what became of it, under which id, or all that is wrong with it', async () => {
    const notes = table(
      'notes.csv',
      COLUMNS,
      cells(),
      cells({ reference: 'R2', manner: 'sung', statement: '' }),
      cells({ reference: '=1+1' }),
    );
    await imported([notes], '--report', at('report.csv'));
    const [header, opened, first, second, third, ...rest] = readFileSync(at('report.csv'), 'utf8').split('\n');
    expect(header).toBe('file,line,outcome,type,reference,id,field,code,reason');
    expect(opened).toMatch(/^the command line,1,recorded,incident-opened,EX-1,inc_/);
    expect(first).toMatch(/,2,recorded,claim-made,R1,fact_[0-9a-f-]{36},,,$/);
    expect(second).toContain(',3,refused,claim-made,R2,,manner; statement,invalid; required,"must be one of stated, ');
    expect(third).toContain(",4,refused,claim-made,'=1+1,,"); // no formula
    expect(rest).toEqual(['']);
  });

  test('never replaces what is imported', async () => {
    const notes = file('notes.jsonl', [record()]);
    expect(await run(['import', notes, ...OPEN, '--report', notes])).toMatchObject({
      status: 2,
      err: expect.stringContaining('--report would replace'),
    });
    expect(readFileSync(notes, 'utf8')).toContain('claim');
  });
});

describe("somebody else's table", () => {
  const map = (mapping: object | string): string[] => [
    '--map',
    file('map.json', typeof mapping === 'string' ? mapping : JSON.stringify(mapping)),
  ];
  const MAP = {
    columns: {
      'Ref no.': 'reference',
      Date: ['occurred', 'known'],
      Who: 'actor',
      'What they said': 'statement',
      'For us': null,
    },
    constants: { kind: 'claim', manner: 'stated', source: 'log-1', known_by: 'controller:example-council' },
    values: { actor: { Archive: 'processor:example-archive', us: 'controller:example-council' } },
    dateFormats: ['DD/MM/YYYY', 'DD/MM/YYYY HH:mm'],
    delimiter: ';',
  };
  const TABLE =
    'Ref no.;Date;Who;What they said;For us\n1;03/11/2031;Archive;It was lost.;ask Jo\n2;04/11/2031 10:30;us;We asked.;\n3;04.11.2031;them;x;\n';

  test('is read by a mapping: columns, constants, values, dates and separators', async () => {
    const { rows } = await imported([file('notes.csv', TABLE)], ...map(MAP));
    expect(told(rows)).toEqual([
      '2 recorded',
      '3 recorded',
      '4 Date time-malformed',
      '4 Date time-malformed',
      '4 Who invalid',
    ]);
    expect(await payloads('claim-made')).toMatchObject([
      {
        reference: '1',
        occurred: { when: { earliest: '2031-11-03T00:00:00.000Z', precision: 'day' } },
        actor: { role: 'processor' },
        source: { document: 'log-1' },
      },
      {
        reference: '2',
        known: [{ by: { id: 'example-council' }, when: { precision: 'minute' } }],
        actor: { role: 'controller' },
      },
    ]);
  });

  test('keeps its rows apart when the mapping is mended: what was recorded under the old one is not recorded again', async () => {
    const notes = file('notes.csv', TABLE.replaceAll(/^\d;/gm, ';'));
    await imported([notes], ...map({ ...MAP, constants: { ...MAP.constants, manner: 'claimed' } }));
    const { rows } = await imported([notes], ...map(MAP));
    expect(told(rows).slice(0, 2)).toEqual(['2  command-reused', '3  command-reused']);
    expect(await payloads('claim-made')).toHaveLength(2);
  });

  test.each([
    ['no JSON', '{', ['it is no JSON']],
    ['no object', '[]', ['the whole: ']],
    ['a setting that is none', { colums: {} }, ['colums: is no setting']],
    ['a column of ours that is none', { columns: { Date: 'ocurred' } }, ['columns.Date: ocurred is no column of ours']],
    [
      'a column that is no text',
      { columns: { Date: 3 } },
      ['columns.Date: must be the name of a column of ours, a list of them, or null'],
    ],
    ['a constant that is none', { constants: { colour: 'red' } }, ['constants: colour is no column of ours']],
    ['a value that is no text', { values: { actor: { Archive: 1 } } }, ['values.actor.Archive: ']],
    [
      'a format that leaves something open',
      { dateFormats: ['DD/MM/YY'] },
      ['dateFormats.0: DD/MM/YY is no format of dates'],
    ],
    ['a separator that is none', { delimiter: ':' }, ['delimiter: ']],
    [
      'everything at once',
      { columns: { a: 'x1', b: 'x2' }, dateFormats: ['DD'] },
      ['columns.a: x1', 'columns.b: x2', 'dateFormats.0: DD'],
    ],
    [
      'a column that the table lacks',
      { ...MAP, columns: { ...MAP.columns, Day: 'note' } },
      ['notes.csv:1: lacks what the mapping names: Day'],
    ],
    [
      'a constant beside a column',
      { ...MAP, constants: { ...MAP.constants, statement: 'x' } },
      ['the column What they said and a constant of the mapping mean the same'],
    ],
    [
      'two columns of one meaning',
      { ...MAP, columns: { ...MAP.columns, 'For us': 'statement' } },
      ['the columns What they said and For us mean the same'],
    ],
  ])('with %s in its mapping is refused as a whole, and each fault is named', async (_, mapping, messages) => {
    const { status, err } = await imported([file('notes.csv', TABLE)], ...map(mapping));
    expect(status).toBe(2);
    for (const message of messages) expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('has a mapping only where it is a table', async () => {
    expect(await imported([file('notes.jsonl', [record()])], ...map(MAP))).toMatchObject({
      status: 2,
      err: 'ledgerctl: --map goes with CSV\n',
    });
  });
});

describe('a file that cannot be taken as a whole', () => {
  const HEADER = COLUMNS.join(',');
  const ROW = cells().join(',');
  test.each<[string, string, string | Buffer, string]>([
    ['is empty', 'a.csv', '', ': is empty'],
    ['holds blank lines', 'a.csv', '\n\r\n,,\n', ': is empty'],
    ['holds a header alone', 'a.csv', `${HEADER}\n`, ': holds a header and no rows'],
    ['names a column twice', 'a.csv', `${HEADER},statement\n${ROW},x\n`, ':1: the column statement stands there twice'],
    [
      'names one column in two ways',
      'a.csv',
      `${HEADER},Known By\n${ROW},x\n`,
      ':1: the columns known_by and Known By mean the same',
    ],
    [
      'has columns that are none of ours',
      'a.csv',
      `${HEADER},colour,mood\n${ROW},x,y\n`,
      ':1: has columns that are none of ours: colour, mood.',
    ],
    ['is separated otherwise', 'a.csv', `${HEADER.replaceAll(',', ';')}\n`, 'say so as delimiter in --map'],
    [
      'is written in Latin-1',
      'a.csv',
      Buffer.from(`${HEADER}\n${ROW}\n${ROW} caf\xe9\n`, 'latin1'),
      ':3: is not written in UTF-8',
    ],
    ['is written in UTF-16', 'a.csv', Buffer.from(`\ufeff${HEADER}\n`, 'utf16le'), ': is written in UTF-16'],
    ['is a spreadsheet', 'a.csv', Buffer.from('PK\u0003\u0004…', 'latin1'), ': is a spreadsheet or an archive'],
    [
      'never closes a quotation mark',
      'a.csv',
      `${HEADER}\n${ROW}\n${cells({ statement: '"It' }).join(',')}\n${ROW}\n`,
      ':3: the row that begins here opens a quotation mark and never closes it',
    ],
    [
      'has a quotation mark inside a cell',
      'a.csv',
      `${HEADER}\n${cells({ statement: 'a 3" tape' }).join(',')}\n`,
      ':2: in the row that begins here a quotation mark stands inside a cell',
    ],
    [
      'has an endless row',
      'a.csv',
      `${HEADER}\n${cells({ statement: `"${'x\n'.repeat(600_000)}"` }).join(',')}\n`,
      ':2: the row that begins here is too long',
    ],
    ['has an endless line', 'a.jsonl', `{"a":"${'x'.repeat(5_000_000)}"}`, ':1: is longer than 4 MiB in one line'],
    ['holds no line of JSON', 'a.jsonl', '\n \n', ': holds no records'],
    ['is no JSON', 'a.json', '[1,', ': is no JSON: '],
    ['is one record', 'a.json', '{}', ': must hold a list of records'],
    ['is an empty list', 'a.json', '[ ]', ': holds no records'],
    ['is of another sort', 'a.xlsx', 'x', ': --format must say whether it is json, jsonl or csv'],
  ])('because it %s is refused before anything is recorded', async (_, name, content, message) => {
    const good = file('good.jsonl', [record()]);
    const place = file(name, content);
    const { status, err } = await imported([good, place]);
    expect(status).toBe(2);
    expect(err).toContain(`${place}${message}`.slice(message.startsWith(':') ? 0 : place.length));
    expect(err.trim().split('\n')).toHaveLength(1);
    if (existsSync(at('ledger/log.db'))) expect((await openedEvents()).length).toBe(0);
  });

  const openedEvents = async () => {
    const ledger = openTestLedger(at('ledger'));
    const found = await ledger.events();
    await ledger.shut();
    return found;
  };
});

describe('the incident', () => {
  const notes = () => file('notes.jsonl', [record()]);

  test('is opened once, where its reference is on no record', async () => {
    await imported([notes()]);
    await imported([notes()], '--title', 'Another title');
    expect(await payloads('incident-opened')).toEqual([
      {
        incidentId: expect.any(String),
        reference: 'EX-1',
        title: 'A lost box',
        controller: { role: 'controller', id: 'example-council' },
        zone: 'Europe/London',
      },
    ]);
  });

  test('may be named by its id or by its reference', async () => {
    mkdirSync(at('ledger'));
    const ledger = openTestLedger(at('ledger'));
    await ledger.open();
    await ledger.shut();
    for (const [index, incident] of ['EX-2031-007', `inc_${INCIDENT_ID}`, INCIDENT_ID].entries()) {
      const { status } = await run([
        'import',
        file('notes.jsonl', [record({ reference: `R${index}` })]),
        '--incident',
        incident,
      ]);
      expect(status).toBe(0);
    }
    expect((await payloads('claim-made')).map(({ incidentId }) => incidentId)).toEqual(Array(3).fill(INCIDENT_ID));
  });

  test.each([
    [['--incident', 'EX-9'], 'no incident EX-9 is on record: open it with --open'],
    [['--incident', `inc_${INCIDENT_ID}`], 'is on record'],
    [['--open'], '--open needs the reference of the incident'],
    [['--title', 'x'], '--title and --controller go with --open'],
    [
      ['--incident', 'EX-9', '--open'],
      'the incident cannot be opened: --title is required; --controller is required; --zone is required',
    ],
    [
      ['--incident', 'EX-9', '--open', '--title', 'x', '--controller', 'the council', '--zone', 'GMT+1'],
      'the incident cannot be opened: --controller must be an actor as role:id',
    ],
    [
      ['--incident', 'E X', '--open', '--title', 'x', '--controller', 'controller:c', '--zone', 'UTC'],
      'the incident cannot be opened: --incident must be 1 to 64 letters',
    ],
  ])('%j is wrong use, and nothing is recorded', async (args, message) => {
    const { status, err } = await run(['import', notes(), ...args]);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  test.each([
    [[], 'there is nothing to import'],
    [['nowhere.csv'], 'nowhere.csv does not exist'],
  ])('%j is wrong use', async (args, message) => {
    expect(await run(['import', ...args])).toMatchObject({ status: 2, err: expect.stringContaining(message) });
  });
});

test('the template is a table that can be imported as it is', async () => {
  const { out, status } = await run(['import', '--template']);
  expect(status).toBe(0);
  const { rows } = await imported([file('template.csv', out)]);
  expect(told(rows)).toEqual(['2 recorded', '3 recorded', '4 recorded']);
});
