import type { Position, RecordedEvent } from '@ledger/event-store/port';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { all } from '../contracts/event-store.contract';
import type { Acknowledged } from './append-until-killed';

/**
 * The process is killed (SIGKILL) at a random moment while it appends, 200 times on two files. That shows what a
 * crash of the process leaves behind. It does not show what a loss of power does: for that we rely on synchronous = FULL
 * and on a disk that honours fsync.
 */
const FILES = ['first', 'second'];
const ROUNDS_EACH = 100;

const folder = mkdtempSync(join(tmpdir(), 'sqlite-crash-'));
const CHILD = join(folder, 'append-until-killed.cjs');

/** Starts a child, kills it some ms after its first acknowledgement, and returns everything it acknowledged. */
const appendUntilKilled = async (file: string): Promise<Acknowledged[]> => {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints = text(child.stderr);
  let output = '';
  let death: Promise<void> | undefined;
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk as string;
    death ??= sleep(randomInt(40)).then(() => void child.kill('SIGKILL'));
  }
  await death;
  expect(await complaints).toBe('');
  expect(child.signalCode ?? 'SIGKILL').toBe('SIGKILL');
  const lines = output.split('\n');
  expect(lines.pop()).toBe(''); // no line is torn
  return lines.map((line) => JSON.parse(line) as Acknowledged);
};

/** What lies in the log after `after`: reading it checks every leaf, and that no position is missing. */
const logAfter = async (file: string, after: Position | undefined): Promise<readonly RecordedEvent[]> => {
  const store = openSqliteEventStore(file);
  try {
    return await store.readAll({ limit: Infinity, ...(after && { after }) });
  } finally {
    await store.close();
  }
};

const expectWholeBatches = (events: readonly RecordedEvent[]): void => {
  for (let index = 0; index < events.length;) {
    const { batch, size } = JSON.parse(Buffer.from(events[index]!.meta).toString()) as { batch: string; size: string };
    const mates = events.slice(index, index + Number(size));
    expect(mates.map(({ meta }) => Buffer.from(meta).includes(batch))).toEqual(Array<boolean>(Number(size)).fill(true));
    expect(new Set(mates.map(({ stream }) => stream)).size).toBe(1);
    index += mates.length;
  }
};

describe('a process killed while it appends', () => {
  beforeAll(() => {
    const source = join(__dirname, 'append-until-killed.ts');
    execFileSync(process.execPath, [join(__dirname, '../support/bundle.cjs'), source, CHILD], { stdio: 'inherit' });
  }, 30_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(FILES)(
    `loses nothing it acknowledged, tears nothing and leaves no gap: ${ROUNDS_EACH} rounds on the %s file`,
    async (name) => {
      const file = join(folder, `${name}.db`);
      const heads = new Map<string, bigint>();
      let last: Position | undefined;
      for (let round = 0; round < ROUNDS_EACH; round++) {
        const acks = await appendUntilKilled(file);
        const events = await logAfter(file, last);
        expectWholeBatches(events);
        for (const { stream, revision } of events) {
          expect(revision).toBe((heads.get(stream) ?? -1n) + 1n);
          heads.set(stream, revision);
        }
        const stored = new Map(events.map((event) => [`${event.stream}@${event.revision}`, event.id]));
        for (const { stream, revision, ids } of acks) {
          const found = ids.map((_, n) => stored.get(`${stream}@${BigInt(revision) - BigInt(ids.length - 1 - n)}`));
          expect(found).toEqual(ids);
        }
        expect(acks.length).toBeGreaterThan(0);
        last = events.at(-1)!.position;
      }
      const store = openSqliteEventStore(file);
      for (const [stream, head] of heads) expect(await all(store.readStream(stream))).toHaveLength(Number(head) + 1);
      await store.close();
    },
    120_000,
  );
});
