import { randomInt } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countEvents } from '@ledger/event-store/sqlite/log-copy';
import { ARCHIVE, COUNCIL } from '../support/facts';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { startLedger } from '../support/ledger-server';
import { generatedRows } from './generated-rows';
import { LedgerctlProcess } from './ledgerctl';

jest.setTimeout(180_000);

let processes: LedgerctlProcess;
beforeAll(() => (processes = new LedgerctlProcess()));
afterAll(() => processes.remove());

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);
const env = (data: string) => ({ LEDGER_DATA: at(data) });

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

/** What lies in a ledger, without what hangs on when and in which run it was recorded. */
const contents = async (data: string) => {
  const { out, status } = await processes.run(['export', 'events', '--quiet'], env(data));
  expect(status).toBe(0);
  return out
    .trim()
    .split('\n')
    .map((line) => {
      const { recordedAt: _, correlationId: __, ...event } = JSON.parse(line);
      return event;
    });
};

/** The process is killed at a random moment, from its start on. What loss of power does is not shown here. */
test('killed 20 times at random moments and run again each time, an import loses nothing and doubles nothing', async () => {
  const KILLS = 20;
  const { csv, refused, statements } = generatedRows(20, 500, 12);
  writeFileSync(at('rows.csv'), csv);
  // One ledger in two places: the same keys, so the same ids.
  const first = at('first.json');
  writeFileSync(
    first,
    JSON.stringify([
      { act: 'register-party', partyId: 'example-archive', name: 'Example Archive', sort: 'organisation' },
    ]),
  );
  expect(await processes.run(['import', first], env('killed'))).toMatchObject({ status: 0 });
  cpSync(at('killed'), at('undisturbed'), { recursive: true });

  const args = ['import', at('rows.csv'), ...OPEN];
  const log = at('killed/log.db');
  let interrupted = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const wanted = countEvents(log) + randomInt(0, Math.ceil((2 * statements.length) / KILLS));
    const patience = Date.now() + 20_000;
    const half = () => countEvents(log) >= wanted || Date.now() > patience;
    if (await processes.killWhen(half, args, env('killed'))) interrupted += 1;
  }
  expect(interrupted).toBeGreaterThan(KILLS / 2); // the last ones may find little left to do
  const last = await processes.run(args, env('killed'));
  expect(last).toMatchObject({ status: 3, out: expect.stringContaining(`${refused.length} were refused`) });

  expect(await processes.run(args, env('undisturbed'))).toMatchObject({ status: 3 });
  const whole = await contents('undisturbed');
  expect(whole).toHaveLength(2 + statements.length);
  expect(await contents('killed')).toEqual(whole);
});

test('beside a running server an import goes into the same ledger, and its views show it', async () => {
  const server = await startLedger({ data: at('served') });
  try {
    const known = [{ by: COUNCIL, when: '2031-01-04' }];
    const fact = { occurred: '2031-01-03', known, source: { document: 'letter-7' }, actor: ARCHIVE, manner: 'stated' };
    const rows = Array.from({ length: 60 }, (_, index) => ({
      kind: 'claim',
      reference: `R${index}`,
      statement: `Box ${index}.`,
      ...fact,
    }));
    writeFileSync(at('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const ended = processes.run(['import', at('rows.jsonl'), ...OPEN], env('served'));
    // Meanwhile the server records too.
    const sort = 'ORGANISATION';
    for (let nth = 0; nth < 20; nth += 1)
      await server.send('registerParty', {
        commandId: crypto.randomUUID(),
        partyId: `example-${nth}`,
        name: `Example ${nth}`,
        sort,
      });
    expect(await ended).toMatchObject({ status: 0, out: expect.stringContaining('Of 61 rows, 61 were recorded') });

    const shown = async () =>
      (
        await server.gql(`{ ledger {
          parties(first: 100) { edges { node { localId } } }
          timeline(first: 200) { edges { node { ... on Fact { reference statement { value } recordedBy } } } }
        } }`)
      ).data.ledger;
    let view = await shown();
    for (let wait = 0; wait < 100 && view.timeline.edges.length < rows.length; wait += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      view = await shown();
    }
    expect(view.timeline.edges.map(({ node }: any) => node)).toEqual(
      expect.arrayContaining(
        rows.map(({ reference, statement }) => ({
          reference,
          statement: { value: statement },
          recordedBy: server.resources.identity.userId,
        })),
      ),
    );
    expect(view.timeline.edges).toHaveLength(rows.length);
    expect(view.parties.edges).toHaveLength(20);

    // The rows are commands like any other: sent to the server with the same ids they are the same.
    expect(await processes.run(['import', at('rows.jsonl'), ...OPEN], env('served'))).toMatchObject({
      status: 0,
      out: expect.stringContaining('Of 60 rows, 0 were recorded, 60 were there already'),
    });
  } finally {
    await server.stop();
  }
});
