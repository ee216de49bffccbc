import { MAX_APPEND_DATA } from './check-append';
import { history, LogDigest } from './history';
import type { EventStore, RecordedEvent } from './port';

/** The logs are not one log: what the target holds is not how the source begins. Nothing was written after this was seen. */
export class LogsPart extends Error {
  readonly code = 'logs-part';
  /** `ordinal`: of the first event, from 1, that is not the same in both. */
  constructor(
    readonly ordinal: number,
    readonly source: RecordedEvent | undefined,
    readonly target: RecordedEvent | undefined,
  ) {
    super(
      `the target is no beginning of the source: they part at event ${ordinal}, which is ${told(source)} in the source and ${told(target)} in the target`,
    );
    this.name = 'LogsPart';
  }
}

const told = (event: RecordedEvent | undefined): string =>
  event === undefined ? 'not there' : `${event.type} ${event.id} (${event.stream}@${event.revision})`;

export interface CopyProgress {
  /** Events that are known to lie in the target, those that were there before included. */
  readonly copied?: (events: number) => void;
  /** Events of both logs that were read again and compared. */
  readonly verified?: (events: number) => void;
}

export interface CopyResult {
  /** Events in both logs now. */
  readonly events: number;
  /** How many of them the target held before. */
  readonly before: number;
  /** The same of both logs, read again from the beginning: see `LogDigest`. */
  readonly digest: string;
}

/** One append takes at most this many events: what is lost when it fails stays small, and progress shows. */
const MAX_RUN = 500;

/**
 * Copies a log from one store to another: every event as it is, privileged ones too, in the same order over all streams.
 * Consecutive events of one stream travel together, and one append is made after the other: no event overtakes another,
 * so that sequences, which people cite, come out the same.
 *
 * What the target holds already is compared first. Is it how the source begins, the copy goes on behind it; a copy that
 * was killed is thereby finished by the next one, and so is one that new events have outrun. Anything else is LogsPart.
 * Nobody else may write to the target meanwhile: WrongExpectedRevision, or LogsPart afterwards, when somebody did.
 */
export const copyLog = async (
  source: EventStore,
  target: EventStore,
  { copied, verified }: CopyProgress = {},
): Promise<CopyResult> => {
  const present = history(target);
  let events = 0;
  let before = 0;
  let run: RecordedEvent[] = [];
  const flush = async (): Promise<void> => {
    await append(target, run);
    run = [];
    copied?.(events);
  };
  try {
    let known = await present.next();
    for await (const event of history(source)) {
      if (!known.done) {
        if (!isSame(event, known.value)) throw new LogsPart(events + 1, event, known.value);
        before = events + 1;
        copied?.(before);
        known = await present.next();
      } else {
        if (!mayFollow(run, event)) await flush();
        run.push(event);
      }
      events += 1;
    }
    if (!known.done) throw new LogsPart(events + 1, undefined, known.value);
  } finally {
    await present.return();
  }
  await flush();
  return { events, before, digest: await compare(source, target, events, verified) };
};

const append = async (target: EventStore, run: readonly RecordedEvent[]): Promise<void> => {
  const first = run[0];
  if (first !== undefined)
    await target.append(first.stream, first.revision === 0n ? 'no-stream' : first.revision - 1n, run);
};

const mayFollow = (run: readonly RecordedEvent[], { stream, data }: RecordedEvent): boolean =>
  run.length === 0 ||
  (run[0]?.stream === stream &&
    run.length < MAX_RUN &&
    run.reduce((sum, event) => sum + event.data.byteLength, data.byteLength) <= MAX_APPEND_DATA);

/** A leaf commits to everything that is copied. */
const isSame = (one: RecordedEvent, other: RecordedEvent): boolean => Buffer.compare(one.leaf, other.leaf) === 0;

/** Reads both logs again, the source as far as it was copied, and answers their digest. */
const compare = async (
  source: EventStore,
  target: EventStore,
  events: number,
  verified?: (events: number) => void,
): Promise<string> => {
  const digest = new LogDigest();
  const copies = history(target);
  const originals = history(source);
  try {
    while (digest.events < events) {
      const [original, copy] = [await originals.next(), await copies.next()];
      if (original.done || copy.done || !isSame(original.value, copy.value))
        throw new LogsPart(digest.events + 1, original.value ?? undefined, copy.value ?? undefined);
      digest.add(copy.value);
      verified?.(digest.events);
    }
    const surplus = await copies.next();
    if (!surplus.done) throw new LogsPart(events + 1, undefined, surplus.value);
    return digest.value();
  } finally {
    await originals.return();
    await copies.return();
  }
};
