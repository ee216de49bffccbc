import {
  attributionOf,
  identityAssumed,
  originOf,
  type Attribution,
  type Origin,
} from '@ledger/domain/as-of/attribution';
import { continuationOf, type Continuation } from '@ledger/domain/as-of/continuing';
import { countFacts, type FactCounts, type SeenInView } from '@ledger/domain/as-of/counts';
import { matches, type FactFilter } from '@ledger/domain/as-of/filter';
import type { IncidentView } from '@ledger/domain/as-of/incident-view';
import { ORDERS, type Order } from '@ledger/domain/as-of/order';
import { recordingLag } from '@ledger/domain/as-of/recording-lag';
import type { KnownSince } from '@ledger/domain/as-of/trace';
import type { Seen, Standing } from '@ledger/domain/as-of/view';
import { isActorRef } from '@ledger/domain/fact/actor';
import type { Instant } from '@ledger/domain/time/instant';
import type { DecodedEvent } from '@ledger/event-store/codec';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import { holdsWords } from '@ledger/projections/search/query';
import { afterKey, pageFrom, pageOf, pageSize, type ListIdentity, type PageArgs } from '../common/connection';
import { badArgument, idArgument, toId } from '../common/ids';
import type { Sight } from '../common/sight';
import { knownOf, presentEntry, presentInForce, presentKnowledge } from '../fact/present';
import { inSeconds } from './objects';
import type { ResolvedView } from './view';
import type { TimelineFilterInput } from './types';

const MAX_TEXT = 200;
export const MAX_ASSERTIONS = 20;

/** The filter as the domain takes it; refuses what could only find nothing. */
export const factFilter = (input: TimelineFilterInput | null | undefined): FactFilter => {
  if (input == null) return {};
  if ((input.text?.length ?? 0) > MAX_TEXT) throw badArgument('text', `must be at most ${MAX_TEXT} characters`);
  if (input.text != null && !holdsWords(input.text)) throw badArgument('text', 'must hold a word');
  for (const field of ['actors', 'involving'] as const)
    if (input[field]?.some((ref) => !isActorRef(ref))) throw badArgument(field, 'must be role:id each');
  const { origins, attributions, standing, certainty, continuations, occurredWithin, partOf, ...plain } = input;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value != null)) as FactFilter;
  return {
    ...given,
    ...(origins && { origins: origins as Origin[] }),
    ...(attributions && { attributions: attributions as Attribution[] }),
    ...(standing && { standing: standing as Standing[] }),
    ...(certainty && { certainty: certainty as Seen['certainty'] }),
    ...(continuations && { continuations: continuations as Continuation[] }),
    ...(occurredWithin && {
      occurredWithin: {
        earliest: (occurredWithin.earliest ?? null) as Instant | null,
        latest: (occurredWithin.latest ?? null) as Instant | null,
      },
    }),
    ...(partOf && { partOf: partOf.map((id) => idArgument('fact', id, 'partOf')) }),
  };
};

/** Whether a fact is among those that the filter takes. */
export const choiceOf = (views: LedgerViews, filter: FactFilter, incidentId?: string) =>
  matches(filter, filter.text === undefined ? undefined : views.search(filter.text, incidentId));

export interface TimelineRequest {
  readonly order: Order;
  readonly filter: FactFilter;
  readonly page: PageArgs;
  /** Which list it is, where it is not the whole timeline. */
  readonly list?: ListIdentity;
  /** Facts to choose from, by id; absent: all. */
  readonly among?: ReadonlySet<string>;
}

/** One page of the facts of one incident under a moment. */
export const timelineOf = (
  views: LedgerViews,
  shown: IncidentView,
  view: ResolvedView,
  sight: Sight,
  { order, filter, page, list, among }: TimelineRequest,
) => {
  const { incidentId } = shown.record;
  const identity = { list: 'timeline', ...list, incidentId, order, filter, requested: view.requested };
  const chosen = choiceOf(views, filter, incidentId);
  const all = shown.seen
    .filter((seen) => (among?.has(seen.trace.factId) ?? true) && chosen(seen, shown))
    .sort(ORDERS[order]);
  const cut = pageOf(
    all.map((seen) => ({ seen })),
    ({ seen }) => seen.trace.sequence,
    identity,
    page,
  );
  return {
    pageInfo: cut.pageInfo,
    edges: cut.edges.map(({ seen, cursor }) => ({ ...presentEdge(views, seen, shown, sight), cursor })),
    ...countsOf(() => all.map((seen) => ({ seen, view: shown }))),
  };
};

/** One page of the facts of all incidents. Only the order of recording is bounded work here. */
export const timelineOfAll = (
  views: LedgerViews,
  view: ResolvedView,
  sight: Sight,
  { order, filter, page }: TimelineRequest,
) => {
  const identity = { list: 'timeline', order, filter, requested: view.requested };
  if (order !== 'recorded')
    throw badArgument('orderBy', 'needs an incident: across all of them the order is by recording', 'NEEDS_INCIDENT');
  const { size, backwards } = pageSize(page);
  if (backwards) throw badArgument('last', 'needs an incident: across all of them pages go forwards', 'NEEDS_INCIDENT');
  const chosen = choiceOf(views, filter);
  const facts = function* (after = 0) {
    for (const fact of views.incidents.facts(view.asOf, after)) if (chosen(fact.seen, fact.view)) yield fact;
  };
  const found: Edge[] = [];
  for (const fact of facts(afterKey(identity, page))) {
    found.push(presentEdge(views, fact.seen, fact.view, sight));
    if (found.length > size) break;
  }
  return { ...pageFrom(found, ({ seen }) => seen.trace.sequence, identity, page), ...countsOf(facts) };
};

/** Counted once, and only where one of the two is selected. */
const countsOf = (facts: () => Iterable<SeenInView>) => {
  let counted: FactCounts | undefined;
  const count = (): FactCounts => (counted ??= countFacts(facts()));
  return { counts: () => count().assertions, things: () => count().things };
};

export type Edge = ReturnType<typeof presentEdge>;

/** What a view shows of an entry. Texts are decrypted when they are selected. */
export const presentEdge = (views: LedgerViews, seen: Seen, shown: IncidentView, sight: Sight) => {
  const decoded = new Map<number, DecodedEvent | undefined>();
  const eventOf = (sequence: number): DecodedEvent | undefined => {
    if (!decoded.has(sequence)) decoded.set(sequence, views.timeline.event(sequence));
    return decoded.get(sequence);
  };
  const nodeOf = (sequence: number | undefined) => () => {
    const event = sequence === undefined ? undefined : eventOf(sequence);
    return event === undefined ? null : presentEntry(sequence as number, event, sight);
  };
  const { trace, inForce } = seen;
  const thing = shown.thingOf.get(trace.factId);
  return {
    seen,
    cursor: '',
    node: nodeOf(trace.sequence),
    certainty: seen.certainty,
    standing: seen.standing,
    inForce: () => presentInForce(seen, eventOf, sight),
    knownBy: () => knowersOf(seen, eventOf, sight),
    supersededBy: nodeOf(seen.versions.length > 1 ? seen.versions.at(-1)?.sequence : undefined),
    retractedBy: nodeOf(seen.retractedBy?.sequence),
    possiblySupersededBy: nodeOf(seen.possiblySupersededBy?.sequence),
    recordingLag: () => presentLag(inForce.known, eventOf(trace.sequence)),
    controllerLag: () => {
      const own = inForce.known.filter(({ by }) => by === shown.record.controller);
      return own.length === 0 ? null : presentLag(own, eventOf(trace.sequence));
    },
    origin: originOf({ via: trace.via, inForce }),
    attribution: () => attributionOf(seen, shown),
    identityAssumed: () => identityAssumed(seen, shown),
    continuation: () => continuationOf(seen, shown) ?? null,
    positions: (shown.positionsOf.get(trace.factId) ?? []).map(({ question, stance }) => ({
      questionId: toId('question', question.record.questionId),
      questionReference: question.record.reference ?? null,
      stance,
    })),
    assertedBefore: nodeOf(thing === trace.factId ? undefined : shown.byFact.get(thing ?? '')?.trace.sequence),
    assertedAlsoBy: () =>
      shown.seen
        .filter((other) => other !== seen && shown.thingOf.get(other.trace.factId) === thing)
        .slice(0, MAX_ASSERTIONS)
        .map((other) => nodeOf(other.trace.sequence)())
        .filter((entry) => entry !== null),
  };
};

/** The knowers in force whose knowledge shows the fact, each with its own certainty. */
const knowersOf = (
  { knownBy, knownFrom }: Seen,
  eventOf: (sequence: number) => DecodedEvent | undefined,
  sight: Sight,
) => {
  const known = knownOf(knownFrom, eventOf);
  return knownBy.flatMap(({ index, certainty }) => {
    const entry = known[index];
    return entry === undefined ? [] : [{ ...presentKnowledge(entry, sight), certainty }];
  });
};

const presentLag = (known: readonly KnownSince[], event: DecodedEvent | undefined) => {
  const { exceeded, ...lag } = recordingLag(known, event?.meta.recordedAt as Instant);
  return { ...inSeconds(lag), moreThanOneDay: exceeded };
};
