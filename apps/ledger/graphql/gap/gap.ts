import { Args, Context, Field, ID, InputType, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GapSeen, IncidentView } from '@ledger/domain/as-of/incident-view';
import { GapTopic } from '@ledger/domain/incident/acts';
import type { WhenRecord } from '@ledger/domain/fact/times';
import type { Instant } from '@ledger/domain/time/instant';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { connectionOver, PageArgs, pageOf } from '../common/connection';
import { enumType } from '../common/enums';
import { badArgument, idArgument, toId } from '../common/ids';
import { presentIncident } from '../common/loaders';
import { ProtectedText } from '../common/protected-text';
import { SequenceScalar } from '../common/scalars';
import type { Sight } from '../common/sight';
import { presentWhen } from '../fact/present';
import { Actor, DurationRange, enumOf, Incident, TimelineEntry, When } from '../fact/types';
import {
  actText,
  isOlderThan,
  presentAge,
  refActor,
  sightOf,
  type IncidentObject,
  type ViewObject,
} from '../ledger/objects';
import { CertaintyEnum, IncidentState, LedgerView } from '../ledger/types';
import type { ResolvedView } from '../ledger/view';

const GapTopicEnum = enumOf(GapTopic);

@ObjectType({
  description: 'Something that the record lacks and should hold: a record of its own, not a blank.',
})
export class Gap {
  @Field(() => ID, { description: 'Its id, as inputs take it.' })
  localId: string;
  @Field(() => String, { nullable: true, description: "The recorder's own number for it; null: none." })
  reference: string | null;
  @Field(() => GapTopicEnum, { description: 'What is missing.' })
  topic: string;
  @Field(() => ProtectedText, {
    nullable: true,
    description: 'What is missing, in words; null of a gap that the ledger opened by itself.',
  })
  missing: ProtectedText | null;
  @Field(() => [TimelineEntry], { description: 'The entries at which it shows, as far as the view shows them.' })
  about: TimelineEntry[];
  @Field(() => Actor, { nullable: true, description: 'Whom it concerns; null: nobody in particular.' })
  actor: Actor | null;
  @Field(() => Incident, { description: 'The incident.' })
  incident: Incident;
  @Field(() => SequenceScalar, { description: 'Ordinal of the event that opened it.' })
  sequence: string;
}

const GapStateEnum = enumType({
  name: 'GapState',
  description: 'Whether the record still lacks it.',
  values: {
    open: 'It does.',
    closed: 'It was closed.',
    covered: 'The ledger opened it by itself, and somebody has opened one that asks the same.',
  },
});

@ObjectType({ description: 'A gap in a view. What depends on the view is here, not on the gap.' })
export class GapEdge {
  @Field({ description: 'Where it stands in the list.' })
  cursor: string;
  @Field(() => Gap, { description: 'The gap, as opened.' })
  node: Gap;
  @Field(() => CertaintyEnum, { description: 'Whether the record showed it by the moment.' })
  certainty: string;
  @Field(() => GapStateEnum, { description: 'Whether the record still lacks it.' })
  state: string;
  @Field(() => [String], { description: 'Who is to close it, by what is on record in this view; empty: nobody yet.' })
  owners: string[];
  @Field(() => When, { nullable: true, description: 'By when; null: not said.' })
  due: When | null;
  @Field(() => DurationRange, {
    description:
      'How long the record has shown it: at the moment of the view; of a closed one, until its closing was recorded.',
  })
  age: DurationRange;
  @Field(() => Gap, { nullable: true, description: 'Of a covered one: the gap that asks the same.' })
  coveredBy: Gap | null;
  @Field(() => [TimelineEntry], { description: 'Of a closed one: the facts that close it.' })
  answeredBy: TimelineEntry[];
  @Field(() => ProtectedText, { nullable: true, description: 'Of a closed one: why it was closed.' })
  reason: ProtectedText | null;
}
export const GapConnection = connectionOver(GapEdge, 'Gap', 'gaps, in order of recording');

@InputType({ description: 'Which gaps; conditions on different fields all hold, values of one are alternatives.' })
export class GapFilterInput {
  @Field(() => [GapStateEnum], { nullable: true, description: 'Whether the record still lacks it.' })
  states?: string[] | null;
  @Field(() => [GapTopicEnum], { nullable: true, description: 'What is missing.' })
  topics?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Who is to close it.' })
  owners?: string[] | null;
  @Field(() => [String], { nullable: true, description: "The recorder's own numbers." })
  references?: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Facts at which it shows.' })
  about?: string[] | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Certainly shown for more than so many days, at the moment of the view.',
  })
  olderThanDays?: number | null;
}

@Resolver(() => IncidentState)
export class IncidentGapsResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => GapConnection, { description: 'What its record lacks.' })
  gaps(
    @Parent() { view, shown }: IncidentObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => GapFilterInput, nullable: true, description: 'Which gaps.' })
    filter: GapFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const identity = { list: 'gaps', incidentId: shown.record.incidentId, filter, requested: view.requested };
    return pageOf(gapEdges(this.views, [shown], filter, view, sightOf(view, loaders)), keyOf, identity, page);
  }
}

@Resolver(() => LedgerView)
export class LedgerGapsResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => GapConnection, { description: 'What the records of all incidents lack.' })
  gaps(
    @Parent() { view }: ViewObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => GapFilterInput, nullable: true, description: 'Which gaps.' })
    filter: GapFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const identity = { list: 'gaps', filter, requested: view.requested };
    const edges = gapEdges(this.views, this.views.incidents.all(view.asOf), filter, view, sightOf(view, loaders));
    return pageOf(edges, keyOf, identity, page);
  }
}

const keyOf = ({ sequence }: { readonly sequence: number }): number => sequence;

const gapEdges = (
  views: LedgerViews,
  incidents: Iterable<IncidentView>,
  filter: GapFilterInput | null,
  view: ResolvedView,
  sight: Sight,
) => {
  if ((filter?.olderThanDays ?? 0) < 0) throw badArgument('olderThanDays', 'must be 0 or more');
  const about = filter?.about?.map((id) => idArgument('fact', id, 'about'));
  const wanted = ({ record, state, shows }: GapSeen): boolean =>
    (filter?.states?.includes(state) ?? true) &&
    (filter?.topics?.includes(record.topic) ?? true) &&
    (filter?.owners?.some((owner) => record.owners.includes(owner)) ?? true) &&
    (filter?.references?.includes(record.reference ?? '') ?? true) &&
    (about?.some((id) => record.about.includes(id)) ?? true) &&
    (filter?.olderThanDays == null || isOlderThan(shows, filter.olderThanDays, view));
  return [...incidents]
    .flatMap((shown) => shown.gaps.filter(wanted).map((gap) => presentGapEdge(views, gap, shown, view, sight)))
    .sort((a, b) => a.sequence - b.sequence);
};

const presentGapEdge = (views: LedgerViews, gap: GapSeen, shown: IncidentView, view: ResolvedView, sight: Sight) => {
  const { record, certainty, state, shows, coveredBy } = gap;
  const { incidentId } = shown.record;
  const facts = (ids: readonly string[]) => async () =>
    (await Promise.all(ids.map((id) => sight.loaders.fact(id, incidentId, sight.asOf)))).filter((one) => one !== null);
  const present = (one: GapSeen['record']) => ({
    __typename: 'Gap',
    localId: toId('gap', one.gapId),
    reference: one.reference ?? null,
    topic: one.topic,
    missing: () => actText(views, one.sequence, 'missing'),
    about: facts(one.about),
    actor: one.actor === undefined ? null : refActor(one.actor, sight),
    incident: presentIncident(shown.record),
    sequence: String(one.sequence),
  });
  return {
    sequence: record.sequence,
    cursor: '',
    node: present(record),
    certainty,
    state,
    owners: record.owners,
    due: () => {
      const due = record.assigned === undefined ? undefined : views.acts.payload(record.assigned)?.['due'];
      return due === undefined ? null : presentWhen(due as WhenRecord);
    },
    age: () => {
      const closing =
        record.closed && (views.acts.event(record.closed.sequence)?.meta.recordedAt as Instant | undefined);
      return presentAge(shows, { moment: closing !== undefined && closing < view.moment ? closing : view.moment });
    },
    coveredBy: coveredBy === undefined ? null : present(coveredBy),
    answeredBy: facts(record.closed?.answeredBy ?? []),
    reason: () => (record.closed === undefined ? null : actText(views, record.closed.sequence, 'reason')),
  };
};
