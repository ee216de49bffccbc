import { randomBytes, randomUUID } from 'node:crypto';
import { checkAppend } from '@ledger/event-store/check-append';
import { WrongExpectedRevision } from '@ledger/event-store/errors';
import type {
  AppendResult,
  EventStore,
  ExpectedRevision,
  NewEvent,
  Position,
  ReadStreamOptions,
  RecordedEvent,
  SubscriptionItem,
} from '@ledger/event-store/port';
import type { KeyVault } from '@ledger/privacy/key-vault';

/**
 * A store that behaves as the one below it would, and leaves that one as it is: appends are kept in memory and read back
 * behind what is there. So a rehearsal decides what a run would decide.
 */
export class RehearsalStore implements EventStore {
  private readonly appended = new Map<string, RecordedEvent[]>();
  private readonly heads = new Map<string, bigint>();
  private count = 0;

  constructor(private readonly below: EventStore) {}

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    checkAppend(stream, events);
    const head = await this.headBelow(stream);
    const mine = this.appended.get(stream) ?? [];
    const actual = head + BigInt(mine.length);
    const wanted = expected === 'no-stream' ? -1n : expected;
    if (wanted !== 'stream-exists' && wanted !== actual)
      throw new WrongExpectedRevision(stream, expected, actual < 0n ? 'no-stream' : actual);
    for (const event of events) {
      const revision = head + BigInt(mine.length) + 1n;
      mine.push({ ...event, stream, revision, position: this.nextPosition(), leaf: NO_LEAF });
    }
    this.appended.set(stream, mine);
    return { revision: head + BigInt(mine.length), position: mine.at(-1)?.position };
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<RecordedEvent, void> {
    if (options.backwards === true) throw new Error('a rehearsal is read forwards');
    const { from = 0n, limit = Infinity } = options;
    const head = await this.headBelow(stream);
    let left = limit;
    if (from <= head)
      for await (const event of this.below.readStream(stream, options)) {
        if (event.revision > head) break; // came since
        left -= 1;
        yield event;
      }
    const start = Number(from > head ? from - head - 1n : 0n);
    const mine = this.appended.get(stream) ?? [];
    for (let at = start; at < mine.length && left > 0; at += 1, left -= 1) yield mine[at] as RecordedEvent;
  }

  /** What was appended is in no log. */
  readAll(options: { readonly after?: Position; readonly limit: number }): Promise<readonly RecordedEvent[]> {
    return this.below.readAll(options);
  }

  subscribe(options: { readonly after?: Position; readonly signal: AbortSignal }): AsyncIterable<SubscriptionItem> {
    return this.below.subscribe(options);
  }

  close(): Promise<void> {
    return this.below.close();
  }

  private async headBelow(stream: string): Promise<bigint> {
    const known = this.heads.get(stream);
    if (known !== undefined) return known;
    let head = -1n;
    for await (const { revision } of this.below.readStream(stream, { backwards: true, limit: 1 })) head = revision;
    this.heads.set(stream, head);
    return head;
  }

  /** Behind every one of the store below. */
  private nextPosition(): Position {
    this.count += 1;
    return String(BEHIND_ALL + BigInt(this.count)) as Position;
  }
}

const NO_LEAF = new Uint8Array(32);
const BEHIND_ALL = 10n ** 19n;

/** New keys for the time of a rehearsal, over those that are there. */
export const rehearsalVault = (below: KeyVault): KeyVault => {
  const taken = new Map<string, Uint8Array>();
  return {
    ledgerKey: below.ledgerKey,
    take() {
      const made = { kid: randomUUID(), key: randomBytes(32) };
      taken.set(made.kid, made.key);
      return made;
    },
    find: (kid) => taken.get(kid) ?? below.find(kid),
    destroy() {
      throw new Error('a rehearsal destroys no key');
    },
    close: () => below.close(),
  };
};

/** Where there is no ledger yet. */
export const NO_LOG: EventStore = {
  append: () => Promise.reject(new Error('there is no log')),
  async *readStream() {},
  readAll: () => Promise.resolve([]),
  async *subscribe() {
    yield { caughtUp: undefined };
  },
  close: () => Promise.resolve(),
};
export const NO_KEYS = (): KeyVault => ({
  ledgerKey: randomBytes(32),
  take: () => ({ kid: randomUUID(), key: randomBytes(32) }),
  find: () => 'missing',
  destroy: () => undefined,
  close: () => undefined,
});
