import type { Seen, Standing } from '@ledger/domain/as-of/view';
import type { FactFields } from '@ledger/domain/fact/fact';
import type { Instant } from '@ledger/domain/time/instant';
import { compareBounds, interval, type Bounds } from '@ledger/domain/time/bounds';
import type { DecodedEvent } from '@ledger/event-store/codec';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import { countOf, type Order, type TimelineFilter } from '@ledger/projections/timeline/query';
import { afterKey, pageFrom, pageOf, pageSize, type PageArgs } from '../common/connection';
import { badArgument } from '../common/ids';
import type { Sight } from '../common/sight';
import { presentEntry, presentInForce, presentKnowledge } from '../fact/present';
import type { ResolvedView } from './view';
import type { TimelineFilterInput } from './types';

const MAX_TEXT = 200;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface TimelineRequest {
  readonly incidentId: string | undefined;
  readonly order: Order;
  readonly filter: TimelineFilter;
  readonly page: PageArgs;
}

export const timelineFilter = (input: TimelineFilterInput | null | undefined): TimelineFilter => {
  if (input == null) return {};
  if ((input.text?.length ?? 0) > MAX_TEXT) throw badArgument('text', `must be at most ${MAX_TEXT} characters`);
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
    recordingLag: () => recordingLag(seen, eventOf(seen.trace.sequence)?.meta.recordedAt as Instant),
  };
};

/** The knowers in force whose knowledge shows the fact; of a transcription correction they are those of its original. */
const knowersOf = (seen: Seen, eventOf: (sequence: number) => DecodedEvent | undefined, sight: Sight) => {
  const known = seen.versions
    .map(({ sequence }) => eventOf(sequence))
    .reduce<FactFields['known']>((sofar, event) => {
      if (event?.readable !== true) return sofar;
      const { known: own, changes } = event.payload as unknown as FactFields & {
        changes?: { known?: FactFields['known'] };
      };
      return changes?.known ?? (sofar.length === 0 ? own : sofar);
    }, []);
  return seen.knownBy.flatMap((index) => {
    const entry = known[index];
    return entry === undefined ? [] : [presentKnowledge(entry, sight)];
  });
};

const recordingLag = ({ inForce }: Seen, recordedAt: Instant) => {
  const first: Bounds = [...inForce.known].sort(compareBounds)[0] ?? { earliest: null, latest: null };
  const { minMs, maxMs } = interval(first, { earliest: recordedAt, latest: recordedAt });
  return {
    minSeconds: minMs === null ? null : minMs / 1000,
    maxSeconds: maxMs === null ? null : maxMs / 1000,
    moreThanOneDay:
      minMs !== null && minMs >= DAY_MS ? 'shown' : maxMs !== null && maxMs <= DAY_MS ? 'refuted' : 'not-shown',
  };
};
