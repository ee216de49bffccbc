import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Order } from '@ledger/domain/as-of/order';
import type { Seen } from '@ledger/domain/as-of/view';
import { isActorRef } from '@ledger/domain/fact/actor';
import type { Instant } from '@ledger/domain/time/instant';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { afterKey, forwards, PageArgs, pageFrom } from '../common/connection';
import { badArgument, fromId, idArgument } from '../common/ids';
import { Node } from '../common/node';
import { PositionTokens } from '../common/position-tokens';
import { PositionScalar } from '../common/scalars';
import type { Loaders } from '../common/sight';
import { presentState, sightOf, type IncidentObject, type ViewObject } from './objects';
import { factFilter, presentEdge, timelineOf, timelineOfAll } from './timeline';
import {
  AsOfInput,
  FactHistory,
  IncidentConnection,
  IncidentFilterInput,
  IncidentState,
  LedgerView,
  TimelineConnection,
  TimelineArgs,
} from './types';
import { resolveView, type RequestedView, type ResolvedView } from './view';

const MAX_NODES = 100;

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
    @Context() { now }: RequestContext,
  ) {
    return presentView(
      await resolveView(
        this.views,
        asOf(at),
        consistentTo == null ? undefined : this.positions.open(consistentTo, 'consistentTo'),
        now(),
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
    const shown = this.views.incidents.at(idArgument('inc', id, 'id'), view.asOf);
    return shown.record.sequence === 0 ? null : presentState(shown, view, sightOf(view, loaders), this.views);
  }

  @ResolveField(() => IncidentConnection, { description: 'Incidents, in order of opening; pages go forwards.' })
  incidents(
    @Parent() { view }: ViewObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => IncidentFilterInput, nullable: true, description: 'Which incidents.' })
    filter: IncidentFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const identity = { list: 'incidents', filter, requested: view.requested };
    const { size } = forwards(page);
    const found: { key: number; node: ReturnType<typeof presentState> }[] = [];
    for (const shown of this.views.incidents.all(view.asOf, afterKey(identity, page))) {
      const { status, controller, reference, sequence } = shown.record;
      if (!(filter?.statuses?.includes(status) ?? true)) continue;
      if (!(filter?.controllers?.includes(controller) ?? true)) continue;
      if (!(filter?.references?.includes(reference) ?? true)) continue;
      found.push({ key: sequence, node: presentState(shown, view, sightOf(view, loaders), this.views) });
      if (found.length > size) break;
    }
    return pageFrom(found, ({ key }) => key, identity, page);
  }

  @ResolveField(() => TimelineConnection, {
    description: 'Entries of all incidents, in order of recording; pages go forwards.',
  })
  timeline(
    @Parent() { view }: ViewObject,
    @Args() { filter, orderBy, ...page }: TimelineArgs,
    @Context() { loaders }: RequestContext,
  ) {
    return timelineOfAll(this.views, view, sightOf(view, loaders), {
      order: (orderBy?.field ?? 'recorded') as Order,
      filter: factFilter(filter),
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
    const found = this.views.incidents.fact(id, view.asOf);
    if (found === undefined) return null;
    const edge = (seen: Seen) => presentEdge(this.views, seen, found.view, sightOf(view, loaders));
    return { fact: edge(found.seen), amendments: this.views.incidents.amendments(id, found.view).map(edge) };
  }
}

@Resolver(() => IncidentState)
export class IncidentStateResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => TimelineConnection, { description: 'Its entries.' })
  timeline(
    @Parent() { view, shown }: IncidentObject,
    @Args() { filter, orderBy, ...page }: TimelineArgs,
    @Context() { loaders }: RequestContext,
  ) {
    return timelineOf(this.views, shown, view, sightOf(view, loaders), {
      order: (orderBy?.field ?? 'occurred') as Order,
      filter: factFilter(filter),
      page,
    });
  }
}
