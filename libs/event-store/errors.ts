/** Base of everything an event store may throw. `code` is stable and documented; `message` is for people. */
export abstract class EventStoreError extends Error {
  abstract readonly code: string;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The stream was not at the expected revision. `actual` is the revision it was at, or 'no-stream'. */
export class WrongExpectedRevision extends EventStoreError {
  readonly code = 'wrong-expected-revision';
  constructor(
    readonly stream: string,
    readonly expected: bigint | 'no-stream' | 'stream-exists',
    readonly actual: bigint | 'no-stream',
  ) {
    super(`stream ${stream} was expected at ${expected} but is at ${actual}`);
  }
}

/** One append carries at most 1 MiB of `data` in sum and 16 KiB of `meta` an event. */
export class AppendTooLarge extends EventStoreError {
  readonly code = 'append-too-large';
  constructor(
    readonly part: 'data' | 'meta',
    readonly size: number,
    readonly limit: number,
  ) {
    super(`${part} of the append has ${size} bytes, the limit is ${limit}`);
  }
}

/** Not well-formed: an empty stream name or type, an id that is no UUID, meta that is not a flat map of strings. */
export class InvalidAppend extends EventStoreError {
  readonly code = 'invalid-append';
  constructor(
    readonly field: string,
    reason: string,
  ) {
    super(`${field} ${reason}`);
  }
}

/** A limit below 1 or not whole, a negative `from`, or an `after` that is no position of this log. */
export class InvalidRead extends EventStoreError {
  readonly code = 'invalid-read';
  constructor(
    readonly field: 'from' | 'limit' | 'after',
    readonly reason: string,
  ) {
    super(`${field} ${reason}`);
  }
}

/** A stored event no longer hashes to the leaf that was stored with it. Its content is never returned. */
export class EventTampered extends EventStoreError {
  readonly code = 'event-tampered';
  constructor(
    readonly stream: string,
    readonly revision: bigint,
    readonly eventId: string,
  ) {
    super(`event ${eventId} (${stream}@${revision}) does not match its stored leaf hash`);
  }
}

/** Revisions of a stream are not contiguous, or do not end at its head. Stream '$all': a position of the log is empty. */
export class StreamDamaged extends EventStoreError {
  readonly code = 'stream-damaged';
  constructor(
    readonly stream: string,
    readonly missing: bigint,
  ) {
    super(`stream ${stream} is damaged: its events and its recorded head disagree at ${missing}`);
  }
}

/** The file is not an event log of ours, or SQLite finds it damaged. */
export class NotAnEventLog extends EventStoreError {
  readonly code = 'not-an-event-log';
  constructor(
    readonly file: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${file} cannot be opened as an event log: ${reason}`, options);
  }
}

/** The store cannot be reached or is busy. Of an append: whether it happened is unknown. */
export class StoreUnavailable extends EventStoreError {
  readonly code = 'store-unavailable';
}

/** The store does not know our user or password, or does not let that user do this: sending it again does not help. */
export class AccessDenied extends EventStoreError {
  readonly code = 'access-denied';
}
