import { Args, Context, Field, ID, InputType, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { ContestedQuestion as Contested } from '@ledger/domain/as-of/incident-view';
import { pointingAt, standingThings } from '@ledger/domain/as-of/things';
import type { Seen } from '@ledger/domain/as-of/view';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { connectionOf, connectionOver, PageArgs, pageOf } from '../common/connection';
import { enumType } from '../common/enums';
import { toId } from '../common/ids';
import { ProtectedText } from '../common/protected-text';
import { SequenceScalar } from '../common/scalars';
import { DurationRange } from '../fact/types';
import { actText, isOlderThan, presentAge, sightOf, type IncidentObject } from '../ledger/objects';
import { presentEdge } from '../ledger/timeline';
import { IncidentState, StanceEnum, TimelineEdge } from '../ledger/types';

@ObjectType({
  description: 'A question on which sources stand differently, under a name of its own.',
})
export class ContestedQuestion {
  @Field(() => ID, { description: 'Its id, as inputs take it.' })
  localId: string;
  @Field(() => String, { nullable: true, description: "The recorder's own number for it; null: none." })
  reference: string | null;
  @Field(() => ProtectedText, { description: 'The question, so that yes and no are answers.' })
  question: ProtectedText;
  @Field(() => SequenceScalar, { description: 'Ordinal of the event that named it.' })
  sequence: string;
}

@ObjectType({ description: 'A fact and the stance that it takes.' })
export class StanceTaken {
  @Field(() => StanceEnum, { description: 'The stance, as the recorder reads it.' })
  stance: string;
  @Field(() => ProtectedText, { nullable: true, description: 'The position in words; null when not given.' })
  position: ProtectedText | null;
  @Field({
    description:
      'Whether the text of the fact was corrected after the stance was read off it: look again whether it stands.',
  })
  readFromEarlierText: boolean;
  @Field(() => TimelineEdge, { description: 'The fact, in this view.' })
  fact: TimelineEdge;
}

const ConflictEnum = enumType({
  name: 'Conflict',
  description: 'Whether facts of this view contradict each other on the question.',
  values: { open: 'Some say yes, others no.', none: 'None says yes where another says no.' },
});

@ObjectType({ description: 'A contested question in a view.' })
export class ContestedQuestionEdge {
  @Field({ description: 'Where it stands in the list.' })
  cursor: string;
  @Field(() => ContestedQuestion, { description: 'The question.' })
  node: ContestedQuestion;
  @Field(() => [StanceTaken], { description: 'Every fact of this view that takes a stance, in order of recording.' })
  positions: StanceTaken[];
  @Field(() => ConflictEnum, { description: 'Whether they contradict each other.' })
  conflict: string;
  @Field({ description: 'Whether yes and no stand in different documents.' })
  acrossSources: boolean;
  @Field(() => ProtectedText, {
    nullable: true,
    description: 'The answer by which the record keeper regards it as settled; null: it is not.',
  })
  settledBy: ProtectedText | null;
}
export const ContestedQuestionConnection = connectionOver(
  ContestedQuestionEdge,
  'ContestedQuestion',
  'contested questions of an incident, in order of naming',
);

@InputType({ description: 'Which contested questions; conditions on different fields all hold.' })
export class ContestedQuestionFilterInput {
  @Field(() => [String], { nullable: true, description: "The recorder's own numbers." })
  references?: string[] | null;
  @Field(() => [ConflictEnum], { nullable: true, description: 'Whether facts contradict each other.' })
  conflicts?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether yes and no stand in different documents.' })
  acrossSources?: boolean | null;
  @Field(() => [StanceEnum], { nullable: true, description: 'Questions on which somebody takes one of these stances.' })
  stances?: string[] | null;
}

@ObjectType({ description: 'A question that somebody put, in a view.' })
export class AskedQuestion {
  @Field(() => TimelineEdge, { description: 'The question, as a fact of this view.' })
  fact: TimelineEdge;
  @Field(() => [TimelineEdge], { description: 'Answers on record in this view; empty: it is open.' })
  answers: TimelineEdge[];
  @Field(() => DurationRange, { description: 'How long ago it was put, at the moment of the view.' })
  age: DurationRange;
}
export const QuestionConnection = connectionOf(
  AskedQuestion,
  'Question',
  'questions that were put, in order of recording',
);

@InputType({ description: 'Which questions; conditions on different fields all hold.' })
export class QuestionFilterInput {
  @Field(() => Boolean, { nullable: true, description: 'Whether an answer is on record.' })
  answered?: boolean | null;
  @Field(() => Int, { nullable: true, description: 'Certainly put more than so many days before the moment.' })
  olderThanDays?: number | null;
}

@Resolver(() => IncidentState)
export class IncidentQuestionsResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => ContestedQuestionConnection, {
    description: 'Questions on which sources stand differently, with the stance of each fact.',
  })
  contestedQuestions(
    @Parent() { view, shown }: IncidentObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => ContestedQuestionFilterInput, nullable: true, description: 'Which questions.' })
    filter: ContestedQuestionFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const wanted = ({ record, conflict, acrossSources, positions }: Contested): boolean =>
      (filter?.references?.includes(record.reference ?? '') ?? true) &&
      (filter?.conflicts?.includes(conflict) ?? true) &&
      (filter?.acrossSources == null || filter.acrossSources === acrossSources) &&
      (filter?.stances == null || positions.some(({ stance }) => filter.stances?.includes(stance)));
    const { incidentId } = shown.record;
    const identity = { list: 'contested-questions', incidentId, filter, requested: view.requested };
    const sight = sightOf(view, loaders);
    const edges = shown.questions.filter(wanted).map((question) => ({
      key: question.record.sequence,
      node: {
        __typename: 'ContestedQuestion',
        localId: toId('question', question.record.questionId),
        reference: question.record.reference ?? null,
        question: () => actText(this.views, question.record.sequence, 'question'),
        sequence: String(question.record.sequence),
      },
      positions: question.positions.map(({ stance, seen, sequence }) => ({
        stance,
        position: () => actText(this.views, sequence, 'position'),
        readFromEarlierText: (seen.versions.at(-1)?.sequence ?? 0) > sequence,
        fact: presentEdge(this.views, seen, shown, sight),
      })),
      conflict: question.conflict,
      acrossSources: question.acrossSources,
      settledBy: () =>
        question.record.settled ? actText(this.views, question.record.settled.sequence, 'answer') : null,
    }));
    return pageOf(edges, ({ key }) => key, identity, page);
  }

  @ResolveField(() => QuestionConnection, { description: 'Questions that somebody put, and their answers.' })
  questions(
    @Parent() { view, shown }: IncidentObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => QuestionFilterInput, nullable: true, description: 'Which questions.' })
    filter: QuestionFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const answersTo = (question: Seen) =>
      pointingAt(shown, 'answers', question).filter(({ trace }) => trace.type === 'question-answered');
    const edge = (seen: Seen) => presentEdge(this.views, seen, shown, sightOf(view, loaders));
    const put = standingThings(shown, ({ trace }) => trace.type === 'question-opened').filter(
      (question) =>
        (filter?.answered == null || filter.answered === answersTo(question).length > 0) &&
        (filter?.olderThanDays == null || isOlderThan(question.inForce.occurred, filter.olderThanDays, view)),
    );
    const { incidentId } = shown.record;
    return pageOf(
      put.map((seen) => ({
        key: seen.trace.sequence,
        node: {
          fact: edge(seen),
          answers: () => answersTo(seen).map(edge),
          age: presentAge(seen.inForce.occurred, view),
        },
      })),
      ({ key }) => key,
      { list: 'questions', incidentId, filter, requested: view.requested },
      page,
    );
  }
}
