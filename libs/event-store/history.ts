import { createHash } from 'node:crypto';
import { type EventStore, isCaughtUp, type RecordedEvent } from './port';

/**
 * The log as it is now, in order, page by page: it ends where the log had its end when reading began, or a little later
 * where the store goes on taking events meanwhile. Errors are those of `subscribe`.
 */
export async function* history(store: Pick<EventStore, 'subscribe'>): AsyncGenerator<RecordedEvent, void, undefined> {
  const reading = new AbortController();
  try {
    for await (const item of store.subscribe({ signal: reading.signal })) {
      if (isCaughtUp(item)) return;
      yield item;
    }
  } finally {
    reading.abort();
  }
}

/**
 * One number for a whole log: SHA-256 over its leaves, one after another in log order. A leaf commits to stream, revision,
 * id, type, data and meta and not to the position, so a copy in another store has the same one.
 */
export class LogDigest {
  private readonly hash = createHash('sha256');
  private counted = 0;

  add({ leaf }: RecordedEvent): void {
    this.hash.update(leaf);
    this.counted += 1;
  }

  get events(): number {
    return this.counted;
  }

  /** Hexadecimal; of what was added so far. */
  value(): string {
    return this.hash.copy().digest('hex');
  }
}
