import { setTimeout as sleep } from 'node:timers/promises';
import { AccessDenied, EventTampered, InvalidRead, NotAnEventLog, StoreUnavailable, StreamDamaged } from './errors';
import { type EventStore, isCaughtUp, type Position, type SubscriptionItem } from './port';

export interface SuperviseOptions {
  readonly after?: Position;
  readonly signal: AbortSignal;
  /** Hears of every error that is retried, and in how many milliseconds. */
  readonly onError?: (error: unknown, retryIn: number) => void;
  /** Milliseconds: the first delay is at most `base`, each following one at most twice as long, up to `cap`. */
  readonly backoff?: { readonly base?: number; readonly cap?: number };
}

/** More of the same would come back: someone has to look at the store, or at what was asked of it, first. */
const CANNOT_HEAL = [EventTampered, StreamDamaged, NotAnEventLog, InvalidRead, AccessDenied];
const cannotHeal = (error: unknown): boolean => CANNOT_HEAL.some((kind) => error instanceof kind);

/**
 * A subscription that outlives its connection: after an error, or an end that nobody asked for, it resumes behind the
 * last event it yielded, for ever. Guarantees: no event twice, none out of order, none left out that the store gives.
 * It ends when `signal` aborts, and throws what no repetition mends: EventTampered, StreamDamaged, NotAnEventLog,
 * InvalidRead and AccessDenied. Everything else is retried.
 * Caught-up marks come again after every resumption.
 */
export async function* supervise(
  store: Pick<EventStore, 'subscribe'>,
  { after, signal, onError, backoff: { base = 100, cap = 5_000 } = {} }: SuperviseOptions,
): AsyncGenerator<SubscriptionItem, void, undefined> {
  let last = after;
  let failures = 0;
  while (!signal.aborted) {
    let failure: unknown = new StoreUnavailable('the subscription ended');
    try {
      for await (const item of store.subscribe({ after: last, signal })) {
        if (signal.aborted) return;
        failures = 0;
        if (!isCaughtUp(item)) {
          if (last !== undefined && item.position <= last) continue;
          last = item.position;
        }
        yield item;
      }
    } catch (error) {
      if (cannotHeal(error) && !signal.aborted) throw error;
      failure = error;
    }
    if (signal.aborted) return;
    // Full jitter: after an outage not all readers come back at once.
    const delay = Math.random() * Math.min(cap, base * 2 ** failures);
    failures += 1;
    onError?.(failure, delay);
    await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
}
