import { recordingLag } from '@ledger/domain/as-of/recording-lag';
import type { Seen, Standing } from '@ledger/domain/as-of/view';
import { isActorRef } from '@ledger/domain/fact/actor';
import type { Instant } from '@ledger/domain/time/instant';
import type { DecodedEvent } from '@ledger/event-store/codec';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import { holdsWords } from '@ledger/projections/search/query';
import { countOf, type Order, type TimelineFilter } from '@ledger/projections/timeline/query';
import { afterKey, pageFrom, pageOf, pageSize, type PageArgs } from '../common/connection';
import { badArgument } from '../common/ids';
import type { Sight } from '../common/sight';
import { knownOf, presentEntry, presentInForce, presentKnowledge } from '../fact/present';
import type { ResolvedView } from './view';
import type { TimelineFilterInput } from './types';

const MAX_TEXT = 200;

export interface TimelineRequest {
  readonly incidentId: string | undefined;
  readonly order: Order;
  readonly filter: TimelineFilter;
  readonly page: PageArgs;
}

export const timelineFilter = (input: TimelineFilterInput | null | undefined): TimelineFilter => {
  if (input == null) return {};
  if ((input.text?.length ?? 0) > MAX_TEXT) throw badArgument('text', `must be at most ${MAX_TEXT} characters`);
  if (input.text != null && !holdsWords(input.text)) throw badArgument('text', 'must hold a word');
  if (input.actors?.some((ref) => !isActorRef(ref))) throw badArgument('actors', 'must be role:id each');
  return {
    ...(input.kinds && { kinds: input.kinds }),
    ...(input.actors && { actors: input.actors }),
    ...(input.sources && { sources: input.sources }),
    ...(input.standing && { standing: input.standing as Standing[] }),
    ...(input.certainty && { certainty: input.certainty as Seen['certainty'] }),
    ...(input.text && { text: input.text }),
  };
};

/** One page under a moment. Across all incidents only the order of recording is bounded work. */
export const timelinePage = (views: LedgerViews, view: ResolvedView, sight: Sight, request: TimelineRequest) => {
  const { incidentId, order, filter, page } = request;
  const identity = { list: 'timeline', incidentId, order, filter, requested: view.requested };
  const keyOf = (edge: Edge): number => edge.seen.trace.sequence;
  const edgeOf = (seen: Seen): Edge => ({ seen, ...presentEdge(views, seen, sight) });

  if (incidentId !== undefined) {
    const all = views.timeline.ofIncident(incidentId, view.asOf, order, filter);
    const cut = pageOf(
      all.map((seen) => ({ seen })),
      ({ seen }) => seen.trace.sequence,
      identity,
      page,
    );
    return {
      pageInfo: cut.pageInfo,
      edges: cut.edges.map(({ seen, cursor }) => ({ ...edgeOf(seen), cursor })),
      counts: () => countOf(all),
    };
  }
  if (order !== 'recorded')
    throw badArgument('orderBy', 'needs an incident: across all of them the order is by recording', 'NEEDS_INCIDENT');
  const { size, backwards } = pageSize(page);
  if (backwards) throw badArgument('last', 'needs an incident: across all of them pages go forwards', 'NEEDS_INCIDENT');
  const found: Edge[] = [];
  for (const seen of views.timeline.acrossIncidents(view.asOf, filter, afterKey(identity, page) ?? 0)) {
    found.push(edgeOf(seen));
    if (found.length > size) break;
  }
  return {
    ...pageFrom(found, keyOf, identity, page),
    counts: () => countOf(views.timeline.acrossIncidents(view.asOf, filter)),
  };
};

export type Edge = { readonly seen: Seen } & ReturnType<typeof presentEdge>;

/** What a view shows of an entry. Texts are decrypted when they are selected. */
export const presentEdge = (views: LedgerViews, seen: Seen, sight: Sight) => {
  const decoded = new Map<number, DecodedEvent | undefined>();
  const eventOf = (sequence: number): DecodedEvent | undefined => {
    if (!decoded.has(sequence)) decoded.set(sequence, views.timeline.event(sequence));
    return decoded.get(sequence);
  };
  const nodeOf = (sequence: number | undefined) => () => {
    const event = sequence === undefined ? undefined : eventOf(sequence);
    return event === undefined ? null : presentEntry(sequence as number, event, sight);
  };
  const inForce = () => presentInForce(seen, eventOf, sight);
  return {
    cursor: '',
    node: nodeOf(seen.trace.sequence),
    certainty: seen.certainty,
    standing: seen.standing,
    inForce,
    knownBy: () => knowersOf(seen, eventOf, sight),
    supersededBy: nodeOf(seen.versions.length > 1 ? seen.versions.at(-1)?.sequence : undefined),
    retractedBy: nodeOf(seen.retractedBy?.sequence),
    possiblySupersededBy: nodeOf(seen.possiblySupersededBy?.sequence),
    recordingLag: () => presentLag(seen, eventOf(seen.trace.sequence)?.meta.recordedAt as Instant),
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

const presentLag = ({ inForce }: Seen, recordedAt: Instant) => {
  const { minMs, maxMs, exceeded } = recordingLag(inForce.known, recordedAt);
  return {
    minSeconds: minMs === null ? null : minMs / 1000,
    maxSeconds: maxMs === null ? null : maxMs / 1000,
    moreThanOneDay: exceeded,
  };
};
