import { compareBounds } from '../time/bounds';
import { firstToKnow } from './recording-lag';
import { knowersShown, type Seen } from './view';

/** The clock by which facts are put in order. */
export type Order = 'occurred' | 'known' | 'recorded';

const bySequence = (a: Seen, b: Seen): number => a.trace.sequence - b.trace.sequence;

/** Total; by knowledge, those whose knowledge shows the fact count. Open start first, then earliest, open end last, latest, sequence. */
export const ORDERS: Readonly<Record<Order, (a: Seen, b: Seen) => number>> = {
  occurred: (a, b) => compareBounds(a.inForce.occurred, b.inForce.occurred) || bySequence(a, b),
  known: (a, b) => compareBounds(firstToKnow(knowersShown(a)), firstToKnow(knowersShown(b))) || bySequence(a, b),
  recorded: bySequence,
};
