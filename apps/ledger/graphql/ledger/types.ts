import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ENTRY_CHANGES } from '@ledger/domain/as-of/difference';
import { ATTRIBUTIONS, ORIGINS } from '@ledger/domain/as-of/attribution';
import { CONTINUATIONS } from '@ledger/domain/as-of/continuing';
import { Stance } from '@ledger/domain/incident/acts';
import { PageArgs, PageInfo } from '../common/connection';
import { enumType } from '../common/enums';
import { ProtectedText } from '../common/protected-text';
import { InstantScalar, PositionScalar, SequenceScalar } from '../common/scalars';
import {
  Actor,
  ActorRole,
  EntryKind,
  enumOf,
  Incident,
  Knowledge,
  MannerEnum,
  Occurrence,
  RecordingLag,
  Source,
  TimelineEntry,
} from '../fact/types';

@InputType({ description: 'A moment of knowledge.' })
export class KnownAsOf {
  @Field(() => InstantScalar, { description: 'What was known by this instant.' })
  at: string;
  @Field(() => ID, {
    nullable: true,
    description:
      'To whom, as `role:id`; what was published: `public:public`. Absent: to anyone, and the edges say to whom.',
  })
  by?: string | null;
}

@InputType({ description: 'A moment in two clocks. An absent part sets no limit.' })
export class AsOfInput {
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'What was on record by this instant. Absent: all that is.',
  })
  recorded?: string | null;
  @Field(() => SequenceScalar, {
    nullable: true,
    description: 'Everything up to this sequence: the same answer for ever. Not together with recorded.',
  })
  sequence?: string | null;
  @Field(() => KnownAsOf, { nullable: true, description: 'What was known. Absent: whatever anybody knew at any time.' })
  known?: KnownAsOf | null;
}

@ObjectType({ description: 'A moment of knowledge.' })
export class KnownPoint {
  @Field(() => InstantScalar, { description: 'The instant.' })
  at: string;
  @Field(() => ID, { nullable: true, description: 'The knower; null: anyone.' })
  by: string | null;
}

@ObjectType({ description: 'The moment as it was asked for.' })
export class ViewPoint {
  @Field(() => InstantScalar, { nullable: true, description: 'On record by; null: no limit was asked for.' })
  recorded: string | null;
  @Field(() => SequenceScalar, { nullable: true, description: 'Up to this sequence; null: not asked for.' })
  sequence: string | null;
  @Field(() => KnownPoint, { nullable: true, description: 'Known by; null: no limit was asked for.' })
  known: KnownPoint | null;
}

const ViewFlagEnum = enumType({
  name: 'ViewFlag',
  description: 'Something to bear in mind about the moment asked for.',
  values: {
    'recorded-unsettled':
      'The recording limit lies in the future or the last ten seconds: more may come to be on record before it. Pin the sequence instead.',
    'recorded-before-first': 'Nothing was on record by then.',
    'known-in-future': 'The knowledge limit lies in the future.',
  },
});

@ObjectType({ description: 'The moment as it was found: pin and cite this.' })
export class ResolvedViewPoint {
  @Field(() => SequenceScalar, {
    description: 'Everything up to and including this sequence is in the view; `0`: nothing.',
  })
  sequence: string;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Latest recording time in the view; null when it holds nothing.',
  })
  recorded: string | null;
  @Field(() => KnownPoint, { nullable: true, description: 'Knowledge limit; null: none.' })
  known: KnownPoint | null;
  @Field({
    description:
      'True: the read models had not reached `consistentTo` in time, or do not follow the log just now. What is missing is stored; ask again.',
  })
  stale: boolean;
  @Field(() => [ViewFlagEnum], { description: 'What to bear in mind.' })
  flags: string[];
}

export const CertaintyEnum = enumType({
  name: 'Certainty',
  description: 'Whether it was known by the moment asked for.',
  values: {
    certain: 'Known by then: the latest bound lies at or before the moment.',
    possible: 'Perhaps known by then: only the earliest bound does.',
  },
});

const StandingEnum = enumType({
  name: 'Standing',
  description: 'How a fact stands in the view. Derived, never stored. This list grows.',
  values: {
    uncontested: 'Nothing on record says otherwise.',
    contested: 'It is on one side of a contested question, and another fact of this view is on the other.',
    corrected: 'A correction holds in this view; `positions` says whether it is contested besides.',
    retracted: 'It was retracted in this view; it stays visible.',
  },
});

export const OriginEnum = enumType({
  name: 'Origin',
  description: 'Who stands at the beginning of what was passed on: the first in `via`, else the actor. By role alone.',
  values: ORIGINS,
});

export const AttributionEnum = enumType({
  name: 'Attribution',
  description:
    "How a statement can be carried into another document of the controller's. Computed by a rule of ours; whether to use it is for a lawyer.",
  values: ATTRIBUTIONS,
});

export const ContinuationEnum = enumType({
  name: 'Continuation',
  description: 'Whether a state goes on, as far as the record says.',
  values: CONTINUATIONS,
});

export const StanceEnum = enumOf(Stance);

const TimelineField = enumType({
  name: 'TimelineOrderField',
  description: 'Clock to order by.',
  values: {
    occurred: 'When it happened: open starts first, then by earliest bound, by latest bound, by sequence.',
    known: 'When it was first known, in the same way.',
    recorded: 'When it was recorded: by sequence.',
  },
});

@InputType({ description: 'Order of a timeline: ascending by one of the three clocks.' })
export class TimelineOrder {
  @Field(() => TimelineField, { description: 'The clock.' })
  field: string;
}

@InputType({ description: 'A window of time; an absent bound is open.' })
export class WindowInput {
  @Field(() => InstantScalar, { nullable: true, description: 'Not before this.' })
  earliest?: string | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Before this.' })
  latest?: string | null;
}

@InputType({
  description: 'Which entries; conditions on different fields all hold, values of one field are alternatives.',
})
export class TimelineFilterInput {
  @Field(() => [EntryKind], { nullable: true, description: 'Kinds.' })
  kinds?: string[] | null;
  @Field(() => [String], { nullable: true, description: "The recorder's own numbers." })
  references?: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Actors, as `role:id`.' })
  actors?: string[] | null;
  @Field(() => [ActorRole], { nullable: true, description: 'Roles of the actor.' })
  roles?: string[] | null;
  @Field(() => [ID], {
    nullable: true,
    description: 'Whoever acts, passes on, or is named by a field of the fact (a recipient, a group), as `role:id`.',
  })
  involving?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Documents.' })
  sources?: string[] | null;
  @Field(() => [MannerEnum], { nullable: true, description: 'How the source put it.' })
  manners?: string[] | null;
  @Field(() => [OriginEnum], { nullable: true, description: 'Who stands at the beginning of what was passed on.' })
  origins?: string[] | null;
  @Field(() => [AttributionEnum], { nullable: true, description: 'How it can be carried into another document.' })
  attributions?: string[] | null;
  @Field(() => [StandingEnum], { nullable: true, description: 'Standing in the view.' })
  standing?: string[] | null;
  @Field(() => CertaintyEnum, { nullable: true, description: 'Certainty in the view.' })
  certainty?: string | null;
  @Field(() => [ContinuationEnum], { nullable: true, description: 'Of states: whether they go on.' })
  continuations?: string[] | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is an assumption that its actor is the one who appears elsewhere.',
  })
  identityAssumed?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it amends another fact: a correction, a retraction, or that somebody came to know it. Without it, these count as facts too.',
  })
  amends?: boolean | null;
  @Field(() => WindowInput, { nullable: true, description: 'May have happened, or begun, within this window.' })
  occurredWithin?: WindowInput | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether the time of occurrence has a lower bound.' })
  hasLowerBound?: boolean | null;
  @Field(() => [ID], { nullable: true, description: 'The communications of which it is a part.' })
  partOf?: string[] | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Every word must occur in what was recorded last: of a fact its statement, quotation, note and the texts of its own fields; once corrected, the new statement, the reason, and quotation and note where the correction gives them. `word*` stands for words that begin so. At most 200 characters.',
  })
  text?: string | null;
}

@ArgsType()
export class TimelineArgs extends PageArgs {
  @Field(() => TimelineFilterInput, { nullable: true, description: 'Which entries.' })
  filter?: TimelineFilterInput | null;
  @Field(() => TimelineOrder, {
    nullable: true,
    description: 'Absent: OCCURRED within an incident; over all of them RECORDED, the only order that needs none.',
  })
  orderBy?: TimelineOrder | null;
}

@ObjectType({ description: 'How many, certain and possible apart.' })
export class CertaintyCounts {
  @Field(() => Int, { description: 'Certain ones.' })
  certain: number;
  @Field(() => Int, { description: 'Possible ones.' })
  possible: number;
}

@ObjectType({ description: 'The fact as the view shows it: with the corrections that hold there.' })
export class FactInForce {
  @Field(() => SequenceScalar, { description: 'Sequence of the event whose statement is in force.' })
  sequence: string;
  @Field(() => ProtectedText, {
    nullable: true,
    description: 'The statement; null of a retraction that puts nothing in place.',
  })
  statement: ProtectedText | null;
  @Field(() => Occurrence, { description: 'When it happened.' })
  occurred: Occurrence;
  @Field(() => [Knowledge], { description: 'Who knew it since when.' })
  known: Knowledge[];
  @Field(() => Actor, { description: 'Whose act or statement it is.' })
  actor: Actor;
  @Field(() => Source, { description: 'Where it stands.' })
  source: Source;
  @Field(() => MannerEnum, { description: 'How the source put it.' })
  manner: string;
  @Field(() => ProtectedText, { nullable: true, description: 'Fragment in the words of the source.' })
  quoted: ProtectedText | null;
  @Field(() => ProtectedText, { nullable: true, description: 'Remark.' })
  note: ProtectedText | null;
}

@ObjectType({ description: 'Who knew it by the moment, since when, and how certainly.' })
class Knower extends Knowledge {
  @Field(() => CertaintyEnum, { description: 'Whether this one knew it by the moment.' })
  certainty: string;
}

@ObjectType({ description: 'Where a fact stands on a contested question.' })
export class FactPosition {
  @Field(() => ID, { description: 'The question, as `contestedQuestions` names it.' })
  questionId: string;
  @Field(() => String, { nullable: true, description: "The recorder's own number of the question; null: none." })
  questionReference: string | null;
  @Field(() => StanceEnum, { description: 'The stance, as the recorder reads it.' })
  stance: string;
}

@ObjectType({ description: 'An entry in a view. What depends on the view is here, not on the entry.' })
export class TimelineEdge {
  @Field({ description: 'Where it stands in the list. Empty outside a list.' })
  cursor: string;
  @Field(() => TimelineEntry, { description: 'The entry, as recorded.' })
  node: TimelineEntry;
  @Field(() => CertaintyEnum, { description: 'Whether it was known by the moment.' })
  certainty: string;
  @Field(() => [Knower], { description: 'Those whose knowledge shows it in this view.' })
  knownBy: Knower[];
  @Field(() => StandingEnum, { description: 'How it stands.' })
  standing: string;
  @Field(() => FactInForce, {
    nullable: true,
    description: 'The fact as the view shows it; null when it cannot be read.',
  })
  inForce: FactInForce | null;
  @Field(() => TimelineEntry, { nullable: true, description: 'The last correction that holds; null when none does.' })
  supersededBy: TimelineEntry | null;
  @Field(() => TimelineEntry, { nullable: true, description: 'The retraction that holds; null when none does.' })
  retractedBy: TimelineEntry | null;
  @Field(() => TimelineEntry, {
    nullable: true,
    description:
      'A correction or retraction that was perhaps known by then: the old text shows, possibly superseded. Null when there is none.',
  })
  possiblySupersededBy: TimelineEntry | null;
  @Field(() => RecordingLag, { description: 'From first knowledge, whoever had it, to recording.' })
  recordingLag: RecordingLag;
  @Field(() => RecordingLag, {
    nullable: true,
    description:
      'From when the controller itself knew to recording; null where the record shows no knowledge of its own.',
  })
  controllerLag: RecordingLag | null;
  @Field(() => OriginEnum, { description: 'Who stands at the beginning of what was passed on.' })
  origin: string;
  @Field(() => AttributionEnum, { description: 'How it can be carried into another document.' })
  attribution: string;
  @Field({ description: 'Whether it is an assumption that its actor is the one who appears elsewhere under this id.' })
  identityAssumed: boolean;
  @Field(() => ContinuationEnum, { nullable: true, description: 'Of a state: whether it goes on; null of a moment.' })
  continuation: string | null;
  @Field(() => [FactPosition], { description: 'Where it stands on contested questions.' })
  positions: FactPosition[];
  @Field(() => TimelineEntry, {
    nullable: true,
    description: 'The first fact on record that asserts the same thing; null when this is the one.',
  })
  assertedBefore: TimelineEntry | null;
  @Field(() => [TimelineEntry], {
    description: 'Other facts of this view that assert the same thing, the first 20 in order of recording.',
  })
  assertedAlsoBy: TimelineEntry[];
}

@ObjectType({ description: 'A page of a timeline. There is no shortcut past the edges: certainty is on them.' })
export class TimelineConnection {
  @Field(() => [TimelineEdge], { description: 'In the order asked for.' })
  edges: TimelineEdge[];
  @Field(() => PageInfo, { description: 'Where the page lies.' })
  pageInfo: PageInfo;
  @Field(() => CertaintyCounts, { description: 'Facts of the whole list under its filter, counted when selected.' })
  counts: CertaintyCounts;
  @Field(() => CertaintyCounts, {
    description: 'Things that these facts assert: two assertions of one thing count once. Counted when selected.',
  })
  things: CertaintyCounts;
}

@ObjectType({ description: 'One fact, and everything that amends it, in log order.' })
export class FactHistory {
  @Field(() => TimelineEdge, { description: 'The fact in this view.' })
  fact: TimelineEdge;
  @Field(() => [TimelineEdge], { description: 'Corrections and retractions in this view, also of one another.' })
  amendments: TimelineEdge[];
}

const IncidentStatusEnum = enumType({
  name: 'IncidentStatus',
  description: 'Whether work on the incident goes on.',
  values: { open: 'Work goes on.', closed: 'Work ended; facts can still be recorded.' },
});

@ObjectType({ description: 'An incident as a view shows it. It has no id: two views show two states of one incident.' })
export class IncidentState {
  @Field(() => Incident, { description: 'The incident, the same under every view.' })
  incident: Incident;
  @Field(() => ProtectedText, { description: 'What it is called.' })
  title: ProtectedText;
  @Field(() => Actor, { description: 'The controller: UK GDPR Art. 4(7).' })
  controller: Actor;
  @Field({ description: 'IANA time zone by whose calendar its facts are counted into months.' })
  zone: string;
  @Field(() => IncidentStatusEnum, {
    description: 'Whether work goes on, by what is on record in this view: closing has no time of knowledge.',
  })
  status: string;
  @Field(() => SequenceScalar, { description: 'Ordinal of the event that opened it.' })
  opened: string;
}
@ObjectType({ description: 'One of the incidents of the ledger.' })
export class IncidentEdge {
  @Field({ description: 'Where it stands in the list.' })
  cursor: string;
  @Field(() => IncidentState, { description: 'The incident as the view shows it.' })
  node: IncidentState;
}

@ObjectType({ description: 'A page of the incidents of the ledger, in order of opening.' })
export class IncidentConnection {
  @Field(() => [IncidentEdge], { description: 'In order of opening.' })
  edges: IncidentEdge[];
  @Field(() => PageInfo, { description: 'Where the page lies.' })
  pageInfo: PageInfo;
}

@InputType({ description: 'Which incidents; conditions on different fields all hold.' })
export class IncidentFilterInput {
  @Field(() => [IncidentStatusEnum], { nullable: true, description: 'Whether work goes on.' })
  statuses?: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Controllers, as `role:id`.' })
  controllers?: string[] | null;
  @Field(() => [String], { nullable: true, description: "The organisation's own references." })
  references?: string[] | null;
}

@ObjectType({ description: 'The ledger as of a moment. Everything below inherits the moment.' })
export class LedgerView {
  @Field(() => ViewPoint, { description: 'What was asked for.' })
  requested: ViewPoint;
  @Field(() => ResolvedViewPoint, { description: 'What was found.' })
  resolved: ResolvedViewPoint;
}

const ChangeEnum = enumType({
  name: 'EntryChange',
  description: 'What differs between two views.',
  values: ENTRY_CHANGES,
});

@ObjectType({ description: 'An entry that differs between the two views.' })
export class ChangeEdge {
  @Field({ description: 'Where it stands in the list.' })
  cursor: string;
  @Field(() => TimelineEntry, { description: 'The entry, as recorded.' })
  node: TimelineEntry;
  @Field(() => [ChangeEnum], { description: 'Everything that differs.' })
  changes: string[];
  @Field(() => TimelineEdge, { nullable: true, description: 'As the first view shows it; null when it does not.' })
  before: TimelineEdge | null;
  @Field(() => TimelineEdge, { nullable: true, description: 'As the second view shows it; null when it does not.' })
  after: TimelineEdge | null;
}

@ObjectType({ description: 'What differs, by order of recording.' })
export class ChangeConnection {
  @Field(() => [ChangeEdge], { description: 'Entries that differ.' })
  edges: ChangeEdge[];
  @Field(() => PageInfo, { description: 'Where the page lies.' })
  pageInfo: PageInfo;
  @Field(() => Int, { description: 'How many entries differ in all.' })
  total: number;
}

@ObjectType({ description: 'Two views of one incident, and what differs.' })
export class LedgerComparison {
  @Field(() => LedgerView, { description: 'The first view.' })
  from: LedgerView;
  @Field(() => LedgerView, { description: 'The second view.' })
  to: LedgerView;
}

@ObjectType({ description: 'A new entry, with the position to resume after.' })
export class RecordedEntry {
  @Field(() => PositionScalar, { description: 'Resume after this.' })
  position: string;
  @Field(() => TimelineEntry, { description: 'The entry.' })
  entry: TimelineEntry;
}
