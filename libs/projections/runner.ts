import type { Codec, DecodedEvent } from '@ledger/event-store/codec';
import { isCaughtUp, type EventStore, type Position, type RecordedEvent } from '@ledger/event-store/port';
import { supervise } from '@ledger/event-store/supervise';
import type { Projection, Sequenced } from './projection';
import type { Views } from './sqlite/views';

export interface ProjectionHealth {
  readonly name: string;
  readonly version: number;
  /**
   * `catching-up`: at start, or while the log cannot be reached; `problem` then says why.
   * `stopped`: it failed at the event after `sequence`, and says why; the others go on.
   */
  readonly status: 'catching-up' | 'live' | 'stopped';
  readonly sequence: number;
  readonly problem: string | undefined;
}

interface Waiter {
  readonly position: Position;
  readonly settle: (reached: boolean) => void;
}

const BATCH = 500;

/** Streams whose events are absent from every open view, also from its numbering. */
export type IsHidden = (stream: string) => boolean;

/**
 * Feeds one projection from the log, in order, for ever. Exactly once in effect: a batch's rows and its checkpoint are one
 * transaction, and the checkpoint moves only from where this runner left it; two runners on one file stop each other.
 */
export class ProjectionRunner {
  private status: ProjectionHealth['status'] = 'catching-up';
  private problem: string | undefined;
  private position: Position | undefined;
  private sequence = 0;
  private readonly waiters = new Set<Waiter>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly projection: Projection,
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly views: Views,
    private readonly isHidden: IsHidden,
  ) {
    const { name, version, ddl } = projection;
    views.exec(ddl);
    views.prepare('INSERT OR IGNORE INTO checkpoint (name, version, sequence) VALUES (?, ?, 0)').run(name, version);
    const row = views
      .prepare('SELECT position, sequence FROM checkpoint WHERE name = ? AND version = ?')
      .get(name, version) as {
      position: Position | null;
      sequence: number;
    };
    this.position = row.position ?? undefined;
    this.sequence = row.sequence;
  }

  start(): void {
    this.running = this.run().catch((error: unknown) => {
      this.status = 'stopped';
      this.problem = error instanceof Error ? error.message : String(error);
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
    const onError = (error: unknown): void => {
      this.status = 'catching-up'; // until the next caught-up mark says otherwise
      this.problem = error instanceof Error ? error.message : String(error);
    };
    for await (const item of supervise(this.store, { after: this.position, signal, onError })) {
      if (!isCaughtUp(item)) batch.push(item);
      if (!isCaughtUp(item) && this.status === 'catching-up' && batch.length < BATCH) continue;
      this.commit(batch);
      batch = [];
      if (isCaughtUp(item)) this.live();
    }
  }

  private commit(batch: readonly RecordedEvent[]): void {
    const last = batch.at(-1);
    if (last === undefined) return;
    const { name, version } = this.projection;
    let sequence = this.sequence;
    this.views
      .transaction(() => {
        for (const recorded of batch) {
          if (this.isHidden(recorded.stream)) continue;
          sequence += 1;
          this.projection.apply(this.views, this.sequenced(recorded, sequence));
        }
        const moved = this.views
          .prepare('UPDATE checkpoint SET position = ?, sequence = ? WHERE name = ? AND version = ? AND position IS ?')
          .run(last.position, sequence, name, version, this.position ?? null);
        if (moved.changes !== 1) throw new Error('another process is writing to the same views');
      })
      .immediate();
    this.position = last.position;
    this.sequence = sequence;
    for (const waiter of [...this.waiters]) if (last.position >= waiter.position) waiter.settle(true);
    for (const listener of this.listeners) listener();
  }

  private sequenced(recorded: RecordedEvent, sequence: number): Sequenced {
    let decoded: DecodedEvent | undefined;
    const decode = (): DecodedEvent => (decoded ??= this.codec.decode(recorded));
    return { sequence, recorded, decode };
  }

  /** From here on each event is committed as it comes. The version that is live is the one that is asked. */
  private live(): void {
    if (this.status === 'live') return;
    this.status = 'live';
    this.problem = undefined;
    const { name, version } = this.projection;
    this.views
      .transaction(() => {
        const old = this.views
          .prepare('SELECT version FROM checkpoint WHERE name = ? AND version <> ?')
          .pluck()
          .all(name, version);
        for (const gone of old as number[]) this.drop(name, gone);
        this.views.prepare('INSERT OR REPLACE INTO active (name, version) VALUES (?, ?)').run(name, version);
      })
      .immediate();
  }

  private drop(name: string, version: number): void {
    const tables = this.views
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ? ESCAPE '\\'`)
      .pluck()
      .all(`${`${name}_v${version}_`.replaceAll('_', '\\_')}%`) as string[];
    for (const table of tables) this.views.exec(`DROP TABLE IF EXISTS "${table}"`);
    this.views.prepare('DELETE FROM checkpoint WHERE name = ? AND version = ?').run(name, version);
  }
}
