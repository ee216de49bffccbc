import {
  Args,
  Context,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Parent,
  registerEnumType,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { countBy, DIMENSIONS, type Dimension } from '@ledger/domain/as-of/counts';
import type { FactFilter } from '@ledger/domain/as-of/filter';
import type { IncidentView } from '@ledger/domain/as-of/incident-view';
import { provenanceOf, RELATIONS } from '@ledger/domain/as-of/provenance';
import type { Seen } from '@ledger/domain/as-of/view';
import { hedgeBetween, HEDGES, restatementsIn, wordChanges } from '@ledger/domain/as-of/wording';
import { factOf } from '@ledger/domain/fact/fact';
import { before, earliestOf, interval, type Bounds } from '@ledger/domain/time/bounds';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { connectionOf, connectionOver, PageArgs, pageOf } from '../common/connection';
import { enumType } from '../common/enums';
import { badArgument, idArgument } from '../common/ids';
import { presentIncident } from '../common/loaders';
import { upper } from '../common/names';
import { ProtectedText, protectedText, UNREADABLE } from '../common/protected-text';
import { InstantScalar } from '../common/scalars';
import { DurationRange, Incident, MannerEnum, Verdict } from '../fact/types';
import { inSeconds, sightOf, type IncidentObject, type ViewObject } from '../ledger/objects';
import { choiceOf, factFilter, presentEdge } from '../ledger/timeline';
import { CertaintyCounts, IncidentState, LedgerView, TimelineEdge, TimelineFilterInput } from '../ledger/types';

// Counts --------------------------------------------------------------------------------------------------------------

const DimensionEnum = enumType({ name: 'Dimension', description: 'What facts can be grouped by.', values: DIMENSIONS });

@ObjectType({ description: 'One group of facts.' })
export class FactGroup {
  @Field(() => [String], {
    nullable: 'items',
    description: 'One key for each dimension asked for, in their order; null: the facts of this group have none.',
  })
  keys: (string | null)[];
  @Field(() => CertaintyCounts, { description: 'Facts.' })
  assertions: CertaintyCounts;
  @Field(() => CertaintyCounts, { description: 'Things that they assert: two assertions of one thing count once.' })
  things: CertaintyCounts;
}
export const CountConnection = connectionOf(FactGroup, 'Count', 'groups, the largest first');

// Intervals -----------------------------------------------------------------------------------------------------------

@ObjectType({ description: 'A window of time; an open bound is null.' })
export class TimeWindow {
  @Field(() => InstantScalar, { nullable: true, description: 'Not before this; null: no lower bound is known.' })
  earliest: string | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Before this; null: no upper bound is known.' })
  latest: string | null;
}

@ObjectType({ description: 'How long it was from one time to another, honestly: never a point.' })
export class Interval {
  @Field(() => TimeWindow, { description: 'The first time.' })
  from: TimeWindow;
  @Field(() => TimeWindow, { description: 'The second time.' })
  to: TimeWindow;
  @Field(() => DurationRange, { description: 'Elapsed time between them.' })
  duration: DurationRange;
  @Field(() => Verdict, { description: 'Whether the first came before the second.' })
  inOrder: string;
}

@ObjectType({ description: 'The interval of one incident.' })
export class IntervalEdge {
  @Field({ description: 'Where it stands in the list.' })
  cursor: string;
  @Field(() => Incident, { description: 'The incident.' })
  incident: Incident;
  @Field(() => Interval, { description: 'From the first fact of one sort to the first of the other.' })
  node: Interval;
}
export const IntervalConnection = connectionOver(
  IntervalEdge,
  'Interval',
  'intervals, one for each incident that has both',
);

// Wording -------------------------------------------------------------------------------------------------------------

const HedgeEnum = enumType({ name: 'Hedge', description: 'What became of a reserve.', values: HEDGES });

@ObjectType({ description: 'Words in place of others; one side may be empty.' })
export class WordChange {
  @Field({ description: 'Words of the earlier fragment.' })
  before: string;
  @Field({ description: 'Words of the later fragment in their place.' })
  after: string;
}

@ObjectType({ description: 'A fact that puts another into other words.' })
export class Wording {
  @Field(() => TimelineEdge, { description: 'The fact whose wording is taken up.' })
  earlier: TimelineEdge;
  @Field(() => TimelineEdge, { description: 'The fact that takes it up.' })
  later: TimelineEdge;
  @Field(() => ProtectedText, {
    nullable: true,
    description: "The earlier fragment in its source's words; null: none was kept.",
  })
  before: ProtectedText | null;
  @Field(() => ProtectedText, {
    nullable: true,
    description: "The later fragment in its source's words; null: none was kept.",
  })
  after: ProtectedText | null;
  @Field(() => [WordChange], {
    description:
      'Word by word, where both fragments can be read; empty: no word differs, or there is nothing to compare.',
  })
  changes: WordChange[];
  @Field(() => HedgeEnum, { description: 'What became of a reserve.' })
  hedge: string;
  @Field(() => [MannerEnum], { description: 'How the earlier and the later source put it.' })
  manners: string[];
}
export const WordingConnection = connectionOf(
  Wording,
  'Wording',
  'restatements, in order of recording of the later fact',
);

@InputType({ description: 'Which restatements; conditions on different fields all hold.' })
export class WordingFilterInput {
  @Field(() => [HedgeEnum], { nullable: true, description: 'What became of a reserve.' })
  hedges?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Only such as stand in different documents.' })
  acrossSources?: boolean | null;
}

// Provenance ----------------------------------------------------------------------------------------------------------

const RelationEnum = enumType({
  name: 'Relation',
  description: 'What a fact says of another one that it points at. This list grows.',
  values: RELATIONS,
});

export enum ProvenanceDirection {
  RESTS_ON = 'rests-on',
  CARRIES = 'carries',
}
registerEnumType(ProvenanceDirection, {
  name: 'ProvenanceDirection',
  description: 'Which way to follow links between facts.',
  valuesMap: {
    RESTS_ON: { description: 'From a fact to those that it points at.' },
    CARRIES: { description: 'From a fact to those that point at it.' },
  },
});

@ObjectType({ description: 'A link between two facts.' })
export class ProvenanceLink {
  @Field(() => TimelineEdge, { description: 'The fact that points.' })
  from: TimelineEdge;
  @Field(() => RelationEnum, { description: 'What it says of the other.' })
  relation: string;
  @Field(() => TimelineEdge, { description: 'The fact pointed at.' })
  to: TimelineEdge;
  @Field(() => Int, { description: 'Steps from the fact that was asked about, from 1.' })
  depth: number;
}
export const ProvenanceConnection = connectionOf(ProvenanceLink, 'Provenance', 'links, nearest first');

const MAX_DEPTH = 20;

@Resolver(() => IncidentState)
export class IncidentAnalysisResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => CountConnection, { description: 'Its facts, counted in groups.' })
  counts(
    @Parent() { view, shown }: IncidentObject,
    @Args() page: PageArgs,
    @Args('by', { type: () => [DimensionEnum], description: 'What to group by: at most 4.' }) by: string[],
    @Args('filter', { type: () => TimelineFilterInput, nullable: true, description: 'Which entries.' })
    filter: TimelineFilterInput | null,
  ) {
    const { incidentId } = shown.record;
    const identity = { list: 'counts', incidentId, by, filter, requested: view.requested };
    return groups(this.views, [shown], by, factFilter(filter), identity, page, incidentId);
  }

  @ResolveField(() => Interval, {
    nullable: true,
    description: 'From the occurrence of one fact to that of another; null when the view shows not both.',
  })
  interval(
    @Parent() { shown }: IncidentObject,
    @Args('from', { type: () => ID, description: 'The first fact.' }) from: string,
    @Args('to', { type: () => ID, description: 'The second fact.' }) to: string,
  ) {
    const first = shown.byFact.get(idArgument('fact', from, 'from'));
    const second = shown.byFact.get(idArgument('fact', to, 'to'));
    return first === undefined || second === undefined
      ? null
      : presentBetween(first.inForce.occurred, second.inForce.occurred);
  }

  @ResolveField(() => WordingConnection, {
    description:
      'Where the wording changed between a fact and one that takes it up: in another source, or later in the same.',
  })
  wordings(
    @Parent() { view, shown }: IncidentObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => WordingFilterInput, nullable: true, description: 'Which restatements.' })
    filter: WordingFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const sight = sightOf(view, loaders);
    const edges = restatementsIn(shown)
      .filter(
        (pair) =>
          (filter?.hedges?.includes(hedgeBetween(pair)) ?? true) &&
          (filter?.acrossSources !== true || pair.earlier.inForce.document !== pair.later.inForce.document),
      )
      .map((pair, key) => {
        const [earlier, later] = [this.fragment(pair.earlier), this.fragment(pair.later)];
        const node = {
          earlier: presentEdge(this.views, pair.earlier, shown, sight),
          later: presentEdge(this.views, pair.later, shown, sight),
          before: () => protectedText(earlier()),
          after: () => protectedText(later()),
          changes: () => {
            const [one, other] = [earlier(), later()];
            return typeof one === 'string' && typeof other === 'string' ? wordChanges(one, other) : [];
          },
          hedge: hedgeBetween(pair),
          manners: [pair.earlier.inForce.manner, pair.later.inForce.manner],
        };
        return { key, node };
      });
    const { incidentId } = shown.record;
    const identity = { list: 'wordings', incidentId, filter, requested: view.requested };
    return pageOf(edges, ({ key }) => key, identity, page);
  }

  @ResolveField(() => ProvenanceConnection, { description: 'What rests on what, from one fact on, step by step.' })
  provenance(
    @Parent() { view, shown }: IncidentObject,
    @Args() page: PageArgs,
    @Args('factId', { type: () => ID, description: 'The fact.' }) factId: string,
    @Args('direction', {
      type: () => ProvenanceDirection,
      defaultValue: ProvenanceDirection.RESTS_ON,
      description: 'Which way.',
    })
    direction: ProvenanceDirection,
    @Args('depth', {
      type: () => Int,
      nullable: true,
      description: `At most so many steps: 1 to ${MAX_DEPTH}. Absent: 3.`,
    })
    depth: number | null,
    @Context() { loaders }: RequestContext,
  ) {
    const steps = depth ?? 3;
    if (steps < 1 || steps > MAX_DEPTH) throw badArgument('depth', `must be from 1 to ${MAX_DEPTH}`);
    const id = idArgument('fact', factId, 'factId');
    const { incidentId } = shown.record;
    const identity = { list: 'provenance', incidentId, id, direction, steps, requested: view.requested };
    const edge = (seen: Seen) => presentEdge(this.views, seen, shown, sightOf(view, loaders));
    const edges = provenanceOf(id, shown, direction === ProvenanceDirection.RESTS_ON, steps).map((support, key) => ({
      key,
      node: { ...support, from: edge(support.from), to: edge(support.to) },
    }));
    return pageOf(edges, ({ key }) => key, identity, page);
  }

  /** The quotation in force: that of the last version that gives one. Decrypted when asked for. */
  private fragment({ versions }: Seen): () => unknown {
    return () => {
      let quoted: unknown;
      for (const { sequence } of versions) {
        const event = this.views.timeline.event(sequence);
        if (event?.readable !== true) return UNREADABLE;
        const fact = factOf(event);
        quoted = (fact.corrects === undefined ? fact.quoted : fact.changes?.quoted) ?? quoted;
      }
      return quoted;
    };
  }
}

@Resolver(() => LedgerView)
export class LedgerAnalysisResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => CountConnection, { description: 'Facts of all incidents, counted in groups. Reads all of them.' })
  counts(
    @Parent() { view }: ViewObject,
    @Args() page: PageArgs,
    @Args('by', { type: () => [DimensionEnum], description: 'What to group by: at most 4.' }) by: string[],
    @Args('filter', { type: () => TimelineFilterInput, nullable: true, description: 'Which entries.' })
    filter: TimelineFilterInput | null,
  ) {
    const identity = { list: 'counts', by, filter, requested: view.requested };
    return groups(this.views, this.views.incidents.all(view.asOf), by, factFilter(filter), identity, page);
  }

  @ResolveField(() => IntervalConnection, {
    description:
      'Of each incident: how long it was from the first fact of one sort to the first of another. Reads all of them.',
  })
  intervals(
    @Parent() { view }: ViewObject,
    @Args() page: PageArgs,
    @Args('from', { type: () => TimelineFilterInput, description: 'From the first of these.' })
    from: TimelineFilterInput,
    @Args('to', { type: () => TimelineFilterInput, description: 'To the first of these.' }) to: TimelineFilterInput,
  ) {
    const identity = { list: 'intervals', from, to, requested: view.requested };
    const [starts, ends] = [from, to].map((filter) => choiceOf(this.views, factFilter(filter))) as [Choice, Choice];
    const edges = [...this.views.incidents.all(view.asOf)].flatMap((shown) => {
      const [first, second] = [firstTime(shown, starts), firstTime(shown, ends)];
      return first === undefined || second === undefined
        ? []
        : [
            {
              key: shown.record.sequence,
              incident: presentIncident(shown.record),
              node: presentBetween(first, second),
            },
          ];
    });
    return pageOf(edges, ({ key }) => key, identity, page);
  }
}

type Choice = ReturnType<typeof choiceOf>;

/** When the first of the facts that `chosen` takes happened, whichever it was; undefined when it takes none. */
const firstTime = (shown: IncidentView, chosen: Choice): Bounds | undefined =>
  earliestOf(
    shown.seen
      .filter((seen) => seen.standing !== 'retracted' && chosen(seen, shown))
      .map(({ inForce }) => inForce.occurred),
  );

const presentBetween = (from: Bounds, to: Bounds) => {
  const order = before(from, to);
  return {
    from,
    to,
    duration: inSeconds(interval(from, to)),
    inOrder: order === 'certain' ? 'shown' : order === 'impossible' ? 'refuted' : 'not-shown',
  };
};

const groups = (
  views: LedgerViews,
  incidents: Iterable<IncidentView>,
  by: readonly string[],
  filter: FactFilter,
  identity: Readonly<Record<string, unknown>>,
  page: PageArgs,
  incidentId?: string,
) => {
  if (by.length > 4) throw badArgument('by', 'must be at most 4');
  const counted = countBy(incidents, by as Dimension[], choiceOf(views, filter, incidentId));
  const edges = counted.map((group, key) => ({
    key,
    node: { ...group, keys: group.keys.map((name, at) => spelt(by[at], name)) },
  }));
  return pageOf(edges, ({ key }) => key, identity, page);
};

const CLOSED_LISTS: ReadonlySet<string | undefined> = new Set(['kind', 'role', 'origin', 'manner', 'standing']);

/** Values of closed lists as the enums of filters spell them, so that a key can be filtered by. */
const spelt = (dimension: string | undefined, key: string | undefined): string | null =>
  key === undefined ? null : CLOSED_LISTS.has(dimension) ? upper(key) : key;
