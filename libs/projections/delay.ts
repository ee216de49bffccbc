import type { Position } from '@ledger/event-store/port';

/**
 * For how long a projection has not held everything that is known to be in the log. It begins with not following the log
 * (at start, cut off from the store, stopped) or with an event that was appended and has not arrived: a subscription that
 * stalls without an error shows by that alone. Under a load without a pause it may be a little short, never long.
 */
export class Delay {
  private since: number | undefined = performance.now();
  /** What it waits for; absent while it does not follow the log, since nothing that arrives then is known to be the last. */
  private until: Position | undefined;
  private newest: { readonly position: Position; readonly at: number } | undefined;

  seconds(): number {
    return this.since === undefined ? 0 : (performance.now() - this.since) / 1000;
  }

  /** It does not follow the log. */
  begin(): void {
    this.since ??= performance.now();
    this.until = undefined;
  }

  /** It follows the log from `reached` on. */
  end(reached: Position | undefined): void {
    const { newest } = this;
    const missing = newest !== undefined && (reached === undefined || newest.position > reached);
    this.since = missing ? newest.at : undefined;
    this.until = missing ? newest.position : undefined;
  }

  /** The log goes as far as `position`, and the projection as far as `reached`. */
  announce(position: Position, reached: Position | undefined): void {
    if (this.newest !== undefined && position <= this.newest.position) return;
    this.newest = { position, at: performance.now() };
    if (this.since === undefined) this.end(reached);
  }

  reach(position: Position): void {
    if (this.until !== undefined && position >= this.until) this.end(position);
  }
}
