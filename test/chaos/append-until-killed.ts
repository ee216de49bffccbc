/**
 * Child of `sqlite-crash.spec.ts`: appends until it is killed, and tells each acknowledged append on its standard output.
 * `writeSync` of a line below PIPE_BUF is atomic, and what is in the pipe outlives the process.
 */
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { canonicalBytes } from '@ledger/integrity/canonical';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';

/** One line: the last event of an acknowledged append, and the ids of all of them. */
export interface Acknowledged {
  readonly stream: string;
  readonly revision: string;
  readonly ids: readonly string[];
}

const WRITERS = 6;
const store = openSqliteEventStore(process.argv[2]!);

const write = async (stream: string): Promise<void> => {
  let head = -1n;
  for await (const { revision } of store.readStream(stream, { backwards: true, limit: 1 })) head = revision;
  for (;;) {
    const batch = randomUUID();
    const size = randomInt(1, 4);
    const events = Array.from({ length: size }, () => ({
      id: randomUUID(),
      type: 'written',
      data: randomBytes(randomInt(4000)),
      meta: canonicalBytes({ batch, size: `${size}` }),
    }));
    const { revision } = await store.append(stream, head < 0n ? 'no-stream' : head, events);
    head = revision;
    const line: Acknowledged = { stream, revision: `${revision}`, ids: events.map(({ id }) => id) };
    writeSync(1, `${JSON.stringify(line)}\n`);
  }
};

for (let writer = 0; writer < WRITERS; writer++) void write(`writer-${writer}`);
