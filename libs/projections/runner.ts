import type { Codec, DecodedEvent } from '@ledger/event-store/codec';
import { EventStoreError } from '@ledger/event-store/errors';
import {
  isCaughtUp,
  type EventStore,
  type Position,
  type RecordedEvent,
  type SubscriptionItem,
} from '@ledger/event-store/port';
import { supervise } from '@ledger/event-store/supervise';
import { Delay } from './delay';
import type { Projection, Sequenced } from './projection';
import type { Views } from './sqlite/views';
import { toRow, type EventRow } from './stored-event';

export interface ProjectionHealth {
  readonly name: string;
  readonly version: number;
  /**
   * `catching-up`: at start, or while the log cannot be reached; `problem` then says why.
   * `stopped`: it failed at the event after `sequence`, and says why; the others go on.
   */
  readonly status: 'catching-up' | 'live' | 'stopped';
  readonly sequence: number;
  /** A stable code, which anybody may see: what happened, and where, is told to `OnProblem` only. */
  readonly problem: string | undefined;
}

/** How far behind a projection is, as far as that can be known: the store does not say how long its log is. */
export interface Lag {
  /** Events that one of the read models has read and this one does not hold. Of what none has read yet nothing is known. */
  readonly events: number;
  /** For how long it has not held everything that is known to be in the log. Not how old what it shows is. */
  readonly seconds: number;
}

/** Hears what befell a projection. Messages may name streams and events: they are for whoever runs the ledger. */
export type OnProblem = (projection: string, error: unknown, status: ProjectionHealth['status']) => void;

/** Hears of what was committed while the projection follows the log, not while it catches up. In ms since the epoch. */
export type OnCommit = (projection: Projection, events: readonly RecordedEvent[], from: number, to: number) => void;

/** No failure: the view showed another log than the one that is there, or one from before it was restored. */
export class AnotherLog extends Error {
  readonly code = 'another-log';
  constructor() {
    super('rebuilt: the log is another one');
    this.name = 'AnotherLog';
  }
}

/** Two programs feed the same file. */
export class ViewsTaken extends Error {
  constructor() {
    super('another process is writing to the same views');
    this.name = 'ViewsTaken';
  }
}

/** Up to where a view has come: the last event that it counts, by which the log is recognised again. */
type Checkpoint = Pick<RecordedEvent, 'stream' | 'revision' | 'id' | 'position' | 'leaf'>;
type CheckpointRow = Pick<EventRow, 'stream' | 'revision' | 'event_id' | 'leaf'> & {
  readonly sequence: number;
  readonly position: Position | null;
};

interface Waiter {
  readonly position: Position;
  readonly settle: (reached: boolean) => void;
}

const BATCH = 500;

/** In ms since the epoch, finer than a millisecond. */
const now = (): number => performance.timeOrigin + performance.now();

/** Streams whose events are absent from every open view, also from its numbering. */
export type IsPrivileged = (stream: string) => boolean;

/**
 * Feeds one projection from the log, in order, for ever. Exactly once in effect: a batch's rows and its checkpoint are one
 * transaction, and the checkpoint moves only from where this runner left it; two runners on one file stop each other.
 * The checkpoint belongs to one log: on another one the view is built anew.
 */
export class ProjectionRunner {
  private status: ProjectionHealth['status'] = 'catching-up';
  private problem: string | undefined;
  private checkpoint: Checkpoint | undefined;
  private sequence = 0;
  /** Up to where the log was read, hidden events too; unknown until the log is recognised. */
  private position: Position | undefined;
  /** Events that were read and are not committed yet. */
  private pending = 0;
  private readonly delay = new Delay();
  private readonly waiters = new Set<Waiter>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly projection: Projection,
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly views: Views,
    private readonly isPrivileged: IsPrivileged,
    private readonly onProblem: OnProblem = () => undefined,
    private readonly onCommit: OnCommit = () => undefined,
  ) {
    const row = this.stored();
    if (row === undefined) this.empty();
    else this.sequence = row.sequence;
    if (row?.position != null)
      this.checkpoint = { ...row, position: row.position, id: row.event_id, revision: BigInt(row.revision) };
  }

  start(): void {
    this.running = this.run().catch((error: unknown) => {
      this.tell('stopped', error);
      for (const waiter of [...this.waiters]) waiter.settle(false);
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    for (const waiter of [...this.waiters]) waiter.settle(false);
  }

  health(): ProjectionHealth {
    const { name, version } = this.projection;
    return { name, version, status: this.status, sequence: this.sequence, problem: this.problem };
  }

  /** The sequence up to which it has read the log; what lies behind its own is not committed. */
  read(): number {
    return this.sequence + this.pending;
  }

  /** `read` is how far the projection has read that is furthest ahead. */
  lag(read: number): Lag {
    return { events: Math.max(0, read - this.sequence), seconds: this.delay.seconds() };
  }

  /** The log is known to go as far as this. */
  announce(position: Position): void {
    this.delay.announce(position, this.position);
  }

  followers(): number {
    return this.listeners.size;
  }

  /** Called after every commit, until the returned function is called. */
  onAdvance(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** True once everything up to `position` is in the view; false after `timeoutMs`, or at once when it has stopped. */
  reached(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.position !== undefined && this.position >= position) return Promise.resolve(true);
    if (this.status === 'stopped' || this.stopping.signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.settle(false), timeoutMs);
      const waiter: Waiter = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(reached);
        },
      };
      this.waiters.add(waiter);
    });
  }

  private async run(): Promise<void> {
    let batch: RecordedEvent[] = [];
    const { signal } = this.stopping;
    const onError = (error: unknown): void => this.tell('catching-up', error); // until a caught-up mark says otherwise
    // Asked as a subscription is: a log that cannot be reached is no other log.
    await supervise({ subscribe: () => this.recognise() }, { signal, onError }).next();
    for await (const item of supervise(this.store, { after: this.position, signal, onError })) {
      if (!isCaughtUp(item)) {
        batch.push(item);
        if (!this.isPrivileged(item.stream)) this.pending += 1;
      }
      if (!isCaughtUp(item) && this.status === 'catching-up' && batch.length < BATCH) continue;
      this.commit(batch);
      batch = [];
      if (isCaughtUp(item)) this.live();
    }
  }

  /** Reads the last event back. Where it is not what it was, this view shows another log, or what was lost of this one. */
  private async *recognise(): AsyncGenerator<SubscriptionItem> {
    const known = this.checkpoint;
    if (known !== undefined) {
      let found: RecordedEvent | undefined;
      for await (const event of this.store.readStream(known.stream, { from: known.revision, limit: 1 })) found = event;
      const same =
        found?.id === known.id && found.position === known.position && Buffer.compare(found.leaf, known.leaf) === 0;
      if (same) this.reach(known.position);
      else {
        this.empty();
        this.tell('catching-up', new AnotherLog());
      }
    }
    yield { caughtUp: known?.position };
  }

  private commit(batch: readonly RecordedEvent[]): void {
    const read = batch.at(-1);
    if (read === undefined) return;
    const shown = batch.filter(({ stream }) => !this.isPrivileged(stream));
    const last = shown.at(-1);
    if (last !== undefined) {
      const from = now();
      this.write(shown, last);
      if (this.status === 'live') this.onCommit(this.projection, shown, from, now());
    }
    this.pending = 0;
    this.reach(read.position);
  }

  /** The checkpoint is at an event that is shown: of those that are hidden, the file holds nothing. */
  private write(shown: readonly RecordedEvent[], last: RecordedEvent): void {
    const { name, version } = this.projection;
    let { sequence } = this;
    this.views
      .transaction(() => {
        for (const recorded of shown) this.projection.apply(this.views, this.sequenced(recorded, ++sequence));
        const moved = this.views
          .prepare(
            `UPDATE checkpoint SET sequence = @sequence, position = @position, stream = @stream, revision = @revision,
               event_id = @event_id, leaf = @leaf WHERE name = @name AND version = @version AND position IS @before`,
          )
          .run({ ...toRow(last), sequence, name, version, before: this.checkpoint?.position ?? null });
        if (moved.changes !== 1) throw new ViewsTaken();
      })
      .immediate();
    this.checkpoint = last;
    this.sequence = sequence;
  }

  private reach(position: Position): void {
    this.position = position;
    this.delay.reach(position);
    for (const waiter of [...this.waiters]) if (position >= waiter.position) waiter.settle(true);
    for (const listener of this.listeners) listener();
  }

  private sequenced(recorded: RecordedEvent, sequence: number): Sequenced {
    let decoded: DecodedEvent | undefined;
    const decode = (): DecodedEvent => (decoded ??= this.codec.decode(recorded));
    return { sequence, recorded, decode };
  }

  /** From here on each event is committed as it comes. What was built by earlier versions has had its day. */
  private live(): void {
    if (this.status === 'live') return;
    this.status = 'live';
    this.problem = undefined;
    this.delay.end(this.position);
    const { name, version } = this.projection;
    this.views
      .transaction(() => {
        const old = this.views
          .prepare('SELECT version FROM checkpoint WHERE name = ? AND version < ?')
          .pluck()
          .all(name, version);
        for (const gone of old as number[]) this.drop(gone);
      })
      .immediate();
  }

  private stored(): CheckpointRow | undefined {
    return this.views
      .prepare('SELECT * FROM checkpoint WHERE name = ? AND version = ?')
      .get(this.projection.name, this.projection.version) as CheckpointRow | undefined;
  }

  /** The tables as they are before the first event. */
  private empty(): void {
    const { name, version, ddl } = this.projection;
    this.views
      .transaction(() => {
        this.drop(version);
        this.views.exec(ddl);
        this.views.prepare('INSERT INTO checkpoint (name, version, sequence) VALUES (?, ?, 0)').run(name, version);
      })
      .immediate();
    this.checkpoint = undefined;
    this.sequence = 0;
  }

  private drop(version: number): void {
    const { name } = this.projection;
    const tables = this.views
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ? ESCAPE '\\'`)
      .pluck()
      .all(`${`${name}_v${version}_`.replaceAll('_', '\\_')}%`) as string[];
    for (const table of tables) this.views.exec(`DROP TABLE IF EXISTS "${table}"`);
    this.views.prepare('DELETE FROM checkpoint WHERE name = ? AND version = ?').run(name, version);
  }

  /** Once, and not again at every attempt that meets the same. */
  private tell(status: ProjectionHealth['status'], error: unknown): void {
    const problem = error instanceof EventStoreError || error instanceof AnotherLog ? error.code : 'failed';
    const known = this.status === status && this.problem === problem;
    this.status = status;
    this.problem = problem;
    this.delay.begin();
    if (!known) this.onProblem(this.projection.name, error, status);
  }
}
