import { Args, Context, Field, ID, InputType, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { IncidentView } from '@ledger/domain/as-of/incident-view';
import { processorsIn } from '@ledger/domain/as-of/processors';
import type { Order } from '@ledger/domain/as-of/order';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { connectionOf, PageArgs, pageOf } from '../common/connection';
import type { Sight } from '../common/sight';
import { Actor } from '../fact/types';
import { presentState, refActor, sightOf, type IncidentObject, type ViewObject } from '../ledger/objects';
import { factFilter, presentEdge, timelineOf } from '../ledger/timeline';
import { IncidentState, LedgerView, TimelineConnection, TimelineEdge, TimelineArgs } from '../ledger/types';
import type { ResolvedView } from '../ledger/view';
import { Party, presentParty } from './register';

@ObjectType({ description: 'The part that a processor has in one incident.' })
export class ProcessorIncident {
  @Field(() => IncidentState, { description: 'The incident.' })
  incident: IncidentState;
  @Field({ description: 'Whether a fact says that this incident itself happened at this processor.' })
  happenedHere: boolean;
  @Field(() => Int, {
    description: 'Earlier incidents of this processor that facts of this one speak of: things, not assertions.',
  })
  priorIncidents: number;
  @Field(() => [TimelineEdge], { description: 'Facts that say who it is, where it was not named at first.' })
  identifiedBy: TimelineEdge[];
}

@ObjectType({
  description: 'A processor, under the id by which facts name it. Nothing is merged: an unnamed one stays one.',
})
export class Processor {
  @Field(() => Actor, { description: 'As facts name it.' })
  actor: Actor;
  @Field(() => Party, {
    nullable: true,
    description: 'Its entry on the register; null when there is none under this id.',
  })
  party: Party | null;
  @Field(() => Int, { description: 'Incidents on record that happened at it.' })
  incidentsOnRecord: number;
  @Field(() => Int, { description: 'Earlier incidents of it that facts speak of: things, not assertions.' })
  priorIncidents: number;
}

export const ProcessorConnection = connectionOf(
  Processor,
  'Processor',
  'processors that facts name, in order of first mention',
);

@InputType({ description: 'Which processors, and in whose incidents.' })
export class ProcessorFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Incidents of these controllers, as `role:id`.' })
  controllers?: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Processors, as `role:id`.' })
  processors?: string[] | null;
}

const ProcessorIncidentConnection = connectionOf(
  ProcessorIncident,
  'ProcessorIncident',
  'incidents in which a processor has a part, in order of opening',
);

interface ProcessorObject extends ViewObject {
  readonly processor: string;
  readonly parts: readonly ProcessorIncidentObject[];
}

interface ProcessorIncidentObject extends IncidentObject {
  readonly processor: string;
}

@Resolver(() => ProcessorIncident)
export class ProcessorIncidentResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => TimelineConnection, { description: 'Facts in which it acts, passes on or is named.' })
  facts(
    @Parent() { view, shown, processor }: ProcessorIncidentObject,
    @Args() { filter, orderBy, ...page }: TimelineArgs,
    @Context() { loaders }: RequestContext,
  ) {
    return timelineOf(this.views, shown, view, sightOf(view, loaders), {
      order: (orderBy?.field ?? 'occurred') as Order,
      filter: { ...factFilter(filter), involving: [processor] },
      page,
      list: { list: 'processor', processor },
    });
  }
}

@Resolver(() => Processor)
export class ProcessorResolver {
  @ResolveField(() => ProcessorIncidentConnection, { description: 'Its part in each incident.' })
  incidents(@Parent() { view, processor, parts }: ProcessorObject, @Args() page: PageArgs) {
    const identity = { list: 'processor-incidents', processor, requested: view.requested };
    const nodes = parts.map((node) => ({ key: node.shown.record.sequence, node }));
    return pageOf(nodes, ({ key }) => key, identity, page);
  }
}

@Resolver(() => IncidentState)
export class IncidentProcessorsResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => ProcessorConnection, { description: 'Processors that its facts name.' })
  processors(
    @Parent() { view, shown }: IncidentObject,
    @Args() page: PageArgs,
    @Context() { loaders }: RequestContext,
  ) {
    const identity = { list: 'processors', incidentId: shown.record.incidentId, requested: view.requested };
    const nodes = presentProcessors(this.views, [shown], null, view, sightOf(view, loaders));
    return pageOf(nodes, ({ key }) => key, identity, page);
  }
}

@Resolver(() => LedgerView)
export class LedgerProcessorsResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => ProcessorConnection, { description: 'Processors, and their incidents, over the whole ledger.' })
  processors(
    @Parent() { view }: ViewObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => ProcessorFilterInput, nullable: true, description: 'Which, and in whose incidents.' })
    filter: ProcessorFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const identity = { list: 'processors', filter, requested: view.requested };
    const all = this.views.incidents.all(view.asOf);
    const nodes = presentProcessors(this.views, all, filter, view, sightOf(view, loaders));
    return pageOf(nodes, ({ key }) => key, identity, page);
  }
}

const presentProcessors = (
  views: LedgerViews,
  incidents: Iterable<IncidentView>,
  filter: ProcessorFilterInput | null,
  view: ResolvedView,
  sight: Sight,
) => {
  const parts = [...incidents]
    .filter(({ record }) => filter?.controllers?.includes(record.controller) ?? true)
    .flatMap((shown) => processorsIn(shown).map((part) => ({ ...part, shown })))
    .filter(({ processor }) => filter?.processors?.includes(processor) ?? true);
  const byProcessor = [...Map.groupBy(parts, ({ processor }) => processor)].sort(
    ([, a], [, b]) => firstOf(a) - firstOf(b),
  );
  return byProcessor.map(([processor, of], key) => ({
    key,
    node: {
      actor: refActor(processor, sight),
      party: () => {
        const party = views.parties.party(processor.replace(/^[^:]*:/, ''), view.asOf.sequence);
        return party === undefined ? null : presentParty(views, party, sight);
      },
      incidentsOnRecord: of.filter(({ happenedHere }) => happenedHere).length,
      priorIncidents: of.reduce((sum, { priorIncidents }) => sum + priorIncidents, 0),
      view,
      processor,
      parts: of.map(({ shown, happenedHere, priorIncidents, identifiedBy }) => ({
        view,
        shown,
        processor,
        incident: presentState(shown, view, sight, views),
        happenedHere,
        priorIncidents,
        identifiedBy: identifiedBy.map((seen) => presentEdge(views, seen, shown, sight)),
      })),
    },
  }));
};

const firstOf = (parts: readonly { readonly firstMention: number }[]): number =>
  Math.min(...parts.map(({ firstMention }) => firstMention));
