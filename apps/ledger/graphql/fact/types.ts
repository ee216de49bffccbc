import { Field, Float, ID, Int, InterfaceType, ObjectType } from '@nestjs/graphql';
import { Role } from '@ledger/domain/fact/actor';
import { Identity, Manner } from '@ledger/domain/fact/fact';
import { KINDS } from '@ledger/domain/fact/kinds';
import { PrecisionField, QualifierField, TimeBasisField } from '@ledger/domain/fact/times';
import { fieldMeta, type Enumeration } from '@ledger/domain/schema/fields';
import type { z } from 'zod';
import { enumType } from '../common/enums';
import { Node, resolveType } from '../common/node';
import { ProtectedText } from '../common/protected-text';
import { InstantScalar, SequenceScalar } from '../common/scalars';

/** The GraphQL enum behind a domain field. */
export const enumOf = (schema: z.ZodType): Record<string, string> =>
  enumType(fieldMeta(schema)?.enumeration as Enumeration);

export const ActorRole = enumOf(Role);
export const MannerEnum = enumOf(Manner);
const IdentityEnum = enumOf(Identity);
export const Precision = enumOf(PrecisionField);
export const Qualifier = enumOf(QualifierField);
export const TimeBasis = enumOf(TimeBasisField);

export const EntryKind = enumType({
  name: 'EntryKind',
  description: 'What kind of entry it is. Each value has a type of the same name. This list grows.',
  values: {
    ...Object.fromEntries(
      [...KINDS.values()].map(({ type, title, description }) => [type, `${title}. ${description}`]),
    ),
    'unreadable-entry': 'An event that this version of the software cannot read.',
  },
});

@ObjectType({
  description: 'A time as honest as its source: the half-open window from earliest up to, not including, latest.',
})
export class When {
  @Field(() => ProtectedText, {
    nullable: true,
    description: "The source's own words for the time; null when it used none.",
  })
  text: ProtectedText | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Not before this; null: no lower bound is known.' })
  earliest: string | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Before this; null: no upper bound is known.' })
  latest: string | null;
  @Field({ description: 'IANA time zone whose days and hours are meant. Example: `Europe/London`.' })
  zone: string;
  @Field(() => Precision, { description: 'How wide the time is.' })
  precision: string;
  @Field(() => Qualifier, { description: 'What reserve the source made.' })
  qualifier: string;
  @Field(() => String, { nullable: true, description: 'EDTF (ISO 8601-2) for interchange; the bounds stand.' })
  edtf: string | null;
  @Field(() => TimeBasis, { description: 'What the bounds rest on.' })
  basis: string;
  @Field({ description: 'In words for a person: an open or imprecise time is never printed as a timestamp.' })
  display: string;
}

const OccurrenceShape = enumType({
  name: 'OccurrenceShape',
  description: 'Whether it happened or went on.',
  values: {
    moment: 'It happened once, within the bounds.',
    state: 'It began, was observed, and ended or has no end on record.',
  },
});

@ObjectType({ description: 'When it happened: `when` of a moment; `start`, `observed` and `end` of a state.' })
export class Occurrence {
  @Field(() => OccurrenceShape, { description: 'Moment or state.' })
  shape: string;
  @Field(() => When, { nullable: true, description: 'Of a moment: when; null of a state.' })
  when: When | null;
  @Field(() => When, { nullable: true, description: 'Of a state: its start; null of a moment.' })
  start: When | null;
  @Field(() => [When], { description: 'Of a state: when it was observed; empty of a moment.' })
  observed: When[];
  @Field(() => When, {
    nullable: true,
    description: 'Of a state: its end; null: no end is on record, or it is a moment.',
  })
  end: When | null;
  @Field({ description: 'In words for a person.' })
  display: string;
}

@ObjectType({ description: 'Who, by role and id.' })
export class Actor {
  @Field(() => ID, { description: '`role:id`, as filters and `asOf.known.by` take it. Example: `controller:labour`.' })
  ref: string;
  @Field(() => ActorRole, { description: 'In which role.' })
  role: string;
  // Not `id`: clients that cache by type and id would take two roles, or two views of one name, for one object.
  @Field({ description: 'Id within the role, as inputs take it. Of a person: a random pseudonym.' })
  localId: string;
  @Field(() => ProtectedText, {
    nullable: true,
    description:
      'Name, or the words by which the source identifies a pseudonymous person; the registered name where the fact gives none; null when there is neither.',
  })
  name: ProtectedText | null;
}

@ObjectType({ description: 'Who knew it, since when.' })
export class Knowledge {
  @Field(() => Actor, { description: 'The knower.' })
  by: Actor;
  @Field(() => When, { description: 'Since when.' })
  when: When;
  @Field(() => ProtectedText, {
    nullable: true,
    description: 'How the knower came to know, or how that is known; null when not said.',
  })
  basis: ProtectedText | null;
}

@ObjectType({ description: 'Where a statement stands.' })
export class Source {
  @Field({ description: 'Document, by the reference under which it is kept.' })
  document: string;
  @Field(() => Int, { nullable: true, description: 'Line, from 1; null when not given.' })
  line: number | null;
  @Field(() => ProtectedText, { nullable: true, description: 'Place in words; null when not given.' })
  locator: ProtectedText | null;
}

@ObjectType({ description: 'How to reach somebody.' })
export class Contact {
  @Field(() => ID, {
    nullable: true,
    description: 'Random id of the person or mailbox; null when the details are redacted in the source.',
  })
  subject: string | null;
  @Field(() => ProtectedText, { description: 'Address, number or mailbox.' })
  details: ProtectedText;
}

@ObjectType({ description: 'An incident as an identity: the same under every view.', implements: () => [Node] })
export class Incident implements Node {
  id: string;
  @Field({ description: "The organisation's own reference for it." })
  reference: string;
}

/** What is there of every entry, even of one that cannot be read. */
@InterfaceType('TimelineEntry', {
  description: 'An entry of the timeline: one immutable event. What depends on the view is on the edge.',
  implements: () => [Node],
  resolveType,
})
export abstract class TimelineEntry extends Node {
  @Field(() => EntryKind, { description: 'What kind of entry.' })
  kind: string;
  @Field(() => SequenceScalar, { description: 'Ordinal in the ledger: what to cite.' })
  sequence: string;
  @Field(() => Incident, { nullable: true, description: 'The incident; null when its opening cannot be read.' })
  incident: Incident | null;
  @Field(() => InstantScalar, { description: "When it was recorded, by the server's clock." })
  recorded: string;
  @Field(() => ID, { description: 'Who recorded it: a random user id; names are kept outside the log.' })
  recordedBy: string;
}

@InterfaceType('Fact', {
  description:
    'A fact as it was recorded, with its three clocks: occurred, known, recorded. It never changes; see `inForce` on the edge for what a view shows.',
  implements: () => [TimelineEntry, Node],
  resolveType,
})
export abstract class Fact extends TimelineEntry {
  @Field(() => String, { nullable: true, description: "The recorder's own number for it; null when none was given." })
  reference: string | null;
  @Field(() => Occurrence, { description: 'When it happened in the world.' })
  occurred: Occurrence;
  @Field(() => [Knowledge], {
    description: 'Who knew it since when; empty only of a correction that takes the knowers of its original.',
  })
  known: Knowledge[];
  @Field(() => Actor, { description: 'Whose act or statement it is.' })
  actor: Actor;
  @Field(() => Source, { description: 'Where it stands.' })
  source: Source;
  @Field(() => MannerEnum, { description: 'How the source put it.' })
  manner: string;
  @Field(() => [Actor], {
    description:
      'Who told whom, from whoever said it first to the author of the source; empty: that author speaks for itself.',
  })
  via: Actor[];
  @Field(() => ProtectedText, {
    nullable: true,
    description: 'What the source says; null only of a retraction that puts nothing in place.',
  })
  statement: ProtectedText | null;
  @Field(() => ProtectedText, {
    nullable: true,
    description: "A fragment in the source's own words; null when none was kept.",
  })
  quoted: ProtectedText | null;
  @Field(() => ProtectedText, { nullable: true, description: "The recorder's remark; null when there is none." })
  note: ProtectedText | null;
  @Field(() => TimelineEntry, {
    nullable: true,
    description: 'The communication of which it is a part; null when it is none, or that is not on record.',
  })
  partOf: TimelineEntry | null;
  @Field(() => TimelineEntry, {
    nullable: true,
    description: 'The fact of which it is a second assertion: one thing, not two.',
  })
  sameThingAs: TimelineEntry | null;
  @Field(() => [TimelineEntry], { description: 'The facts on record that it puts into other words.' })
  restates: TimelineEntry[];
  @Field(() => IdentityEnum, {
    nullable: true,
    description: 'Whether its actor is the one who appears under the same id elsewhere; null when not said.',
  })
  identity: string | null;
}

@ObjectType('UnreadableEntry', {
  description: 'An event that is there and cannot be read. It is shown as that, never dropped and never guessed at.',
  implements: () => [TimelineEntry, Node],
})
export class UnreadableEntry extends TimelineEntry {
  @Field({ description: 'What the problem is.' })
  problem: string;
}

export const Verdict = enumType({
  name: 'Verdict',
  description: 'Answer to a question about imprecise times: never a plain yes or no.',
  values: {
    shown: 'The record shows it.',
    refuted: 'The record shows the contrary.',
    'not-shown': 'The bounds allow both.',
  },
});

@ObjectType({ description: 'An interval between two imprecise times, in seconds.' })
export class DurationRange {
  @Field(() => Float, {
    nullable: true,
    description: 'More than this many seconds; null: no lower bound. Negative: it may have been the other way round.',
  })
  minSeconds: number | null;
  @Field(() => Float, { nullable: true, description: 'Less than this many seconds; null: no upper bound.' })
  maxSeconds: number | null;
}

@ObjectType({
  description: 'How long after it was first known a fact was recorded. An import never passes as contemporaneous.',
})
export class RecordingLag extends DurationRange {
  @Field(() => Verdict, { description: 'Whether it was recorded more than 24 hours after it was known.' })
  moreThanOneDay: string;
}
