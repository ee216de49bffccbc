import { WrongExpectedRevision } from '@ledger/event-store/errors';
import type { EventStore, NewEvent, Position } from '@ledger/event-store/port';
import { now } from './activity';

/** What came of one append. */
export interface Append {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly outcome: 'written' | 'conflict' | 'failed';
  /** Of the last event, when it was written. */
  readonly position: Position | undefined;
  /** See `now`. */
  readonly from: number;
  readonly to: number;
}

/** The same store; each append is told when it is over. */
export const observedStore = (store: EventStore, told: (append: Append) => void): EventStore => ({
  async append(stream, expected, events) {
    const from = now();
    const tell = (outcome: Append['outcome'], position?: Position): void =>
      told({ stream, events, outcome, position, from, to: now() });
    try {
      const result = await store.append(stream, expected, events);
      tell('written', result.position);
      return result;
    } catch (error) {
      tell(error instanceof WrongExpectedRevision ? 'conflict' : 'failed');
      throw error;
    }
  },
  readStream: (stream, options) => store.readStream(stream, options),
  readAll: (options) => store.readAll(options),
  subscribe: (options) => store.subscribe(options),
  close: () => store.close(),
});
