import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '@ledger/event-store/port';
import type { LedgerViews } from '@ledger/projections/ledger-views';

/** Why nothing should be sent here now; a stable code. */
export type NotReady = 'stopping' | 'store-unavailable' | 'projection-stopped' | 'catching-up';

const STORE_ANSWERS_WITHIN_MS = 2_000;
/** Nothing is ever written there. */
const NO_STREAM = 'readiness';

/** Whether whoever is asked next will be answered, and from a record that is up to date. */
export class Readiness {
  private stopping = false;
  /** One question at a time: a store that does not answer is not asked more and more often. */
  private asking: Promise<boolean> | undefined;

  constructor(
    private readonly views: LedgerViews,
    private readonly store: EventStore,
  ) {}

  /** From here on never again. */
  stop(): void {
    this.stopping = true;
  }

  async missing(): Promise<NotReady | undefined> {
    const answers = this.stopping || (await this.storeAnswers());
    if (this.stopping) return 'stopping';
    if (!answers) return 'store-unavailable';
    const statuses = this.views.health().map(({ status }) => status);
    if (statuses.includes('stopped')) return 'projection-stopped';
    return statuses.includes('catching-up') ? 'catching-up' : undefined;
  }

  private storeAnswers(): Promise<boolean> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return Promise.race([this.asking, sleep(STORE_ANSWERS_WITHIN_MS, false, { ref: false })]);
  }

  private async ask(): Promise<boolean> {
    try {
      for await (const _ of this.store.readStream(NO_STREAM, { limit: 1 })) break;
      return true;
    } catch {
      return false;
    }
  }
}
