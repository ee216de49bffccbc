import { LedgerClient } from '../../apps/ledgerctl/ledger-client';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { record } from './ask';
import { blocksOf, guide, GUIDE_FILE, readGuide } from './guide';
import { questions } from './questions';
import { sample } from './sample';

test('the committed guide is what the code prints', () => {
  if (readGuide() !== guide()) throw new Error(`${GUIDE_FILE} is out of date: run \`npm run guide\` and commit it`);
});

const isMutation = (query: string): boolean => query.startsWith('mutation');
const blocks = blocksOf(readGuide());

test('the guide has a query for every question, each once', () => {
  const asked = blocks.filter(({ query }) => !isMutation(query)).map(({ id }) => id);
  expect([...asked].sort()).toEqual(questions.map(({ id }) => id).sort());
});

describe('every query of the guide, run three times, gives the expected answer each time', () => {
  let ledger: LedgerServer;
  let client: LedgerClient;
  beforeAll(async () => {
    ledger = await startLedger();
    client = new LedgerClient(ledger.url);
    await record(sample, client);
  }, 60_000);
  afterAll(() => ledger?.stop());

  const records = new Set(blocks.filter(({ query }) => isMutation(query)).map(({ id }) => id));
  const inOrder = [...blocks.filter(({ id }) => !records.has(id)), ...blocks.filter(({ id }) => records.has(id))];

  test.each(inOrder.map((block, index) => [`${block.id}, block ${index + 1}`, block] as const))(
    '%s',
    async (_, { id, query, variables }) => {
      const answers: any[] = [];
      for (let n = 0; n < 3; n++) answers.push(await client.query(query, variables));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      if (isMutation(query)) {
        const [recorded] = Object.values<any>(answers[0]);
        expect(recorded).toEqual({ position: expect.any(String), revision: expect.any(String) });
        await client.query(`{ ledger(consistentTo: "${recorded.position}") { resolved { stale } } }`);
        return;
      }
      const question = questions.find((one) => one.id === id);
      expect(question?.answer(answers[0])).toEqual(question?.expected);
    },
  );
});
