/**
 * The event log, as the rest of the house sees it. Adapters: `sqlite/` (embedded) and `eventstoredb/`; every rule
 * below is a case of `test/contracts/event-store.contract.ts`, which each adapter must pass.
 */

/**
 * Where an event lies in one store: 20 digits, at most 2^63 - 1, ordered by string comparison. Another store gives other
 * positions, so only what this store gave may be handed back to it.
 */
export type Position = string & { readonly __position: unique symbol };

/** What the stream must look like for the append to happen. There is no "any": a write without an expectation is a bug. */
export type ExpectedRevision = 'no-stream' | 'stream-exists' | bigint;

export interface NewEvent {
  /** UUID chosen by the caller, so that an append whose fate is unknown can be repeated. */
  readonly id: string;
  /** kebab-case event type; never empty. */
  readonly type: string;
  /** RFC 8785 bytes of the payload. */
  readonly data: Uint8Array;
  /** RFC 8785 bytes of a flat object with string values only: one store keeps the values, not the bytes. */
  readonly meta: Uint8Array;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** 0-based, contiguous within the stream. */
  readonly revision: bigint;
  readonly position: Position;
  /** RFC 6962 leaf hash of this event, 32 bytes: checked against the stored one where the store keeps it. */
  readonly leaf: Uint8Array;
}

export interface AppendResult {
  /** Revision of the last event of this append. After an empty append: of the stream's head, -1n when it is absent. */
  readonly revision: bigint;
  /** Position of that event; absent only after an empty append to a stream that holds nothing. */
  readonly position: Position | undefined;
}

export interface ReadStreamOptions {
  /** Inclusive, 0 or more. Forwards the default is the first event, backwards the last. */
  readonly from?: bigint;
  readonly backwards?: boolean;
  /** A whole number, 1 or more; absent or Infinity = all. */
  readonly limit?: number;
}

export interface CaughtUp {
  /** Everything stored up to here has been yielded; absent when the log is empty. */
  readonly caughtUp: Position | undefined;
}

export type SubscriptionItem = RecordedEvent | CaughtUp;

export const isCaughtUp = (item: SubscriptionItem): item is CaughtUp => 'caughtUp' in item;

/** Arguments are checked before the store is asked. What the errors mean is said in `errors.ts`. */
export interface EventStore {
  /**
   * Appends all events or none, in order, at the expected revision.
   * An empty list checks the revision and stores nothing.
   * Repeating an append (same ids, same 'no-stream' or exact revision) after it succeeded answers as the first time and
   * stores nothing, whatever followed. With any other expectation a repeated id is not recognised: do not rely on it.
   * Errors: WrongExpectedRevision, AppendTooLarge, InvalidAppend, StreamDamaged (its head is damaged, or it was deleted:
   * nothing is put behind it), NotAnEventLog, AccessDenied, StoreUnavailable (the append may have happened: repeat it with
   * the same ids at the same expected revision).
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;

  /**
   * The events of one stream; an absent stream is empty. Revisions are checked to be contiguous and to reach the
   * stream's head: a damaged index is an error, never a silent gap.
   * Errors: InvalidRead, EventTampered, StreamDamaged, NotAnEventLog, AccessDenied, StoreUnavailable.
   */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;

  /**
   * Up to `limit` events of all streams in log order, strictly after `after` (absent = from the beginning). `limit` is a
   * whole number, 1 or more, or Infinity. System streams of the store are left out.
   * An `after` that the store can tell is no position of this log is InvalidRead: reading on from there would pass over
   * events in silence. One beyond the end of the log is StoreUnavailable instead where the end that is seen may lag (a
   * leader just elected): ask again.
   * Errors: InvalidRead, EventTampered, StreamDamaged (of '$all'), NotAnEventLog, AccessDenied, StoreUnavailable.
   */
  readAll(options: { readonly after?: Position; readonly limit: number }): Promise<readonly RecordedEvent[]>;

  /**
   * Every event strictly after `after` (absent = from the beginning), then whatever is appended, in log order.
   * Yields a caught-up mark after the last historical event. Ends only when `signal` aborts (a normal end) or with an
   * error; a connection that the server closes cleanly is an error too. `supervise` turns it into one that never ends.
   * The rule for `after` is that of `readAll`.
   * Errors: InvalidRead, EventTampered, StreamDamaged (of '$all'), NotAnEventLog, AccessDenied, StoreUnavailable.
   */
  subscribe(options: { readonly after?: Position; readonly signal: AbortSignal }): AsyncIterable<SubscriptionItem>;

  /** Releases connections and file handles. */
  close(): Promise<void>;
}
