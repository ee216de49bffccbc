import { actorRef, type Actor } from '../fact/actor';
import type { FactFields } from '../fact/fact';
import { reject, type Decision, type DomainEvent } from '../decision';
import type { Incident } from './state';

/** A fact of any kind, checked against its schema, as its command carries it. */
export interface FactDraft {
  readonly type: string;
  readonly payload: FactFields & Readonly<Record<string, unknown>>;
}

/** Particulars that a decision takes from outside the incident's own stream. */
export interface Circumstances {
  /** Id for a gap, should one open. */
  readonly gapId: string;
  /** Whether the acting party is registered. */
  readonly actorRegistered: boolean;
}

export const openIncident = (payload: OpenIncident, state: Incident): Decision =>
  state.status === 'unopened' ? [{ type: 'incident-opened', payload }] : reject('incident-exists', 'incidentId');

export interface OpenIncident extends Record<string, unknown> {
  readonly incidentId: string;
  readonly reference: string;
  readonly title: string;
  readonly controller: Actor;
  readonly zone: string;
}

export interface CloseIncident extends Record<string, unknown> {
  readonly incidentId: string;
  readonly reason: string;
}

export const closeIncident = (payload: CloseIncident, state: Incident): Decision =>
  state.status === 'unopened'
    ? reject('incident-not-found', 'incidentId')
    : state.status === 'closed'
      ? []
      : [{ type: 'incident-closed', payload }];

/**
 * Record first, reconcile later: what is well-formed is accepted, whatever it contradicts. A closed incident still takes
 * facts, and a fact may point at one that is not here yet.
 */
export const recordFact = (fact: FactDraft, state: Incident, around: Circumstances): Decision =>
  state.status === 'unopened'
    ? reject('incident-not-found', 'incidentId')
    : state.facts.has(fact.payload.factId)
      ? reject('fact-exists', 'factId')
      : (aimAt(fact, state) ?? [fact, ...gapIfUnknown(fact, state, around)]);

/** A correction or retraction needs a fact that stands. */
const aimAt = (fact: FactDraft, state: Incident): Decision | undefined => {
  const field = fact.type === 'fact-corrected' ? 'corrects' : fact.type === 'fact-retracted' ? 'retracts' : undefined;
  if (field === undefined) return undefined;
  const target = state.facts.get(String(fact.payload[field]));
  if (target === undefined) return reject('fact-not-found', field);
  if (target.amendment && fact.type === 'fact-corrected') return reject('not-correctable', field);
  if (target.retractions > 0) return fact.type === 'fact-retracted' ? [] : reject('fact-retracted', field);
  return undefined;
};

const PROCESSORS: ReadonlySet<string> = new Set(['processor', 'sub-processor', 'organisation']);

/** A receipt is evidence even from a stranger; who the stranger is becomes an open question on the record. */
const gapIfUnknown = (fact: FactDraft, state: Incident, around: Circumstances): DomainEvent[] =>
  fact.type !== 'processor-notification-received' ||
  !PROCESSORS.has(fact.payload.actor.role) ||
  around.actorRegistered ||
  state.strangers.has(actorRef(fact.payload.actor))
    ? []
    : [
        {
          type: 'gap-opened',
          payload: {
            incidentId: fact.payload.incidentId,
            gapId: around.gapId,
            about: fact.payload.factId,
            topic: 'unregistered-processor',
            actor: { role: fact.payload.actor.role, id: fact.payload.actor.id },
          },
        },
      ];

/** `own`: the keys that protect something in this incident; those of others are not its to destroy. */
export const orderErasure = (
  payload: { incidentId: string; kids: readonly string[]; ground: string },
  state: Incident,
  own: ReadonlySet<string>,
): Decision =>
  state.status === 'unopened'
    ? reject('incident-not-found', 'incidentId')
    : payload.kids.every((kid) => own.has(kid))
      ? [{ type: 'erasure-ordered', payload }]
      : reject('key-not-found', 'kids');

export const confirmDestruction = (payload: { incidentId: string; kids: readonly string[] }): Decision => [
  { type: 'keys-destroyed', payload },
];
