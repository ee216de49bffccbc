import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AllStreamResolvedEvent,
  BaseOptions,
  EventStoreDBClient,
  ReadableSubscription,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import { canonicalBytes } from '@ledger/integrity/canonical';
import { leafHash } from '@ledger/integrity/leaf';
import { checkAppend, MAX_APPEND_DATA } from '../check-append';
import { checkRead, foreignPosition } from '../check-read';
import {
  AccessDenied,
  AppendTooLarge,
  EventStoreError,
  NotAnEventLog,
  StoreUnavailable,
  StreamDamaged,
  WrongExpectedRevision,
} from '../errors';
import type {
  AppendResult,
  EventStore,
  ExpectedRevision,
  NewEvent,
  Position,
  ReadStreamOptions,
  RecordedEvent,
  SubscriptionItem,
} from '../port';

export interface EventStoreDbOptions {
  /** How often an append whose fate is unknown is sent before the caller hears of it. */
  readonly tries?: number;
  /** Milliseconds one try may take. */
  readonly deadline?: number;
}

type Driver = typeof import('@eventstore/db-client');
type Resolved = ResolvedEvent | AllStreamResolvedEvent;
type ClientEvent = NonNullable<Resolved['event']>;
type ClientPosition = NonNullable<ClientEvent['position']>;

const MAX_REVISION = 2n ** 63n - 1n;
/** Stands in the stream of events where the server said that the subscription has caught up. */
const CAUGHT_UP = {} as ClientEvent;
const ignore = (): void => undefined;

/**
 * EventStoreDB 23.10 or later (older servers do not say when a subscription has caught up). Nothing is connected before
 * the first call. The server must hold this ledger only: a foreign event outside the `$` streams is refused.
 */
export const openEventStoreDb = async (
  connectionString: string,
  options: EventStoreDbOptions = {},
): Promise<EventStore> => {
  const driver = await import('@eventstore/db-client');
  // The client prints the connection string when it does not know an option of it, so it gets the password apart.
  const [, scheme = '', user, password, rest = ''] =
    /^([^:]*:\/\/)(?:([^:@/?]+):([^/?]+)@)?(.*)$/s.exec(connectionString.trim()) ?? [];
  let client: EventStoreDBClient;
  try {
    client = driver.EventStoreDBClient.connectionString(`${scheme}${rest}`);
  } catch {
    throw new TypeError('the EventStoreDB connection string is malformed');
  }
  const credentials = user &&
    password && { username: decodeURIComponent(user), password: decodeURIComponent(password) };
  return new EventStoreDb(driver, client, credentials || undefined, options);
};

class EventStoreDb implements EventStore {
  private readonly closing = new AbortController();
  private readonly appending = new Set<Promise<unknown>>();
  private readonly call: BaseOptions;

  constructor(
    private readonly driver: Driver,
    private readonly client: EventStoreDBClient,
    credentials: BaseOptions['credentials'],
    private readonly options: EventStoreDbOptions,
  ) {
    // A follower may not have what the leader has acknowledged.
    this.call = { credentials, requiresLeader: true };
    // Batch append shares its answers between all clients of the process: the end of one fails the appends of the rest,
    // and an answer nobody waits for (a late one, the second one for a deleted stream) is an uncaught exception.
    Object.assign(client, { supports: () => Promise.resolve(false) });
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    checkAppend(stream, events);
    if (this.closing.signal.aborted) throw closed();
    const impossible = typeof expected === 'bigint' && (expected < 0n || expected > MAX_REVISION);
    // The server says that an empty append put an absent stream at 0, and takes 2^64 - 1 for 'no-stream'.
    if (events.length === 0 || impossible) return this.checkHead(stream, expected);
    const append = this.appendUntilKnown(stream, expected, events);
    this.appending.add(append);
    return append.finally(() => this.appending.delete(append));
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    checkRead(options);
    const { from, backwards = false, limit = Infinity } = options;
    const head = await this.head(stream);
    if (!head) return;
    const step = backwards ? -1n : 1n;
    let next = backwards ? (from === undefined || from > head.revision ? head.revision : from) : (from ?? 0n);
    if (next > head.revision) return;
    let left = limit;
    const read = this.client.readStream(stream, {
      ...this.call,
      fromRevision: next,
      direction: backwards ? this.driver.BACKWARDS : this.driver.FORWARDS,
      ...(limit < Infinity && { maxCount: limit }),
    });
    for await (const event of this.pull(stream, read)) {
      if (event.revision !== next) throw new StreamDamaged(stream, next);
      yield recorded(event);
      next += step;
      left -= 1;
    }
    if (left > 0 && (backwards ? next >= 0n : next <= head.revision)) throw new StreamDamaged(stream, next);
  }

  async readAll({ after, limit }: { after?: Position; limit: number }): Promise<readonly RecordedEvent[]> {
    checkRead({ after, limit });
    if (after !== undefined) await this.checkHeld(after);
    const events: RecordedEvent[] = [];
    // The client offers no filter here, so how many events must be read for `limit` of ours is known only on the way.
    const read = this.client.readAll({ ...this.call, fromPosition: this.from(after) });
    for await (const event of this.pull('$all', read)) {
      if (isSystem(event) || positionOf(event) === after) continue;
      events.push(recorded(event));
      if (events.length === limit) break;
    }
    return events;
  }

  async *subscribe({ after, signal }: { after?: Position; signal: AbortSignal }): AsyncIterable<SubscriptionItem> {
    checkRead({ after });
    let last = after;
    try {
      if (after !== undefined && !signal.aborted) await this.checkHeld(after, signal);
      if (signal.aborted) return;
      // checkpointReached is left alone: it fires before the events that precede it have been consumed.
      const subscription = this.client.subscribeToAll({
        ...this.call,
        fromPosition: this.from(after),
        filter: this.driver.excludeSystemEvents(),
      });
      // The client announces it out of band; pushed from the announcement, the mark stands between the right events.
      subscription.on('caughtUp', () => subscription.push({ event: CAUGHT_UP }));
      for await (const event of this.pull('$all', subscription, signal)) {
        if (signal.aborted) return;
        if (event === CAUGHT_UP) yield { caughtUp: last };
        else if (!isSystem(event)) {
          const item = recorded(event);
          last = item.position;
          yield item;
        }
      }
      if (!signal.aborted) throw new StoreUnavailable('EventStoreDB ended the subscription');
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Waits for the appends under way; reads and subscriptions end with StoreUnavailable. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled(this.appending);
    await this.client.dispose();
    // dispose() leaves the connection open; the method that knows it is not public.
    const { getChannel } = this.client as unknown as { getChannel: () => Promise<{ close(): void }> };
    void getChannel().then((channel) => channel.close(), ignore);
  }

  /**
   * Sends the same ids at the same expected revision until the fate is known: the server recognises them, whatever
   * followed. At 'stream-exists' it recognises them only until it is restarted, so that is sent once.
   */
  private async appendUntilKnown(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    // As JSON the client would not give back the bytes. binaryEvent() takes care of a Buffer, stored as JSON otherwise.
    const proposals = events.map(({ id, type, data, meta }) =>
      this.driver.binaryEvent({ id, type, data, metadata: meta }),
    );
    const tries = expected === 'stream-exists' ? 1 : (this.options.tries ?? 5);
    for (let tried = 1; ; tried += 1) {
      try {
        const result = await this.client.appendToStream(stream, proposals, {
          ...this.call,
          deadline: this.options.deadline,
          expectedRevision:
            typeof expected === 'bigint' ? expected : expected === 'no-stream' ? 'no_stream' : 'stream_exists',
        });
        const actual = result.nextExpectedRevision;
        // Only with throwOnAppendFailure=false in the connection string.
        if (!result.success) throw new WrongExpectedRevision(stream, expected, actual < 0n ? 'no-stream' : actual);
        return { revision: actual, position: toPosition(result.position!) };
      } catch (cause) {
        const { type, actualVersion, maxAppendSize } = fieldsOf(cause);
        if (type === 'wrong-expected-version')
          throw new WrongExpectedRevision(
            stream,
            expected,
            typeof actualVersion === 'bigint' ? actualVersion : 'no-stream',
          );
        if (type === 'maximum-append-size-exceeded')
          throw new AppendTooLarge('data', sizeOf(events), maxAppendSize ?? MAX_APPEND_DATA);
        const error = toPortError(cause, stream);
        if (!(error instanceof StoreUnavailable) || tried >= tries) throw error;
        await this.pause(tried, error);
      }
    }
  }

  private async pause(tried: number, error: StoreUnavailable): Promise<void> {
    const longest = Math.min(2_000, 50 * 2 ** tried);
    await sleep(Math.random() * longest, undefined, { signal: this.closing.signal }).catch(() => {
      throw error;
    });
  }

  private async checkHead(stream: string, expected: ExpectedRevision): Promise<AppendResult> {
    const head = await this.head(stream);
    const holds = expected === 'stream-exists' ? head !== undefined : expected === (head?.revision ?? 'no-stream');
    if (!holds) throw new WrongExpectedRevision(stream, expected, head?.revision ?? 'no-stream');
    return { revision: head?.revision ?? -1n, position: head && positionOf(head) };
  }

  private async head(stream: string): Promise<ClientEvent | undefined> {
    const { BACKWARDS, END } = this.driver;
    const read = this.client.readStream(stream, {
      ...this.call,
      direction: BACKWARDS,
      fromRevision: END,
      maxCount: 1,
    });
    for await (const event of this.pull(stream, read)) return event;
    return undefined;
  }

  /**
   * The server takes any position beyond its end, and of one where no record begins it says only that something failed.
   * What it sees as its end may lag behind what an earlier leader acknowledged.
   */
  private async checkHeld(after: Position, signal?: AbortSignal): Promise<void> {
    const read = this.client.readAll({ ...this.call, fromPosition: this.from(after), maxCount: 1 });
    try {
      for await (const event of this.pull('$all', read, signal)) {
        if (positionOf(event) === after) return;
        throw foreignPosition();
      }
    } catch (error) {
      throw isUnreadable(error) ? foreignPosition() : error;
    }
    throw new StoreUnavailable('the log of EventStoreDB ends before the position to read after');
  }

  /** The events of one call; none of an absent stream. The call is cancelled however the loop is left, and by `signal`. */
  private async *pull(stream: string, call: Call, signal?: AbortSignal): AsyncGenerator<ClientEvent> {
    const stop = (): void => cancel(call);
    signal?.addEventListener('abort', stop);
    // An error that comes after the loop was left has no other listener, and would end the process.
    call.on('error', ignore);
    try {
      if (this.closing.signal.aborted) throw closed();
      for await (const { event } of call.iterator({ destroyOnReturn: false }) as AsyncIterable<Resolved>)
        if (event) yield event;
    } catch (error) {
      if (fieldsOf(error).type !== 'stream-not-found') throw toPortError(error, stream);
    } finally {
      signal?.removeEventListener('abort', stop);
      // Cancelled and drained, not destroyed: the client keeps a call until its last answer has been taken.
      cancel(call);
      call.resume();
    }
    // close() cancels the call, which then looks as if it had come to its end.
    if (this.closing.signal.aborted) throw closed();
  }

  private from(after: Position | undefined): ClientPosition | 'start' {
    return after === undefined ? this.driver.START : { commit: BigInt(after), prepare: BigInt(after) };
  }
}

type Call = StreamingRead<Resolved> | ReadableSubscription<Resolved>;
const cancel = (call: Call): void => void ('cancel' in call ? call.cancel() : call.unsubscribe()).catch(ignore);

const closed = (): StoreUnavailable => new StoreUnavailable('the event store is closed');

/** The commit position, padded: commit and prepare are equal in every event that is written with one call. */
const toPosition = ({ commit }: ClientPosition): Position => commit.toString().padStart(20, '0') as Position;
const positionOf = (event: ClientEvent): Position => toPosition(event.position!);

const isSystem = (event: ClientEvent): boolean => event.type.startsWith('$') || event.streamId.startsWith('$');

const recorded = (event: ClientEvent): RecordedEvent => {
  const { id, streamId: stream, type, revision, data, metadata } = event;
  if (event.isJson || !(data instanceof Uint8Array) || !isStringMap(metadata))
    throw new NotAnEventLog('EventStoreDB', `${stream}@${revision} was not written by a ledger`);
  // The client hands out the parsed metadata only; it was canonical when it was appended, so this gives its bytes back.
  const content = { id, stream, type, revision, data, meta: canonicalBytes(metadata) };
  return { ...content, position: positionOf(event), leaf: leafHash(content) };
};

const isStringMap = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !(value instanceof Uint8Array) &&
  !Array.isArray(value) &&
  Object.values(value).every((entry) => typeof entry === 'string');

interface ErrorFields {
  readonly type?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly actualVersion?: unknown;
  readonly maxAppendSize?: number;
}

/** The gRPC codes PERMISSION_DENIED and UNAUTHENTICATED. */
const DENIED: readonly unknown[] = [7, 16];

/** What errors are told apart by, not the class: one cut arrives as UnavailableError, UnknownError or plain Error. */
const fieldsOf = (error: unknown): ErrorFields => (typeof error === 'object' && error !== null ? error : {});

const toPortError = (error: unknown, stream: string): EventStoreError => {
  if (error instanceof EventStoreError) return error;
  const { type, code, message = 'no reason given' } = fieldsOf(error);
  if (type === 'stream-deleted') return new StreamDamaged(stream, 0n);
  if (type === 'access-denied' || DENIED.includes(code))
    return new AccessDenied(`EventStoreDB refuses our user: ${message}`, { cause: error });
  return new StoreUnavailable(`EventStoreDB did not answer: ${message}`, { cause: error });
};

/** The server could not read where it was told to begin. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof StoreUnavailable && error.message.includes('Unexpected ReadAllResult: Error');

const sizeOf = (events: readonly NewEvent[]): number => events.reduce((sum, { data }) => sum + data.byteLength, 0);
