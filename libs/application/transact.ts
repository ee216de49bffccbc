import { LRUCache } from 'lru-cache';
import { v5 as uuidv5 } from 'uuid';
import {
  isRejection,
  reject,
  type Aggregate,
  type Decision,
  type DomainEvent,
  type Rejection,
} from '@ledger/domain/decision';
import type { Codec, DecodedEvent } from '@ledger/event-store/codec';
import { WrongExpectedRevision } from '@ledger/event-store/errors';
import type { EventStore, NewEvent, Position } from '@ledger/event-store/port';
import type { DataKey, KeyVault } from '@ledger/privacy/key-vault';
import { sameContent } from './same-content';

/** Who asks, and under which id. Comes with the request, never from its input. */
export interface CommandContext {
  /** UUID, unique per stream: the same id again is the same command. */
  readonly commandId: string;
  /** Random user id. */
  readonly recordedBy: string;
  /** Of the request that caused it; absent = the command itself. */
  readonly correlationId?: string;
  /** Refuse unless the stream is at this revision. */
  readonly expectedRevision?: bigint;
}

export interface Accepted {
  readonly outcome: 'accepted';
  /** Of the last event of the command, or of the stream's head where nothing needed to happen. */
  readonly revision: bigint;
  readonly position: Position | undefined;
  /** The command had been carried out before; this is its first outcome. */
  readonly replayed: boolean;
  /** Its goal held already, so nothing was appended and nothing of it is remembered. */
  readonly alreadySo?: true;
}
export interface Rejected extends Omit<Rejection, 'rejected'> {
  readonly outcome: 'rejected';
}
export interface RevisionConflict {
  readonly outcome: 'revision-conflict';
  readonly actual: bigint | 'no-stream';
}
export interface CommandReused {
  readonly outcome: 'command-reused';
  /** Where the stream holds what the id was first used for. */
  readonly firstRevision: bigint;
}
export type Outcome = Accepted | Rejected | RevisionConflict | CommandReused;

export const rejected = ({ code, path, message }: Rejection): Rejected => ({
  outcome: 'rejected',
  code,
  path,
  message,
});

/** What is known of one stream: the folded state and, of every command, where its events lie. No payloads. */
interface Folded<State> {
  state: State;
  revision: bigint;
  position: Position | undefined;
  /** The key of each subject. */
  readonly keys: Map<string, string>;
  /** Every key in use. */
  readonly kids: Set<string>;
  readonly commands: Map<string, { first: bigint; last: bigint; position: Position }>;
  /** Whether every event could be read. Where one could not, the rest is not the whole state: nothing is decided on it. */
  readable: boolean;
}

/** The same, for decisions on another stream. */
export interface Known<State> {
  readonly state: State;
  readonly readable: boolean;
  /** Ids of the keys that protect something in the stream, destroyed ones included. */
  readonly kids: ReadonlySet<string>;
  /** Of each command id: the revision of its first event. */
  readonly commands: ReadonlyMap<string, { readonly first: bigint }>;
}

export const UNREADABLE = reject('stream-unreadable');

/** Of the event that a command asks for (index 0), or of one behind it that follows. */
export const eventId = (stream: string, index: number, commandId: string): string =>
  uuidv5(`${stream}#${index}`, commandId);

const MAX_ATTEMPTS = 10;
const CACHED_STREAMS = 500;

/**
 * The only way to write: read what is new → fold → decide → append at the revision read → answer.
 *
 * Guaranteed: a command id has one effect and one answer per stream, also when it is sent twice at once or again after a
 * crash between append and answer. Nothing new is written to a stream that holds an event which this version cannot read.
 * Not guaranteed: anything across two streams.
 */
export class Transactor {
  private readonly folded = new LRUCache<string, Folded<unknown>>({ max: CACHED_STREAMS });
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly vault: KeyVault,
    private readonly now: () => Date,
  ) {}

  /**
   * Rejections and conflicts are values. Throws StoreUnavailable: repeat the command with the same id.
   * `asked` is the event that the command asks for: a repetition is recognised by it even where the decision would be
   * another one today, because it hangs on more than the stream as it was then.
   */
  transact<State>(
    stream: string,
    aggregate: Aggregate<State>,
    decide: (state: State) => Decision,
    context: CommandContext,
    asked?: DomainEvent,
  ): Promise<Outcome> {
    return this.oneAtATime(stream, () => this.attempt(stream, aggregate, decide, context, asked));
  }

  /** What is known of a stream as of now. Not kept in step with another one. */
  read<State>(stream: string, aggregate: Aggregate<State>): Promise<Known<State>> {
    return this.oneAtATime(stream, () => this.refresh(stream, aggregate));
  }

  private async attempt<State>(
    stream: string,
    aggregate: Aggregate<State>,
    decide: (state: State) => Decision,
    context: CommandContext,
    asked: DomainEvent | undefined,
  ): Promise<Outcome> {
    for (let attempt = 1; ; attempt++) {
      const folded = await this.refresh(stream, aggregate);
      const earlier = folded.commands.get(context.commandId);
      if (earlier !== undefined) {
        const same = await this.wasTheSame(stream, aggregate, decide, earlier.first, asked);
        if (same === undefined) return rejected(UNREADABLE);
        return same
          ? { outcome: 'accepted', revision: earlier.last, position: earlier.position, replayed: true }
          : { outcome: 'command-reused', firstRevision: earlier.first };
      }
      if (!folded.readable) return rejected(UNREADABLE);
      const actual = folded.revision < 0n ? 'no-stream' : folded.revision;
      if (context.expectedRevision !== undefined && context.expectedRevision !== folded.revision)
        return { outcome: 'revision-conflict', actual };

      const decision = decide(folded.state);
      if (isRejection(decision)) return rejected(decision);
      if (decision.length === 0)
        return {
          outcome: 'accepted',
          revision: folded.revision,
          position: folded.position,
          replayed: false,
          alreadySo: true,
        };
      const events = this.encode(stream, decision, context, folded.keys);
      let found: RevisionConflict['actual'];
      try {
        const { revision, position } = await this.store.append(stream, actual, events);
        // The state moves on when the next command reads what is new: our own events come in like anybody else's.
        if (await this.holds(stream, revision, events))
          return { outcome: 'accepted', revision, position, replayed: false };
        found = revision;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        found = error.actual;
      }
      if (attempt === MAX_ATTEMPTS) return { outcome: 'revision-conflict', actual: found };
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }

  /**
   * Whether what lies there is this append and not one that another process made under the same command id: a store takes
   * the same ids at the same revision for the same append, whatever they hold. The salt in `meta` tells them apart.
   */
  private async holds(stream: string, revision: bigint, events: readonly NewEvent[]): Promise<boolean> {
    for await (const stored of this.store.readStream(stream, { from: revision, limit: 1 }))
      return Buffer.compare(stored.meta, events.at(-1)?.meta ?? Buffer.of()) === 0;
    return false;
  }

  private encode(
    stream: string,
    decision: readonly DomainEvent[],
    context: CommandContext,
    known: ReadonlyMap<string, string>,
  ) {
    const keys = new Map(known);
    const keyOf = (subject: string | undefined): DataKey => {
      if (subject === undefined) return this.vault.take();
      const kid = keys.get(subject);
      const key = kid === undefined ? undefined : this.vault.find(kid);
      if (kid !== undefined && key instanceof Uint8Array) return { kid, key };
      const fresh = this.vault.take();
      keys.set(subject, fresh.kid);
      return fresh;
    };
    const recordedAt = this.now().toISOString();
    return decision.map((event, index): NewEvent => {
      const envelope = {
        id: eventId(stream, index, context.commandId),
        stream,
        recordedAt,
        commandId: context.commandId,
        correlationId: context.correlationId ?? context.commandId,
        causationId: context.commandId,
        recordedBy: context.recordedBy,
      };
      return this.codec.encode(event, envelope, keyOf);
    });
  }

  private async refresh<State>(stream: string, aggregate: Aggregate<State>): Promise<Folded<State>> {
    const folded = (this.folded.get(stream) as Folded<State> | undefined) ?? {
      state: aggregate.initial(),
      revision: -1n,
      position: undefined,
      keys: new Map(),
      kids: new Set(),
      commands: new Map(),
      readable: true,
    };
    for await (const recorded of this.store.readStream(stream, { from: folded.revision + 1n }))
      fold(folded, aggregate, this.codec.decode(recorded));
    if (folded.revision >= 0n) this.folded.set(stream, folded);
    return folded;
  }

  /**
   * Compares with what was asked, or with what the decision makes of the state of then; only its own event, since what
   * followed it may differ now. Undefined: an event that cannot be read leaves it open.
   */
  private async wasTheSame<State>(
    stream: string,
    aggregate: Aggregate<State>,
    decide: (state: State) => Decision,
    first: bigint,
    asked: DomainEvent | undefined,
  ): Promise<boolean | undefined> {
    let state = aggregate.initial();
    const part = asked === undefined ? {} : { from: first, limit: 1 };
    for await (const recorded of this.store.readStream(stream, part)) {
      const event = this.codec.decode(recorded);
      if (!event.readable) return undefined;
      if (recorded.revision === first) {
        const decision = asked === undefined ? decide(state) : [asked];
        const [again] = isRejection(decision) ? [] : decision;
        return again?.type === event.type && sameContent(event.payload, again.payload);
      }
      state = aggregate.evolve(state, event);
    }
    return false;
  }

  private async oneAtATime<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(stream) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.queues.set(stream, turn);
    try {
      return await turn;
    } finally {
      if (this.queues.get(stream) === turn) this.queues.delete(stream);
    }
  }
}

const fold = <State>(folded: Folded<State>, aggregate: Aggregate<State>, event: DecodedEvent): void => {
  const { commandId } = event.meta;
  const earlier = folded.commands.get(commandId);
  folded.commands.set(commandId, {
    first: earlier?.first ?? event.revision,
    last: event.revision,
    position: event.position,
  });
  folded.revision = event.revision;
  folded.position = event.position;
  folded.readable &&= event.readable;
  if (!event.readable) return;
  folded.state = aggregate.evolve(folded.state, event);
  for (const { kid, subject } of event.keys) {
    folded.kids.add(kid);
    if (subject !== undefined) folded.keys.set(subject, kid);
  }
  // From its order on a condemned key takes nothing new, or that would be destroyed with it.
  if (event.type === 'erasure-ordered')
    for (const [subject, kid] of folded.keys)
      if ((event.payload['kids'] as string[]).includes(kid)) folded.keys.delete(subject);
};
