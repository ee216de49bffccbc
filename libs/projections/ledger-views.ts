import type { Codec } from '@ledger/event-store/codec';
import type { EventStore, Position } from '@ledger/event-store/port';
import { actsProjection } from './acts/projection';
import { ActsQuery } from './acts/query';
import { IncidentViews } from './incident-views';
import { PartyRegister } from './party-register';
import type { Projection } from './projection';
import {
  ProjectionRunner,
  type IsPrivileged,
  type Lag,
  type OnCommit,
  type OnProblem,
  type ProjectionHealth,
} from './runner';
import { searchProjection } from './search/projection';
import { searchText } from './search/query';
import { discardBeside, openViews, type Views } from './sqlite/views';
import { timelineProjection } from './timeline/projection';
import { TimelineQuery } from './timeline/query';

export const PROJECTIONS: readonly Projection[] = [timelineProjection, actsProjection, searchProjection];

const RELEASE_TIMEOUT_MS = 30_000;

/** All read models of one ledger, in one disposable file, and the runners that feed them. */
export class LedgerViews {
  readonly timeline: TimelineQuery;
  readonly acts: ActsQuery;
  readonly incidents: IncidentViews;
  readonly parties: PartyRegister;
  private readonly views: Views;
  private readonly runners: readonly ProjectionRunner[];

  constructor(
    file: string,
    store: EventStore,
    codec: Codec,
    isPrivileged: IsPrivileged,
    onProblem?: OnProblem,
    onCommit?: OnCommit,
  ) {
    this.views = openViews(file);
    this.timeline = new TimelineQuery(this.views, codec);
    this.acts = new ActsQuery(this.views, codec);
    this.incidents = new IncidentViews(this.timeline, this.acts);
    this.parties = new PartyRegister(this.acts);
    this.runners = PROJECTIONS.map(
      (projection) => new ProjectionRunner(projection, store, codec, this.views, isPrivileged, onProblem, onCommit),
    );
  }

  start(): void {
    for (const runner of this.runners) runner.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
    this.views.close();
  }

  /** Sequences of facts whose text holds every word of `text`; `incidentId` absent: of all incidents. */
  search(text: string, incidentId: string | undefined): ReadonlySet<number> {
    return searchText(this.views, text, incidentId);
  }

  /** One answer uses all read models, so it sees no further than the one that is furthest behind. */
  head(): number {
    return Math.min(...this.runners.map((runner) => runner.health().sequence));
  }

  /** Whether every read model follows the log; otherwise what they show may be behind, by how much is not known. */
  isLive(): boolean {
    return this.runners.every((runner) => runner.health().status === 'live');
  }

  health(): (ProjectionHealth & { readonly lag: Lag })[] {
    const read = Math.max(...this.runners.map((runner) => runner.read()));
    return this.runners.map((runner) => ({ ...runner.health(), lag: runner.lag(read) }));
  }

  /** The log is known to go as far as this: read models that do not get there are behind, whatever they believe. */
  announce(position: Position): void {
    for (const runner of this.runners) runner.announce(position);
  }

  /** How many call for what is new: each open subscription does. */
  followers(): number {
    return Math.max(...this.runners.map((runner) => runner.followers()));
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
    discardBeside(this.views.name); // nothing feeds those that wait to replace these: they would keep the texts
  }

  /** Called whenever any read model has moved on, until the returned function is called. */
  onAdvance(listener: () => void): () => void {
    const off = this.runners.map((runner) => runner.onAdvance(listener));
    return () => off.forEach((stop) => stop());
  }
}
