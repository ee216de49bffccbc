import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStoreDbDouble } from '../../../test/double/eventstoredb-double';
import type { Asked } from '../../../test/seed-case/ask';
import { questions as list } from '../../../test/seed-case/questions';
import { openEventStore } from '../../ledger/ledger-resources';
import { ledgerctl } from '../program';
import { report, writeJson } from '../questions';
import { startLedger } from '../../../test/support/ledger-server';
import { questions } from './questions';

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'questions-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = async (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
  const written = { out: '', err: '' };
  const status = await ledgerctl([questions], ['questions', '--quiet', ...args], {
    env,
    out: { write: (text) => (written.out += text) },
    err: { write: (text) => (written.err += text) },
  });
  return { status, ...written };
};
const lastLine = (out: string): string | undefined => out.trimEnd().split('\n').at(-1);

test('every question is answered as expected, and the file holds what was asked and answered', async () => {
  const file = join(folder, 'answers.json');
  const { status, out, err } = await run(['--json', file]);
  expect([status, err, out]).toEqual([0, '', expect.any(String)]);
  expect(lastLine(out)).toBe(`${list.length} of ${list.length} answered as expected`);
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[];
  expect(rows).toEqual(
    list.map(({ id, query, expected }) => ({ id, query, answer: expected, expected, passed: true })),
  );
});

test('one that is not answered as expected is shown in full, and the exit code says so', async () => {
  const q6 = list.find(({ id }) => id === 'Q6') as { expected: unknown };
  const { expected } = q6;
  q6.expected = ['F36', 'F99'];
  try {
    const { status, out } = await run();
    expect(status).toBe(1);
    expect(out).toContain(
      'Q6 was not answered as expected.\nexpected: [\n  "F36",\n  "F99"\n]\ngot: [\n  "F36",\n  "F37",',
    );
    expect(lastLine(out)).toBe(`${list.length - 1} of ${list.length} answered as expected`);
  } finally {
    q6.expected = expected;
  }
});

test('an answer file that cannot be written is an error', () => {
  expect(() => writeJson(join(folder, 'absent', 'answers.json'), [])).toThrow(/^the answers cannot be written: ENOENT/);
});

describe('on an EventStoreDB', () => {
  let double: Awaited<ReturnType<typeof startEventStoreDbDouble>>;
  beforeEach(async () => (double = await startEventStoreDbDouble()));
  afterEach(() => double.stop());

  test('it is answered there, also beside earlier runs, without a password on the screen', async () => {
    const url = double.url.replace('://', '://admin:changeit@');
    for (let n = 0; n < 2; n++) {
      const { status, out } = await run([], { EVENTSTORE_URL: url });
      expect(lastLine(out)).toBe(`${list.length} of ${list.length} answered as expected`);
      expect(status).toBe(0);
      expect(out).toContain(double.url);
      expect(out).not.toContain('changeit');
    }
  });

  test('a store that holds other incidents is left alone', async () => {
    const ledger = await startLedger({ eventStoreUrl: double.url });
    await ledger.send('openIncident', {
      commandId: '5d8f0d7e-8f3c-4c35-9d0b-0a5f6f7b7a01',
      incidentId: 'inc_8f7d1c55-5f0a-4f0e-9d53-0a2f3b1c7e11',
      reference: '2031-001',
      title: 'A real one',
      controller: { role: 'CONTROLLER', id: 'example-council' },
      zone: 'Europe/London',
    });
    await ledger.stop();
    const { status, out, err } = await run([], { EVENTSTORE_URL: double.url });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/holds the incident 2031-001: name a throwaway server/);
    const store = await openEventStore(double.url);
    expect(await store.readAll({ limit: 10 })).toHaveLength(1);
    await store.close();
  });
});

describe('the table', () => {
  const [first, second] = list as readonly [(typeof list)[0], (typeof list)[0]];
  const asked: readonly Asked[] = [
    { question: first, variables: {}, answer: first.expected, passed: true },
    { question: second, variables: {}, answer: { error: 'nobody answered' }, passed: false },
  ];

  test.each([60, 80, 120])('keeps within %i characters', (width) => {
    const lines = report(asked, { width, colours: false });
    const table = lines.slice(0, lines.indexOf(''));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(table.join('\n')).not.toContain('\x1b');
  });

  test('says what went wrong, and has colours where they are wanted', () => {
    const text = report(asked, { width: 80, colours: true }).join('\n');
    expect(text).toContain('\x1b[32mpass');
    expect(text).toContain('\x1b[31mFAIL');
    expect(text).toContain('error: nobody answered');
    expect(text).toContain(`${second.id} was not answered as expected.`);
    expect(text.endsWith('1 of 2 answered as expected')).toBe(true);
  });
});
