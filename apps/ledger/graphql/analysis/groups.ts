import { Args, Context, Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { cohortsOf } from '@ledger/domain/as-of/cohorts';
import { involved } from '@ledger/domain/as-of/filter';
import { noticesIn } from '@ledger/domain/as-of/notices';
import type { Order } from '@ledger/domain/as-of/order';
import { pointingAt, standingThings } from '@ledger/domain/as-of/things';
import type { Seen } from '@ledger/domain/as-of/view';
import { IncidentRelation } from '@ledger/domain/incident/acts';
import { NoticeTopic } from '@ledger/domain/fact/kinds';
import { factOf } from '@ledger/domain/fact/fact';
import { refParts } from '@ledger/domain/fact/actor';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { connectionOf, edgeOf, PageArgs, PageInfo, pageOf, type ListIdentity } from '../common/connection';
import { enumType } from '../common/enums';
import { ProtectedText, protectedText } from '../common/protected-text';
import { SequenceScalar } from '../common/scalars';
import { Actor, enumOf, Incident } from '../fact/types';
import { actText, refActor, sightOf, type IncidentObject } from '../ledger/objects';
import { factFilter, presentEdge, timelineOf } from '../ledger/timeline';
import { IncidentState, TimelineConnection, TimelineArgs, TimelineEdge } from '../ledger/types';

/** A group of facts of one incident, which it hands out as a timeline. */
interface GroupObject extends IncidentObject {
  readonly list: ListIdentity;
  readonly members: ReadonlySet<string>;
}

@ObjectType({ description: 'A group of data subjects, and what is said of it.' })
export class Cohort {
  @Field(() => Actor, { description: 'The group.' })
  actor: Actor;
  @Field(() => [TimelineEdge], {
    description: 'The facts with which it may have appeared first; of imprecise times there can be several.',
  })
  first: TimelineEdge[];
}

@ObjectType({ description: 'A communication to data subjects or the public, and its single statements.' })
export class Communication {
  @Field(() => TimelineEdge, { description: 'The communication, in this view.' })
  fact: TimelineEdge;
}

@ObjectType({ description: 'An authority: what it was told, and what it did.' })
export class AuthorityContact {
  @Field(() => Actor, { description: 'The authority.' })
  authority: Actor;
  @Field(() => [TimelineEdge], { description: 'Reports to it, in order of recording.' })
  reports: TimelineEdge[];
  @Field(() => [TimelineEdge], { description: 'Its own acts, in order of recording.' })
  acts: TimelineEdge[];
}

@ObjectType({ description: 'An earlier incident that facts speak of: linked to this one, never merged with it.' })
export class PriorIncident {
  @Field(() => TimelineEdge, { description: 'The fact that speaks of it.' })
  fact: TimelineEdge;
  @Field(() => Int, { description: 'How many incidents the one statement speaks of.' })
  incidents: number;
  @Field(() => [TimelineEdge], { description: 'What is said to have come of it.' })
  outcomes: TimelineEdge[];
}

const NoticeTopicEnum = enumOf(NoticeTopic);

@ObjectType({ description: 'What a follow-up says beyond the notice that it follows up.' })
export class NoticeDifference {
  @Field(() => [NoticeTopicEnum], { description: 'Missing before, not missing now.' })
  nowCovered: string[];
  @Field(() => [NoticeTopicEnum], { description: 'Missing in both.' })
  stillMissing: string[];
  @Field(() => [NoticeTopicEnum], { description: 'Not missing before, missing now.' })
  missingAnew: string[];
  @Field(() => [ProtectedText], { description: 'What this one states and the earlier one did not, word for word.' })
  nowStated: ProtectedText[];
}

@ObjectType({ description: 'A notice of a processor.' })
export class Notice {
  @Field(() => TimelineEdge, { description: 'The notice, in this view.' })
  fact: TimelineEdge;
  @Field(() => TimelineEdge, { nullable: true, description: 'The notice that it follows up; null: none.' })
  followsUp: TimelineEdge | null;
  @Field(() => NoticeDifference, {
    nullable: true,
    description: 'Of a follow-up: the difference; null of a first notice.',
  })
  difference: NoticeDifference | null;
}

const LinkSideEnum = enumType({
  name: 'LinkSide',
  description: 'One of the two records of a link.',
  values: { this: 'The record that was asked.', other: 'The other record.' },
});

@ObjectType({ description: 'Another incident on record that belongs with this one: linked, never merged.' })
export class IncidentLink {
  @Field(() => Incident, { nullable: true, description: 'The other incident; null when the view does not show it.' })
  other: Incident | null;
  @Field(() => enumOf(IncidentRelation), {
    description: 'What the record to which the link leads is to the one from which it was made.',
  })
  relation: string;
  @Field(() => LinkSideEnum, { description: 'From which of the two records the link was made.' })
  madeFrom: string;
  @Field(() => ProtectedText, { nullable: true, description: 'Why; null when not said.' })
  reason: ProtectedText | null;
  @Field(() => SequenceScalar, { description: 'Ordinal of the event that links them.' })
  sequence: string;
}

const CohortConnection = connectionOf(Cohort, 'Cohort', 'groups of data subjects, by first mention');
const CommunicationConnection = connectionOf(Communication, 'Communication', 'communications, in order of recording');
const AuthorityConnection = connectionOf(AuthorityContact, 'AuthorityContact', 'authorities, by first mention');
const NoticeConnection = connectionOf(Notice, 'Notice', 'notices of processors, in order of recording');
const LinkConnection = connectionOf(IncidentLink, 'IncidentLink', 'links to other incidents, in order of recording');

const PriorIncidentEdge = edgeOf(PriorIncident, 'PriorIncident', 'earlier incidents');
type PriorIncidentEdge = InstanceType<typeof PriorIncidentEdge>;

@ObjectType({ description: 'A page of the earlier incidents that facts speak of, in order of recording.' })
export class PriorIncidentConnection {
  @Field(() => [PriorIncidentEdge], { description: 'In the order of the list.' })
  edges: PriorIncidentEdge[];
  @Field(() => PageInfo, { description: 'Where the page lies.' })
  pageInfo: PageInfo;
  @Field(() => Int, { description: 'How many incidents all of them speak of: things, not assertions.' })
  incidents: number;
}

const COMMUNICATIONS = ['data-subjects-informed', 'public-statement-made'];

@Resolver(() => IncidentState)
export class IncidentGroupsResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => CohortConnection, { description: 'Groups of data subjects, and what is said of each.' })
  cohorts(@Parent() parent: IncidentObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const { view, shown } = parent;
    const nodes = cohortsOf(shown).map(({ actor, facts, first }) => ({
      ...group(parent, { list: 'cohort', actor }, facts),
      actor: refActor(actor, sightOf(view, loaders)),
      first: first.map((seen) => this.edge(parent, seen, loaders)),
    }));
    return paged(nodes, 'cohorts', parent, page);
  }

  @ResolveField(() => CommunicationConnection, {
    description:
      'Communications to data subjects (Art. 34) and public statements, with the statements that are part of each.',
  })
  communications(@Parent() parent: IncidentObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const isOne = ({ trace }: Seen) => COMMUNICATIONS.includes(trace.type) && trace.links['partOf'] === undefined;
    const nodes = standingThings(parent.shown, isOne).map((communication) => ({
      ...group(
        parent,
        { list: 'communication', factId: communication.trace.factId },
        pointingAt(parent.shown, 'partOf', communication),
      ),
      fact: this.edge(parent, communication, loaders),
    }));
    return paged(nodes, 'communications', parent, page);
  }

  @ResolveField(() => AuthorityConnection, { description: 'What each authority was told, and what it did itself.' })
  authorities(@Parent() parent: IncidentObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const { view, shown } = parent;
    const isAuthority = (ref: string | undefined): ref is string =>
      ref !== undefined && refParts(ref).role === 'authority';
    const reports = standingThings(shown, ({ trace }) => trace.type === 'authority-informed');
    const acts = standingThings(shown, ({ trace }) => trace.type === 'authority-acted');
    const standing = shown.seen.filter((one) => one.standing !== 'retracted');
    const refs = new Set(
      standing.flatMap(({ trace, inForce }) =>
        [inForce.actor, ...Object.values(trace.parties)].filter((ref) => isAuthority(ref)),
      ),
    );
    const nodes = [...refs].map((authority) => ({
      ...group(
        parent,
        { list: 'authority', authority },
        shown.seen.filter((one) => involved(one).includes(authority)),
      ),
      authority: refActor(authority, sightOf(view, loaders)),
      reports: reports
        .filter(({ trace }) => trace.parties['recipient'] === authority)
        .map((seen) => this.edge(parent, seen, loaders)),
      acts: acts.filter(({ inForce }) => inForce.actor === authority).map((seen) => this.edge(parent, seen, loaders)),
    }));
    return paged(nodes, 'authorities', parent, page);
  }

  @ResolveField(() => PriorIncidentConnection, {
    description:
      'Earlier incidents that facts speak of. Whether they matter here is a judgement; they are never merged.',
  })
  priorIncidents(@Parent() parent: IncidentObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const reported = standingThings(parent.shown, ({ trace }) => trace.type === 'prior-incident-reported');
    const nodes = reported.map((prior) => ({
      fact: this.edge(parent, prior, loaders),
      incidents: prior.trace.numbers['incidents'] ?? 1,
      outcomes: pointingAt(parent.shown, 'outcomeOf', prior).map((outcome) => this.edge(parent, outcome, loaders)),
    }));
    return {
      ...paged(nodes, 'prior-incidents', parent, page),
      incidents: nodes.reduce((sum, { incidents }) => sum + incidents, 0),
    };
  }

  @ResolveField(() => NoticeConnection, {
    description: 'Notices of processors, and what each follow-up says beyond the one before.',
  })
  notices(@Parent() parent: IncidentObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const payload = ({ trace }: Seen): Partial<NoticeFields> => {
      const event = this.views.timeline.event(trace.sequence);
      return event?.readable === true ? (factOf(event) as unknown as NoticeFields) : {};
    };
    const nodes = noticesIn(parent.shown).map(({ notice, followsUp }) => ({
      fact: this.edge(parent, notice, loaders),
      followsUp: followsUp === undefined ? null : this.edge(parent, followsUp, loaders),
      difference: () => (followsUp === undefined ? null : differenceOf(payload(followsUp), payload(notice))),
    }));
    return paged(nodes, 'notices', parent, page);
  }

  @ResolveField(() => LinkConnection, { description: 'Other incidents on record that belong with this one.' })
  links(@Parent() parent: IncidentObject, @Args() page: PageArgs, @Context() { loaders }: RequestContext) {
    const { incidentId, links } = parent.shown.record;
    const made = links.map(({ otherIncidentId, sequence }) => ({
      other: otherIncidentId,
      sequence,
      madeFrom: 'this' as const,
    }));
    const received = this.views.acts
      .naming('incident-linked', 'otherIncidentId', incidentId, parent.view.asOf.sequence)
      .map(({ id, sequence }) => ({ other: id, sequence, madeFrom: 'other' as const }));
    const nodes = [...made, ...received]
      .sort((a, b) => a.sequence - b.sequence)
      .map(({ other, sequence, madeFrom }) => ({
        other: () => loaders.incident(other, parent.view.asOf),
        relation: () => this.views.acts.payload(sequence)?.['relation'],
        madeFrom,
        reason: () => actText(this.views, sequence, 'reason'),
        sequence: String(sequence),
      }));
    return paged(nodes, 'links', parent, page);
  }

  private edge({ view, shown }: IncidentObject, seen: Seen, loaders: RequestContext['loaders']) {
    return presentEdge(this.views, seen, shown, sightOf(view, loaders));
  }
}

interface NoticeFields {
  readonly stated?: readonly unknown[];
  readonly notStated?: readonly string[];
}

const differenceOf = (before: Partial<NoticeFields>, after: Partial<NoticeFields>) => {
  const [missedBefore, missing] = [before.notStated ?? [], after.notStated ?? []];
  return {
    nowCovered: missedBefore.filter((topic) => !missing.includes(topic)),
    stillMissing: missing.filter((topic) => missedBefore.includes(topic)),
    missingAnew: missing.filter((topic) => !missedBefore.includes(topic)),
    nowStated: (after.stated ?? []).filter((text) => !(before.stated ?? []).includes(text)).map(protectedText),
  };
};

const group = ({ view, shown }: IncidentObject, list: ListIdentity, facts: readonly Seen[]): GroupObject => ({
  view,
  shown,
  list,
  members: new Set(facts.map(({ trace }) => trace.factId)),
});

/**
 * In the order of the list, by the place in it. Where the view moves on between two pages, an item can be passed over or
 * come twice: a sequence pins it.
 */
const paged = <T extends object>(nodes: readonly T[], list: string, { view, shown }: IncidentObject, page: PageArgs) =>
  pageOf(
    nodes.map((node, key) => ({ key, node })),
    ({ key }) => key,
    { list, incidentId: shown.record.incidentId, requested: view.requested },
    page,
  );

/** Every group hands out its facts in the same way. */
const factsResolver = (of: new () => object, field: string, description: string) => {
  @Resolver(() => of)
  class FactsResolver {
    constructor(readonly views: LedgerViews) {}

    @ResolveField(field, () => TimelineConnection, { description })
    facts(
      @Parent() { view, shown, list, members }: GroupObject,
      @Args() { filter, orderBy, ...page }: TimelineArgs,
      @Context() { loaders }: RequestContext,
    ) {
      return timelineOf(this.views, shown, view, sightOf(view, loaders), {
        order: (orderBy?.field ?? 'occurred') as Order,
        filter: factFilter(filter),
        page,
        list,
        among: members,
      });
    }
  }
  return FactsResolver;
};

export const GROUP_RESOLVERS = [
  IncidentGroupsResolver,
  factsResolver(Cohort, 'facts', 'Every fact that speaks of the group.'),
  factsResolver(Communication, 'parts', 'Its single statements, each a fact of its own.'),
  factsResolver(AuthorityContact, 'facts', 'Every fact in which it acts, passes on or is named.'),
];
