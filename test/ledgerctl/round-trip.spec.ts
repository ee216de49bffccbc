import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLedger } from '../support/ledger-server';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { ledgerctl } from './ledgerctl';

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);
const exported = async (data: string, file: string) => {
  expect(await ledgerctl(['export', 'events', '--quiet', '--to', at(file)], { LEDGER_DATA: data })).toMatchObject({ status: 0, err: '' });
  return readFileSync(at(file), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
};

test('the sample case comes out, goes into an empty ledger, and comes out the same', async () => {
  const server = await startLedger({ data: at('one') });
  await server.loadSample();
  await server.stop();
  const first = await exported(at('one'), 'first.jsonl');
  console.log(first.length, JSON.stringify(first[0]), JSON.stringify(first[12]));
  const t = Date.now();
  const got = await ledgerctl(['import', at('first.jsonl')], { LEDGER_DATA: at('two') });
  console.log(got, Date.now() - t);
  const second = await exported(at('two'), 'second.jsonl');
  const plain = ({ type, payload, sequence }: any) => ({ type, payload, sequence });
  expect(second.map(plain)).toEqual(first.map(plain));
  const again = await ledgerctl(['import', at('first.jsonl')], { LEDGER_DATA: at('two') });
  console.log(again);
  const same = await ledgerctl(['import', at('first.jsonl')], { LEDGER_DATA: at('one') });
  console.log(same);
});
