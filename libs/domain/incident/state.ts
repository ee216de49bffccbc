import { actorRef, type Actor } from '../fact/actor';
import { isFactType } from '../fact/kinds';
import type { Aggregate, DomainEvent } from '../decision';

/** What decisions about one incident need: ids and nothing else, so that erasure has nothing to purge here. */
export interface Incident {
  status: 'unopened' | 'open' | 'closed';
  readonly facts: Map<string, FactOnRecord>;
  /** Actors who are on no register and about whom a gap is open already, as `role:id`. */
  readonly unregistered: Set<string>;
  readonly gaps: Map<string, 'open' | 'closed'>;
  /** Of each contested question: the facts that take a stance on it. */
  readonly questions: Map<string, Set<string>>;
  /** Links between incidents and between facts, so that one is not made twice. */
  readonly links: Set<string>;
}

export interface FactOnRecord {
  /** A correction or retraction of another fact. */
  readonly amendment: boolean;
  /** Of a retraction: the earlier fact that it retracts. */
  readonly retracts: string | undefined;
  /** How many retractions of it count, of several each; with none it stands. One that is retracted itself counts no longer. */
  retractions: number;
}

const field = (event: DomainEvent, name: string): string => {
  const value = event.payload[name];
  return typeof value === 'string' ? value : '';
};

export const incident: Aggregate<Incident> = {
  initial: () => ({
    status: 'unopened',
    facts: new Map(),
    unregistered: new Set(),
    gaps: new Map(),
    questions: new Map(),
    links: new Set(),
  }),

  evolve(state, event) {
    switch (event.type) {
      case 'incident-opened':
      case 'incident-reopened':
        state.status = 'open';
        break;
      case 'incident-closed':
        state.status = 'closed';
        break;
      case 'gap-opened': {
        const actor = event.payload['actor'] as Actor | null | undefined;
        if (event.payload['topic'] === 'unregistered-processor' && actor != null)
          state.unregistered.add(actorRef(actor));
        state.gaps.set(field(event, 'gapId'), 'open');
        break;
      }
      case 'gap-closed':
        state.gaps.set(field(event, 'gapId'), 'closed');
        break;
      case 'contested-question-named':
        state.questions.set(field(event, 'questionId'), new Set());
        break;
      case 'stance-attributed':
        state.questions.get(field(event, 'questionId'))?.add(field(event, 'factId'));
        break;
      case 'stance-withdrawn':
        state.questions.get(field(event, 'questionId'))?.delete(field(event, 'factId'));
        break;
      case 'incident-linked':
      case 'duplicate-linked':
        state.links.add(linkOf(event));
        break;
      default:
        if (isFactType(event.type)) record(state, event);
    }
    return state;
  },
};

/** What a link joins, so that the same one is recognised. */
export const linkOf = (event: DomainEvent): string =>
  event.type === 'incident-linked'
    ? `${field(event, 'relation')} ${field(event, 'otherIncidentId')}`
    : [field(event, 'factId'), field(event, 'sameThingAs')].sort().join(' ');

const record = (state: Incident, event: DomainEvent): void => {
  const factId = field(event, 'factId');
  if (state.facts.has(factId)) return;
  const target = event.type === 'fact-retracted' ? field(event, 'retracts') : undefined;
  const retracts = target !== undefined && state.facts.has(target) ? target : undefined;
  const amendment = event.type === 'fact-corrected' || event.type === 'fact-retracted';
  state.facts.set(factId, { amendment, retracts, retractions: 0 });
  if (retracts !== undefined) count(state, retracts);
};

/** One more retraction of `target` counts. One that thereby stops or starts to count itself passes that on to its own target. */
const count = (state: Incident, target: string): void => {
  let change = 1;
  for (let next: string | undefined = target; next !== undefined;) {
    const fact = state.facts.get(next);
    if (fact === undefined) return;
    const stood = fact.retractions === 0;
    fact.retractions += change;
    const stands = fact.retractions === 0;
    if (stood === stands) return;
    change = stands ? 1 : -1;
    next = fact.retracts; // always an earlier one, so this ends
  }
};

/** The facts of an incident under privilege lie in a stream of their own, opened by its first fact. */
export const privilegedFacts: Aggregate<Incident> = {
  initial: () => ({ ...incident.initial(), status: 'open' }),
  evolve: (state, event) => incident.evolve(state, event),
};
