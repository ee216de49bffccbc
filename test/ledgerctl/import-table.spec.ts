import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@ledger/application/import/importer';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { generatedRows, SPOILED } from './generated-rows';
import { LedgerctlProcess } from './ledgerctl';

jest.setTimeout(300_000);

let processes: LedgerctlProcess;
beforeAll(() => (processes = new LedgerctlProcess()));
afterAll(() => processes.remove());

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);

const OPEN = ['--incident', 'EX-1', '--open', '--title', 'A lost box', '--controller', 'controller:example-council'];
const run = (...args: string[]) =>
  processes.run(['import', '--quiet', ...args, ...OPEN, '--zone', 'Europe/London'], { LEDGER_DATA: at('ledger') });
const verdicts = (report: string): Verdict[] =>
  readFileSync(at(report), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
const faultsOf = (all: readonly Verdict[]): string[] =>
  all.flatMap(({ line, faults = [] }) => faults.map(({ field, code }) => `${line} ${field} ${code}`));

test('of 20,000 rows, 300 of them spoiled in twelve ways, each spoiled one is reported once, and the others are in', async () => {
  const { csv, refused, statements } = generatedRows(2031, 20_000, 300);
  expect(new Set(refused.map((each) => each.replace(/^\d+ /, ''))).size).toBe(Object.keys(SPOILED).length);
  writeFileSync(at('rows.csv'), csv);
  const { status, err, out } = await run(at('rows.csv'), '--report', at('report.jsonl'));
  expect(status).toBe(3);
  expect(out).toContain('Of 20001 rows, 19701 were recorded, 0 were there already, 300 were refused.');

  const told = verdicts('report.jsonl');
  expect(faultsOf(told)).toEqual(refused);
  expect(told.filter(({ outcome }) => outcome === 'recorded')).toHaveLength(19_701);
  expect(told.flatMap(({ faults = [] }) => faults).every(({ reason }) => reason.length > 5)).toBe(true);
  const lines = err.split('\n').filter((line) => /:\d+: refused( R\d+)?$/.test(line));
  expect(lines.map((line) => line.replace(/^.*rows\.csv:(\d+): refused.*$/, '$1'))).toEqual(
    refused.map((each) => each.split(' ')[0]),
  );

  const exported = await processes.run(['export', 'events', '--quiet'], { LEDGER_DATA: at('ledger') });
  const events = exported.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.slice(1).map(({ payload }) => payload.statement)).toEqual(statements); // in the order of the file, no more
  expect(exported.out).not.toContain('Spoiled');
});

test('--dry-run refuses the very rows that a run refuses, and a second run adds nothing', async () => {
  const { csv, refused, statements } = generatedRows(7, 1_500, 120);
  writeFileSync(at('rows.csv'), csv);
  const refusals = async (name: string, ...more: string[]) => {
    expect((await run(at('rows.csv'), '--report', at(name), ...more)).status).toBe(3);
    return verdicts(name).filter(({ outcome }) => outcome === 'refused');
  };
  const tried = await refusals('dry.jsonl', '--dry-run');
  expect(faultsOf(tried)).toEqual(refused);
  expect(await refusals('first.jsonl')).toEqual(tried);
  expect(await refusals('second.jsonl')).toEqual(tried);
  const count = (name: string, wanted: string) => verdicts(name).filter(({ outcome }) => outcome === wanted).length;
  expect(count('second.jsonl', 'recorded')).toBe(0);
  expect(count('second.jsonl', 'already-there')).toBe(statements.length);
});
