import { actorRef, type Actor } from '../fact/actor';
import { isFactType } from '../fact/kinds';
import type { Aggregate, DomainEvent } from '../decision';

/** What decisions about one incident need: ids and nothing else, so that erasure has nothing to purge here. */
export interface Incident {
  status: 'unopened' | 'open' | 'closed';
  /** Facts on record; an `amendment` is a correction or retraction of another; `retracted` ones no longer stand. */
  readonly facts: Map<string, 'standing' | 'amendment' | 'retracted'>;
  /** What each retraction retracts: one that is retracted itself lets its fact stand again. */
  readonly retractions: Map<string, string>;
  /** Actors about whom a gap is open already, as `role:id`. */
  readonly strangers: Set<string>;
}

const field = (event: DomainEvent, name: string): string => {
  const value = event.payload[name];
  return typeof value === 'string' ? value : '';
};

export const incident: Aggregate<Incident> = {
  initial: () => ({ status: 'unopened', facts: new Map(), retractions: new Map(), strangers: new Set() }),

  evolve(state, event) {
    if (event.type === 'incident-opened') state.status = 'open';
    else if (event.type === 'incident-closed') state.status = 'closed';
    else if (event.type === 'gap-opened') state.strangers.add(actorRef(event.payload['actor'] as Actor));
    else if (isFactType(event.type)) {
      const amends = event.type === 'fact-corrected' || event.type === 'fact-retracted';
      state.facts.set(field(event, 'factId'), amends ? 'amendment' : 'standing');
      if (event.type === 'fact-retracted') retract(state, field(event, 'factId'), field(event, 'retracts'));
    }
    return state;
  },
};

const retract = (state: Incident, retraction: string, target: string): void => {
  state.retractions.set(retraction, target);
  state.facts.set(target, 'retracted');
  const restored = state.retractions.get(target);
  if (restored !== undefined) state.facts.set(restored, 'standing');
};

/** The facts of an incident under privilege lie in a stream of their own, opened by its first fact. */
export const privilegedFacts: Aggregate<Incident> = {
  initial: () => ({ ...incident.initial(), status: 'open' }),
  evolve: (state, event) => incident.evolve(state, event),
};
