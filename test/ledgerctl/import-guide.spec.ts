import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, readGuide } from '../guides/guide';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { startLedger } from '../support/ledger-server';
import { ledgerctl, type Ended } from './ledgerctl';

let folder: string;
beforeAll(() => (folder = temporaryFolder()));
afterAll(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);

/** One line of a guide, with its files in the folder of the test. */
const carriedOut = async (line: string): Promise<Ended> => {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  expect(words.shift()).toBe('ledgerctl');
  const into = words[words.indexOf('>') + 1];
  const args = (words.includes('>') ? words.slice(0, words.indexOf('>')) : words).map((word) =>
    /^[\w.]+\.(csv|jsonl|json)$/.test(word) ? at(word) : word,
  );
  const ended = await ledgerctl([...args, '--quiet'], { LEDGER_DATA: at('ledger') });
  if (words.includes('>')) writeFileSync(at(into!), ended.out);
  return ended;
};

test('what the guides show is done as they show it: files, commands and what comes of them', async () => {
  let ended: Ended | undefined;
  const statuses: string[] = [];
  for (const { language, code, above } of [...blocksOf(readGuide('import.md')), ...blocksOf(readGuide('export.md'))]) {
    if (language === 'text') {
      // The last command said so, first what is wrong and then what came of it.
      const said = `${ended!.err}${ended!.out}`.replaceAll(`${folder}/`, '');
      expect(said).toContain(code.trimEnd());
    } else if (language === 'sh')
      for (const line of code.trim().split('\n')) {
        ended = await carriedOut(line);
        statuses.push(`${ended.status} ${line}`);
        // The first import was a rehearsal; now it is done.
        if (line.endsWith(' --dry-run'))
          expect(await carriedOut(line.replace(' --dry-run', ''))).toMatchObject({ status: 0 });
      }
    else {
      const [, name] = /`([\w.]+)`:\s*$/.exec(above) ?? [];
      expect(name).toBeDefined();
      writeFileSync(at(name!), code);
    }
  }
  expect(statuses.filter((line) => !line.startsWith('0 '))).toEqual([
    expect.stringMatching(/^3 ledgerctl import log\.csv --map/), // one of its rows is meant to be refused
  ]);
  for (const name of ['log.report.csv', 'events.jsonl', 'timeline.csv']) expect(existsSync(at(name))).toBe(true);
  expect(readFileSync(at('log.report.csv'), 'utf8')).toContain(',4,refused,claim-made,3,,Who,invalid,');
});

test('what the guide says of the mailbox is on record: messages, their parts, a question with its answer, and evidence', async () => {
  const server = await startLedger({ data: at('ledger') });
  try {
    const { data } = await server.gql(`{ ledger { timeline(first: 100) { edges { inForce { statement { value } } node {
      ... on Fact { reference partOf { ... on Fact { reference } } }
      ... on QuestionAnswered { answers { ... on Fact { reference } } }
      ... on EvidenceReferenced { supports { ... on Fact { reference } } }
    } } } } }`);
    const row = (reference: string) => data.ledger.timeline.edges.find(({ node }: any) => node.reference === reference);
    expect(row('M21-a').node.partOf).toEqual({ reference: 'M21' });
    expect(row('M23').node.answers).toEqual({ reference: 'M22' });
    expect(row('M23').inForce.statement.value).toBe('Two hundred and eighty.');
    expect(row('E21').node.supports).toEqual([{ reference: 'M21' }, { reference: 'M21-a' }]);
  } finally {
    await server.stop();
  }
});

test('every code that an import gives is explained', () => {
  const root = join(__dirname, '../..');
  const sources = ['libs/application/import', 'apps/ledgerctl/import'].flatMap((place) =>
    readdirSync(join(root, place)).map((name) => readFileSync(join(root, place, name), 'utf8')),
  );
  const codes = new Set(
    sources.flatMap((text) => [...text.matchAll(/(?:fault|refuse)\(\s*'([a-z-]+)'/g)].map(([, code]) => code!)),
  );
  expect(codes.size).toBeGreaterThan(15);
  const [own, all] = [readGuide('import.md'), readGuide('errors.md')];
  const explained = (code: string) =>
    own.includes(`\`${code}\``) || all.includes(`\`${code.replaceAll('-', '_').toUpperCase()}\``);
  expect([...codes].filter((code) => !explained(code))).toEqual([]);
});
