import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isActorRef, refParts, type Role } from '@ledger/domain/fact/actor';
import type { Instant } from '@ledger/domain/time/instant';
import type { IncidentRow } from '@ledger/projections/incident-register/query';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { Order } from '@ledger/projections/timeline/query';
import type { RequestContext } from '../common/answer';
import { afterKey, PageArgs, pageFrom, pageOf, pageSize } from '../common/connection';
import { badArgument, fromId, idArgument, toId } from '../common/ids';
import { Node } from '../common/node';
import { PositionTokens } from '../common/position-tokens';
import { protectedText, UNREADABLE } from '../common/protected-text';
import { PositionScalar } from '../common/scalars';
import type { Loaders, Sight } from '../common/sight';
import { presentActor } from '../fact/present';
import { presentEdge, timelineFilter, timelinePage } from './timeline';
import {
  AsOfInput,
  FactHistory,
  GapConnection,
  IncidentConnection,
  IncidentState,
  LedgerView,
  TimelineConnection,
  TimelineFilterInput,
  TimelineOrder,
} from './types';
import { resolveView, type RequestedView, type ResolvedView } from './view';

const MAX_NODES = 100;

/** A view object carries its moment; everything below it takes the moment from there. */
export interface ViewObject {
  readonly view: ResolvedView;
}
interface IncidentObject extends ViewObject {
  readonly row: IncidentRow;
}

export const asOf = (input: AsOfInput | null | undefined): RequestedView => {
  if (input?.recorded != null && input.sequence != null)
    throw badArgument('asOf', 'takes recorded or sequence, not both');
  const by = input?.known?.by;
  if (by != null && !isActorRef(by)) throw badArgument('by', 'must be role:id, such as controller:example-council');
  return {
    recorded: (input?.recorded ?? undefined) as Instant | undefined,
    sequence: input?.sequence == null ? undefined : Number(input.sequence),
    known: input?.known == null ? undefined : { at: input.known.at as Instant, by: input.known.by ?? undefined },
  };
};

export const presentView = (view: ResolvedView) => {
  const known = view.requested.known && { at: view.requested.known.at, by: view.requested.known.by ?? null };
  return {
    view,
    requested: {
      recorded: view.requested.recorded ?? null,
      sequence: view.requested.sequence?.toString() ?? null,
      known: known ?? null,
    },
    resolved: {
      sequence: String(view.asOf.sequence),
      recorded: view.recordedAt ?? null,
      known: known ?? null,
      stale: view.stale,
      flags: view.flags,
    },
  };
};

const sightOf = (view: ResolvedView, loaders: Loaders): Sight => ({ loaders, asOf: view.asOf });

const refActor = (ref: string, sight: Sight) => {
  const { role, id } = refParts(ref);
  return presentActor({ role: role as Role, id }, sight);
};

const presentIncident = (row: IncidentRow, view: ResolvedView, sight: Sight, views: LedgerViews) => ({
  row,
  view,
  incident: { __typename: 'Incident', id: toId('inc', row.incidentId), reference: row.reference },
  title: protectedText(row.opened.readable ? row.opened.payload['title'] : UNREADABLE),
  controller: refActor(row.controller, sight),
  zone: row.zone,
  status: () => views.register.status(row.incidentId, view.asOf.sequence),
  opened: String(row.openedSequence),
});

@Resolver()
export class LedgerResolver {
  constructor(
    private readonly views: LedgerViews,
    private readonly positions: PositionTokens,
  ) {}

  @Query(() => LedgerView, {
    description: 'The ledger as of a moment. Two aliases compare two moments in one request.',
  })
  async ledger(
    @Args('asOf', { type: () => AsOfInput, nullable: true, description: 'The moment. Absent: everything on record.' })
    at: AsOfInput | null,
    @Args('consistentTo', {
      type: () => PositionScalar,
      nullable: true,
      description:
        'Position that a mutation gave: waits for it, at most 3 seconds, and answers `stale: true` when that was not enough.',
    })
    consistentTo: string | null,
  ) {
    return presentView(
      await resolveView(
        this.views,
        asOf(at),
        consistentTo == null ? undefined : this.positions.open(consistentTo, 'consistentTo'),
        new Date(),
      ),
    );
  }

  @Query(() => Node, { nullable: true, description: 'Something immutable by its id; null when it is not there.' })
  node(@Args('id', { type: () => ID, description: 'Its id.' }) id: string, @Context() { loaders }: RequestContext) {
    return this.find(id, loaders);
  }

  @Query(() => [Node], { nullable: 'items', description: `The same for up to ${MAX_NODES} ids, in their order.` })
  nodes(
    @Args('ids', { type: () => [ID], description: 'Their ids.' }) ids: string[],
    @Context() { loaders }: RequestContext,
  ) {
    if (ids.length > MAX_NODES) throw badArgument('ids', `must be at most ${MAX_NODES}`);
    return ids.map((id) => this.find(id, loaders));
  }

  private find(id: string, loaders: Loaders): Promise<object | null> {
    const asOf = { sequence: this.views.head() };
    const fact = fromId('fact', id);
    if (fact !== undefined) return loaders.fact(fact, undefined, asOf);
    return loaders.incident(idArgument('inc', id, 'id'), asOf);
  }
}

@Resolver(() => LedgerView)
export class LedgerViewResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => IncidentState, {
    nullable: true,
    description: 'One incident; null when it was not on record by then.',
  })
  incident(
    @Parent() { view }: ViewObject,
    @Args('id', { type: () => ID, description: 'Its id.' }) id: string,
    @Context() { loaders }: RequestContext,
  ) {
    const row = this.views.register.incident(idArgument('inc', id, 'id'), view.asOf.sequence);
    return row && presentIncident(row, view, sightOf(view, loaders), this.views);
  }

  @ResolveField(() => IncidentConnection, { description: 'All incidents, in order of opening; pages go forwards.' })
  incidents(@Parent() { view }: ViewObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const identity = { list: 'incidents', requested: view.requested };
    const { size } = forwards(page);
    const rows = this.views.register.incidents(view.asOf.sequence, afterKey(identity, page) ?? 0, size + 1);
    const nodes = rows.map((row) => ({
      key: row.openedSequence,
      node: presentIncident(row, view, sightOf(view, loaders), this.views),
    }));
    return pageFrom(nodes, ({ key }) => key, identity, page);
  }

  @ResolveField(() => TimelineConnection, {
    description: 'Entries of all incidents, in order of recording; pages go forwards.',
  })
  timeline(
    @Parent() { view }: ViewObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => TimelineFilterInput, nullable: true, description: 'Which entries.' })
    filter: TimelineFilterInput | null,
    @Args('orderBy', {
      type: () => TimelineOrder,
      nullable: true,
      description: 'Absent: RECORDED, the only order that needs no incident.',
    })
    orderBy: TimelineOrder | null,
    @Context() { loaders }: RequestContext,
  ) {
    return timelinePage(this.views, view, sightOf(view, loaders), {
      incidentId: undefined,
      order: (orderBy?.field ?? 'recorded') as Order,
      filter: timelineFilter(filter),
      page,
    });
  }

  @ResolveField(() => FactHistory, {
    nullable: true,
    description: 'One fact and what amends it; null when it was not on record, or not known, by then.',
  })
  history(
    @Parent() { view }: ViewObject,
    @Args('factId', { type: () => ID, description: 'The fact.' }) factId: string,
    @Context() { loaders }: RequestContext,
  ) {
    const id = idArgument('fact', factId, 'factId');
    const edges = this.views.timeline
      .history(id, view.asOf)
      .map((seen) => ({ seen, ...presentEdge(this.views, seen, sightOf(view, loaders)) }));
    const fact = edges.find(({ seen }) => seen.trace.factId === id);
    return fact && { fact, amendments: edges.filter((edge) => edge !== fact) };
  }
}

@Resolver(() => IncidentState)
export class IncidentStateResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => TimelineConnection, { description: 'Its entries.' })
  timeline(
    @Parent() { view, row }: IncidentObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => TimelineFilterInput, nullable: true, description: 'Which entries.' })
    filter: TimelineFilterInput | null,
    @Args('orderBy', { type: () => TimelineOrder, nullable: true, description: 'Absent: OCCURRED.' })
    orderBy: TimelineOrder | null,
    @Context() { loaders }: RequestContext,
  ) {
    return timelinePage(this.views, view, sightOf(view, loaders), {
      incidentId: row.incidentId,
      order: (orderBy?.field ?? 'occurred') as Order,
      filter: timelineFilter(filter),
      page,
    });
  }

  @ResolveField(() => GapConnection, { description: 'What its record lacks.' })
  gaps(@Parent() { view, row }: IncidentObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const sight = sightOf(view, loaders);
    // A gap shows where the entry does at which it shows: nobody knew of it before.
    const seen = new Set(
      this.views.timeline.ofIncident(row.incidentId, view.asOf, 'recorded', {}).map(({ trace }) => trace.factId),
    );
    const shown = this.views.gaps(row.incidentId, view.asOf.sequence).filter(({ about }) => seen.has(about));
    const nodes = shown.map((gap) => ({
      key: gap.sequence,
      node: {
        __typename: 'Gap',
        id: toId('gap', gap.gapId),
        topic: gap.topic,
        about: () => loaders.fact(gap.about, row.incidentId, view.asOf),
        actor: refActor(gap.actor, sight),
        sequence: String(gap.sequence),
      },
    }));
    const identity = { list: 'gaps', incidentId: row.incidentId, requested: view.requested };
    return pageOf(nodes, ({ key }) => key, identity, page);
  }
}

const forwards = (page: PageArgs): { size: number } => {
  const { size, backwards } = pageSize(page);
  if (backwards) throw badArgument('last', 'is not offered here: pages go forwards');
  return { size };
};
