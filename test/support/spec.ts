import { deepStrictEqual } from 'node:assert';
import {
  isRejection,
  type Aggregate,
  type Decision,
  type DomainEvent,
  type RejectionCode,
} from '@ledger/domain/decision';

/** What may follow from what was asked. Each fails by throwing, so no test framework is needed. */
export interface Verdict {
  /** Exactly these events, in this order. */
  then(...events: readonly DomainEvent[]): void;
  /** The goal held already. */
  thenNothing(): void;
  /** A refusal by this code and, where given, of this field of the input. */
  thenRejected(code: RejectionCode, ...path: readonly (string | number)[]): void;
}

export interface Past<State> {
  when(decide: (state: State) => Decision): Verdict;
}

/**
 * Examples of one decider: `given(...what happened).when(what is asked).then(...what follows)`.
 * `const given = examplesOf(incident)` says once which state the past is folded into.
 */
export const examplesOf =
  <State>(aggregate: Aggregate<State>) =>
  (...past: readonly DomainEvent[]): Past<State> => ({
    when(decide) {
      const decision = decide(past.reduce((state, event) => aggregate.evolve(state, event), aggregate.initial()));
      return {
        then: (...events) => deepStrictEqual(decision, events),
        thenNothing: () => deepStrictEqual(decision, []),
        thenRejected: (code, ...path) => {
          if (!isRejection(decision)) return deepStrictEqual(decision, { rejected: true, code, path });
          deepStrictEqual([decision.code, path.length === 0 ? [] : decision.path], [code, path]);
        },
      };
    },
  });
