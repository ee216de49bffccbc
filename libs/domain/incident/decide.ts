import { actorRef, type Actor } from '../fact/actor';
import type { FactDraft } from '../fact/fact-draft';
import { reject, type Decision, type DomainEvent, type Rejection } from '../decision';
import { linkOf, type FactOnRecord, type Incident } from './state';

/** Particulars that a decision takes from outside the incident's own stream. */
export interface Circumstances {
  /** Id for a gap, should one open. */
  readonly gapId: string;
  /** Whether the acting party is registered; of a notice of a processor only. */
  readonly actorRegistered: boolean;
  /** Of a decision under privilege: what the open record of the incident holds. */
  readonly openFacts?: ReadonlyMap<string, FactOnRecord>;
}

/**
 * What is done to the record itself. Record first here too: a gap, a question or a link may name a fact that is not here
 * yet; what is refused is what would leave open which gap or question is meant.
 */
export const decideOnIncident = (asked: DomainEvent, state: Incident): Decision => {
  const named = (field: string): string => String(asked.payload[field]);
  const gap = state.gaps.get(named('gapId'));
  const stances = state.questions.get(named('questionId'));
  if (asked.type === 'incident-opened')
    return state.status === 'unopened' ? [asked] : reject('incident-exists', 'incidentId');
  if (state.status === 'unopened') return reject('incident-not-found', 'incidentId');
  switch (asked.type) {
    case 'incident-closed':
      return state.status === 'closed' ? [] : [asked];
    case 'incident-reopened':
      return state.status === 'open' ? [] : [asked];
    case 'incident-linked':
      return named('otherIncidentId') === named('incidentId')
        ? reject('same-thing', 'otherIncidentId')
        : linkedOnce(asked, state);
    case 'duplicate-linked':
      return named('sameThingAs') === named('factId') ? reject('same-thing', 'sameThingAs') : linkedOnce(asked, state);
    case 'gap-opened':
      if (isOpenedByLedger(asked) && state.unregistered.has(actorRef(asked.payload['actor'] as Actor))) return [];
      return gap === undefined ? [asked] : reject('gap-exists', 'gapId');
    case 'gap-assigned':
      return gap === 'open' ? [asked] : reject(gap === undefined ? 'gap-not-found' : 'gap-closed', 'gapId');
    case 'gap-closed':
      return gap === undefined ? reject('gap-not-found', 'gapId') : gap === 'closed' ? [] : [asked];
    case 'contested-question-named':
      return stances === undefined ? [asked] : reject('contested-question-exists', 'questionId');
    case 'stance-attributed':
    case 'stance-withdrawn':
    case 'contested-question-settled':
      if (stances === undefined) return reject('contested-question-not-found', 'questionId');
      if (asked.type === 'stance-withdrawn' && !stances.has(named('factId')))
        return reject('stance-not-found', 'factId');
  }
  return [asked];
};

const isOpenedByLedger = ({ payload }: DomainEvent): boolean =>
  payload['topic'] === 'unregistered-processor' && payload['actor'] !== undefined;

const linkedOnce = (link: DomainEvent, state: Incident): Decision => (state.links.has(linkOf(link)) ? [] : [link]);

/**
 * Record first, reconcile later: what is well-formed is accepted, whatever it contradicts. A closed incident still takes
 * facts, a fact may point at one that is not here yet, and every retraction counts: each has knowers and reasons of its own.
 */
export const recordFact = (fact: FactDraft, state: Incident, around: Circumstances): Decision =>
  state.status === 'unopened'
    ? reject('incident-not-found', 'incidentId')
    : onRecord(fact.payload.factId, state, around) !== undefined
      ? reject('fact-exists', 'factId')
      : (targetFault(fact, state, around) ?? [fact, ...gapIfUnknown(fact, state, around)]);

const onRecord = (factId: string, state: Incident, { openFacts }: Circumstances): FactOnRecord | undefined =>
  state.facts.get(factId) ?? openFacts?.get(factId);

/** What is wrong with the fact that this one amends: a retraction needs one on record, a correction one that stands. */
const targetFault = (fact: FactDraft, state: Incident, around: Circumstances): Rejection | undefined => {
  const field = fact.type === 'fact-corrected' ? 'corrects' : fact.type === 'fact-retracted' ? 'retracts' : undefined;
  if (field === undefined) return undefined;
  const target = onRecord(String(fact.payload[field]), state, around);
  if (target === undefined) return reject('fact-not-found', field);
  if (field === 'retracts') return undefined;
  if (target.amendment) return reject('not-correctable', field);
  return target.retractions > 0 ? reject('fact-retracted', field) : undefined;
};

const PROCESSORS: ReadonlySet<string> = new Set(['processor', 'sub-processor', 'organisation']);

/** The one kind of fact for which it matters whether its actor is registered. */
export const isNoticeOfProcessor = ({ type, payload }: FactDraft): boolean =>
  type === 'processor-notification-received' && PROCESSORS.has(payload.actor.role);

/** A receipt is evidence even from a stranger; who the stranger is becomes an open question on the record. */
const gapIfUnknown = (fact: FactDraft, state: Incident, around: Circumstances): DomainEvent[] =>
  !isNoticeOfProcessor(fact) || around.actorRegistered || state.unregistered.has(actorRef(fact.payload.actor))
    ? []
    : [
        {
          type: 'gap-opened',
          payload: {
            incidentId: fact.payload.incidentId,
            gapId: around.gapId,
            about: [fact.payload.factId],
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

export const confirmDestruction = (payload: {
  incidentId: string;
  kids: readonly string[];
}): readonly [DomainEvent] => [{ type: 'keys-destroyed', payload }];
