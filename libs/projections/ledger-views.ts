import type { Codec } from '@ledger/event-store/codec';
import type { EventStore, Position } from '@ledger/event-store/port';
import { gapRegisterProjection } from './gap-register/projection';
import { gapsOf, type GapRow } from './gap-register/query';
import { incidentRegisterProjection } from './incident-register/projection';
import { IncidentRegisterQuery } from './incident-register/query';
import type { Projection } from './projection';
import { ProjectionRunner, type IsPrivileged, type OnProblem, type ProjectionHealth } from './runner';
import { searchProjection } from './search/projection';
import { openViews, type Views } from './sqlite/views';
import { timelineProjection } from './timeline/projection';
import { TimelineQuery } from './timeline/query';

export const PROJECTIONS: readonly Projection[] = [
  timelineProjection,
  incidentRegisterProjection,
  gapRegisterProjection,
  searchProjection,
];

const RELEASE_TIMEOUT_MS = 30_000;

/** All read models of one ledger, in one disposable file, and the runners that feed them. */
export class LedgerViews {
  readonly timeline: TimelineQuery;
  readonly register: IncidentRegisterQuery;
  private readonly views: Views;
  private readonly runners: readonly ProjectionRunner[];

  constructor(file: string, store: EventStore, codec: Codec, isPrivileged: IsPrivileged, onProblem?: OnProblem) {
    this.views = openViews(file);
    this.timeline = new TimelineQuery(this.views, codec);
    this.register = new IncidentRegisterQuery(this.views, codec);
    this.runners = PROJECTIONS.map(
      (projection) => new ProjectionRunner(projection, store, codec, this.views, isPrivileged, onProblem),
    );
  }

  start(): void {
    for (const runner of this.runners) runner.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
    this.views.close();
  }

  gaps(incidentId: string, sequence: number): GapRow[] {
    return gapsOf(this.views, incidentId, sequence);
  }

  /** One answer uses all read models, so it sees no further than the one that is furthest behind. */
  head(): number {
    return Math.min(...this.runners.map((runner) => runner.health().sequence));
  }

  /** Whether every read model follows the log; otherwise what they show may be behind, by how much is not known. */
  isLive(): boolean {
    return this.runners.every((runner) => runner.health().status === 'live');
  }

  health(): ProjectionHealth[] {
    return this.runners.map((runner) => runner.health());
  }

  /** True once every read model holds everything up to `position`; false after `timeoutMs`. Never an error: it is stored. */
  async reached(position: Position, timeoutMs: number): Promise<boolean> {
    const all = await Promise.all(this.runners.map((runner) => runner.reached(position, timeoutMs)));
    return all.every(Boolean);
  }

  /** Resolves once no view holds what an erasure at or before `position` took out. */
  async released(position: Position | undefined): Promise<void> {
    const handled = position === undefined || (await this.reached(position, RELEASE_TIMEOUT_MS));
    // What secure_delete overwrote must not survive in the write-ahead log, where a reader of an older state holds it.
    const busy = !handled || this.views.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) !== 0;
    if (busy) throw new Error('a view has not let go of the texts yet; the keys are kept. Repeat the command.');
  }

  /** Called whenever any read model has moved on, until the returned function is called. */
  onAdvance(listener: () => void): () => void {
    const off = this.runners.map((runner) => runner.onAdvance(listener));
    return () => off.forEach((stop) => stop());
  }
}
