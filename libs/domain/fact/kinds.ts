import { z } from 'zod';
import { amount, count, idOf, list, oneOf, record, sha256, text, token, worded } from '../schema/fields';
import { Actor, Contact } from './actor';
import { Changes, FACT_FIELDS } from './fact';
import { WhenField } from './times';

/**
 * Storage format: version with care. The keys of KINDS and the fields below are what lies in the log for ever. Until the
 * first tagged release a schema may still be replaced together with its golden file; after it, only optional fields may
 * be added, and anything else is a new version with an upcaster.
 */
export interface Kind {
  /** Stored event type, kebab-case and past tense. PascalCase and UPPER_CASE are derived from it. */
  readonly type: string;
  readonly version: number;
  /** The record as a noun: names the success type at the edge. */
  readonly noun: string;
  /** Imperative, kebab-case: the command and the mutation. */
  readonly command: string;
  /** The line on a timeline. */
  readonly title: string;
  /** For the catalogue and the schema, with the legal source where there is one. */
  readonly description: string;
  /** The kind's own fields. */
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** The whole payload: common fields and own ones. */
  readonly schema: z.ZodObject;
}

interface Spec {
  readonly noun: string;
  readonly title: string;
  readonly description: string;
  readonly command?: string;
  readonly fields?: Readonly<Record<string, z.ZodType>>;
  readonly common?: Readonly<Record<string, z.ZodType>>;
  readonly version?: number;
}

const kind = (type: string, spec: Spec): Kind => {
  const fields = spec.fields ?? {};
  return {
    type,
    version: spec.version ?? 1,
    noun: spec.noun,
    command: spec.command ?? `record-${spec.noun}`,
    title: spec.title,
    description: spec.description,
    fields,
    schema: z.strictObject({ ...(spec.common ?? FACT_FIELDS), ...fields }),
  };
};

const Channel = oneOf(
  'Channel',
  {
    email: 'E-mail.',
    letter: 'Letter.',
    telephone: 'Telephone.',
    meeting: 'In person or by video.',
    portal: "A portal or form of the recipient's or a vendor's.",
    website: 'A page on the web.',
    press: 'Through a publisher.',
    'social-media': 'A social network.',
    other: 'Another channel, named in the note.',
    unknown: 'The source does not say: an answer, not a blank.',
  },
  'Channel over which it was sent.',
);

export const Effect = oneOf(
  'Effect',
  {
    yes: 'The source says that there was such an effect.',
    no: 'The source says that there was none.',
    suspected: 'The source suspects it.',
    'ruled-out': 'The source says that it was looked into and excluded.',
    unknown: 'The source says that it is not known.',
    'not-stated': 'The source says nothing about it.',
  },
  'What the source says of one effect. "no" and "unknown" are never the same.',
);

export const NoticeTopic = oneOf(
  'NoticeTopic',
  {
    'time-of-incident': 'When it happened.',
    'processor-awareness': 'When the processor became aware.',
    'nature-of-breach': 'What happened: Art. 33(3)(a).',
    'data-categories': 'Categories of personal data: Art. 33(3)(a).',
    'data-subject-categories': 'Categories of data subjects: Art. 33(3)(a).',
    numbers: 'Approximate numbers of data subjects and records: Art. 33(3)(a).',
    'contact-point': 'Contact point: Art. 33(3)(b).',
    consequences: 'Likely consequences: Art. 33(3)(c).',
    measures: 'Measures taken or proposed: Art. 33(3)(d).',
    'sub-processors': 'Who else in the chain is concerned.',
  },
  'A topic that such a notice should cover.',
);

const Effects = record(
  'Effects',
  {
    confidentiality: worded('Was data disclosed or accessed?', Effect),
    integrity: worded('Was data altered?', Effect),
    availability: worded('Was data lost or out of reach?', Effect),
  },
  'Effect on confidentiality, integrity and availability, as the source has it (EDPB 9/2022; ICO report form).',
);

const DataCategory = oneOf(
  'DataCategory',
  {
    'basic-identifiers': 'Name, contact details.',
    'identification-data': 'User names, passwords, customer numbers.',
    'economic-financial': 'Bank details, payments, debts.',
    'official-documents': 'Passports, driving licences.',
    location: 'Where people are or were.',
    'genetic-biometric': 'Genetic or biometric data (Art. 9).',
    health: 'Health (Art. 9).',
    'racial-ethnic': 'Racial or ethnic origin (Art. 9).',
    'political-opinions': 'Political opinions (Art. 9).',
    'religious-beliefs': 'Religious or philosophical beliefs (Art. 9).',
    'trade-union-membership': 'Trade union membership (Art. 9).',
    'sex-life': 'Sex life (Art. 9).',
    'sexual-orientation': 'Sexual orientation (Art. 9).',
    'gender-reassignment': 'Gender reassignment.',
    criminal: 'Criminal convictions and offences (Art. 10).',
    other: 'Another category, named in the statement.',
    unknown: 'The source says that it is not known: an answer, not a blank.',
  },
  'A category of personal data, after the ICO report form.',
);

/** Given as they are given: no range is ever drawn from other ranges. */
const Range = record(
  'Range',
  {
    of: oneOf(
      'Counted',
      {
        'data-subjects': 'People whose data is concerned.',
        records: 'Records of personal data.',
        messages: 'Messages sent.',
        systems: 'Systems.',
        other: 'Something else, named in the basis.',
      },
      'What is counted.',
    ),
    min: amount('At least so many.').optional(),
    best: amount('The best estimate.').optional(),
    max: amount('At most so many.').optional(),
    basis: text(500, 'What the numbers rest on.').optional(),
  },
  'How many, as the source gives it; a bound that it does not give is open.',
  {
    holds: ({ min, best, max }) => {
      const given = [min, best, max].filter((number) => typeof number === 'number');
      return given.length > 0 && given.every((number, index) => index === 0 || (given[index - 1] ?? 0) <= number);
    },
    path: 'min',
    error: 'needs min, best or max; in this order none may be less than one before it',
  },
);

const Section = record(
  'Section',
  {
    key: token('The section, by a short name.'),
    heading: text(300, 'Its heading.').optional(),
    summary: text(2000, 'What it says, in the words of the recorder.').optional(),
  },
  'A section of a communication. Statements in it that can be corrected alone are facts of their own.',
);

const cohort = worded('The group of data subjects.', Actor).optional();
const system = token('The system, by its short name.').optional();
const authorityReference = text(200, "The authority's own reference number.").optional();
const original = sha256('SHA-256 of the original as sent or received.').optional();

/** Every kind of fact, once. `docs/guides/add-a-fact.md` says what else a new one touches. */
const DEFINITIONS: readonly Kind[] = [
  kind('incident-occurred', {
    noun: 'incident-occurrence',
    title: 'The incident itself',
    description:
      'The security incident itself; `actor` is at whom it happened. A personal data breach is one kind of it: UK GDPR Art. 4(12).',
  }),
  kind('processor-notification-received', {
    noun: 'processor-notification',
    title: 'Processor told the controller',
    description:
      'A processor told the controller of a breach: UK GDPR Art. 33(2). `occurred` is when it was sent. Receipt by itself starts no clock; awareness does.',
    fields: {
      channel: Channel,
      delivered: worded('When it reached the controller, which is not when somebody read it.', WhenField).optional(),
      firstRead: worded('When somebody at the controller first read it.', WhenField).optional(),
      stated: worded(
        'What the notice states, one thing each.',
        z.array(text(1000, 'One thing that the notice states.')).max(50),
      ).optional(),
      notStated: worded(
        'What such a notice should cover and this one does not.',
        z.array(NoticeTopic).max(20),
      ).optional(),
      contact: worded('Whom to ask at the processor.', Contact).optional(),
      followsUp: idOf('fact', 'The earlier notice that this one follows up.').optional(),
    },
  }),
  kind('impact-claimed', {
    noun: 'impact-claim',
    title: 'Impact on data',
    description: 'What somebody says the incident did to data, on one system or in general.',
    fields: { effects: Effects, system },
  }),
  kind('scope-claimed', {
    noun: 'scope-claim',
    title: 'Scope',
    description:
      'What somebody says is, or is not, affected: a group of data subjects or a system. One statement each.',
    fields: {
      affected: worded('Whether it is affected.', Effect),
      cohort,
      system,
      dataCategories: list(DataCategory, 30, 'Categories of personal data: Art. 33(3)(a).').optional(),
      numbers: list(Range, 10, 'How many, as far as the source says: Art. 33(3)(a).').optional(),
    },
  }),
  kind('response-action-taken', {
    noun: 'response-action',
    title: 'Response',
    description: 'A measure taken to address the incident: UK GDPR Art. 33(3)(d).',
    fields: { engaged: worded('Who was called in for it.', Actor).optional() },
  }),
  kind('authority-informed', {
    noun: 'authority-report',
    title: 'Authority informed',
    description: 'A report to an authority; to the supervisory authority it is the notification of UK GDPR Art. 33(1).',
    fields: {
      recipient: worded('The authority that was told.', Actor),
      channel: Channel.optional(),
      authorityReference,
      original,
      followsUp: idOf('fact', 'The earlier report that this one follows up: Art. 33(4).').optional(),
    },
  }),
  kind('authority-acted', {
    noun: 'authority-act',
    title: 'Act of an authority',
    description: 'What an authority itself did: its powers are those of UK GDPR Art. 58, or of criminal law.',
    fields: {
      act: oneOf(
        'AuthorityAct',
        {
          acknowledged: 'It acknowledged a report.',
          'information-requested': 'It asked for information (Art. 58(1)(a)).',
          'investigation-opened': 'It opened an investigation.',
          'investigation-closed': 'It closed an investigation.',
          'no-further-action': 'It said that it would take no further action.',
          warning: 'A warning (Art. 58(2)(a)).',
          reprimand: 'A reprimand (Art. 58(2)(b)).',
          order: 'An order or enforcement notice (Art. 58(2)(c) to (g), (j)).',
          penalty: 'An administrative fine or penalty (Art. 58(2)(i), 83).',
          advice: 'Advice.',
          other: 'Another act, named in the statement.',
        },
        'What it did.',
      ),
      concerning: worded('Whom it concerns.', Actor).optional(),
      authorityReference,
    },
  }),
  kind('investigation-status-stated', {
    noun: 'investigation-status',
    title: 'Investigation',
    description: 'What somebody says about an investigation: that it is under way, by whom, what it looks for.',
  }),
  kind('unknown-acknowledged', {
    noun: 'acknowledged-unknown',
    title: 'Said to be unknown',
    description:
      'Somebody says that something is not known. A statement, unlike a gap, which is the record keeper’s own.',
  }),
  kind('data-subjects-informed', {
    noun: 'data-subject-communication',
    title: 'Data subjects informed',
    description: 'A communication to data subjects: UK GDPR Art. 34. Its single statements are facts of their own.',
    fields: {
      channel: Channel,
      cohort,
      sections: list(Section, 50, 'Its sections, in order.').optional(),
      numbers: list(Range, 10, 'How many were sent, or to how many people.').optional(),
      original,
    },
  }),
  kind('advice-given', {
    noun: 'advice',
    title: 'Advice to individuals',
    description: 'Advice to people on how to protect themselves: Recital 86, not an element of Art. 34(2).',
    fields: { contact: worded('The contact that is given.', Contact).optional() },
  }),
  kind('commitment-made', {
    noun: 'commitment',
    title: 'Commitment',
    description: 'Something promised for later: whether it was kept is another fact.',
    fields: { contact: worded('The contact that is given.', Contact).optional() },
  }),
  kind('public-statement-made', {
    noun: 'public-statement',
    title: 'Public statement',
    description: 'A statement to the public or the press.',
    fields: { channel: Channel.optional(), original },
  }),
  kind('media-report-published', {
    noun: 'media-report',
    title: 'Press report',
    description: 'A publication about the incident, as an act of its publisher.',
  }),
  kind('incident-characterised', {
    noun: 'characterisation',
    title: 'Label for the incident',
    description: 'A label that a source puts on the incident. Labels are kept per source; they are not synonyms.',
  }),
  kind('service-outage-reported', {
    noun: 'service-outage',
    title: 'Service outage',
    description: 'A service was, or is, not available.',
    fields: { service: token('The service, by its short name.') },
  }),
  kind('downstream-effect-reported', {
    noun: 'downstream-effect',
    title: 'Downstream effect',
    description: 'A consequence of the incident, or said to be one, outside the systems concerned.',
  }),
  kind('claim-made', {
    noun: 'claim',
    title: 'Claim',
    description: 'Something that somebody asserts about the incident or the response to it.',
    fields: { cohort },
  }),
  kind('concession-made', {
    noun: 'concession',
    title: 'Concession',
    description: 'Something that somebody concedes, against their own interest.',
  }),
  kind('correspondence-reported', {
    noun: 'correspondence',
    title: 'Correspondence',
    description:
      'Contact between parties that is neither a notice, a report to an authority nor a communication of Art. 34.',
  }),
  kind('question-opened', {
    noun: 'question',
    title: 'Question asked',
    description: 'Somebody put a question; it stays open until an answer is on record.',
    fields: { askedOf: worded('Who was asked.', Actor).optional() },
  }),
  kind('question-answered', {
    noun: 'answer',
    title: 'Answer',
    description: 'Somebody answered a question that is on record. Whether the answer suffices is for the reader.',
    fields: { answers: idOf('fact', 'The question that it answers.') },
  }),
  kind('party-joined', {
    noun: 'participation',
    title: 'Party joined',
    description:
      'A party came to have part in the incident, from `occurred` on, in a role: controller, joint controller, processor, sub-processor, insurer, expert, authority.',
    fields: {
      party: worded('Who, in which role.', Actor),
      engagedBy: worded('On whose behalf, or called in by whom.', Actor).optional(),
    },
  }),
  kind('party-identified', {
    noun: 'identification',
    title: 'Party identified',
    description:
      'Somebody says who an unnamed party is. Nothing is merged: what was said of the unnamed one stays said of it.',
    fields: {
      party: worded('As the facts have called it so far.', Actor),
      identifiedAs: worded('Who that is.', Actor),
    },
  }),
  kind('fact-became-known', {
    noun: 'knowledge',
    title: 'Came to know',
    description:
      'Somebody came to know a fact that is on record: `known` says who and since when, and adds them to those who knew it. `occurred` is when they were told.',
    fields: { learned: idOf('fact', 'The fact that they came to know.') },
  }),
  kind('awareness-determined', {
    noun: 'awareness-decision',
    command: 'determine-awareness',
    title: 'Awareness determined',
    description:
      'A decision on since when a duty-holder was aware of a breach: UK GDPR Art. 33(1), EDPB 9/2022 paras 31-36. A decision has an author and reasons; a later one stands beside it. `occurred` is when it was decided.',
    fields: {
      dutyHolder: worded('Whose awareness it is.', Actor),
      awareFrom: worded('Since when it was aware.', WhenField),
      restsOn: list(idOf('fact', 'A fact that it rests on.'), 50, 'The facts that it rests on.'),
      reasons: text(8000, 'Why then.'),
      whyNotEarlier: text(8000, 'Why not earlier: what was known before was a signal, not awareness.').optional(),
    },
  }),
  kind('assurance-given', {
    noun: 'assurance',
    title: 'Assurance',
    description: 'Somebody assures that something is, or will be, so: kept apart from facts that show it.',
    fields: {
      assurance: oneOf(
        'AssuranceKind',
        {
          contained: 'The incident is contained.',
          'no-access': 'Nobody had access to the data.',
          'not-published': 'The data was not, or will not be, published.',
          deleted: 'The data taken was, or will be, deleted.',
          restored: 'Data or service is restored.',
          secured: 'The systems are safe again.',
          other: 'Something else, named in the statement.',
        },
        'What is assured.',
      ),
      status: oneOf(
        'AssuranceStatus',
        {
          promised: 'Promised for later.',
          asserted: 'Said to be so, without proof.',
          attested: 'Attested by somebody independent.',
          evidenced: 'With evidence that is on record.',
        },
        'How far it goes.',
      ),
      ground: text(1000, 'What the assurance itself rests on, where it says so.').optional(),
    },
  }),
  kind('assurance-contradicted', {
    noun: 'contradiction',
    title: 'Assurance contradicted',
    description: 'Something that speaks against an assurance on record.',
    fields: { contradicts: idOf('fact', 'The assurance that it speaks against.') },
  }),
  kind('state-observed', {
    noun: 'observation',
    title: 'State observed again',
    description:
      'An outage, an effect or another state that is on record was seen to go on, or to have ended, at `occurred`.',
    fields: {
      ofState: idOf('fact', 'The fact that reports the state.'),
      observation: oneOf('Observation', { continues: 'It went on.', ended: 'It had ended.' }, 'What was observed.'),
    },
  }),
  kind('evidence-referenced', {
    noun: 'evidence',
    title: 'Evidence',
    description:
      'A piece of evidence that is kept elsewhere, by its digest: whoever holds the bytes can show that they are these. `occurred` is when it was made or taken.',
    fields: {
      digest: sha256('SHA-256 of its bytes.'),
      bytes: amount('Its size in bytes.').optional(),
      mediaType: text(100, 'Its media type, such as application/pdf.').optional(),
      heldBy: worded('Who holds it.', Actor).optional(),
      supports: list(idOf('fact', 'A fact that it supports.'), 50, 'The facts that it supports.'),
    },
  }),
  kind('prior-incident-reported', {
    noun: 'prior-incident',
    title: 'Earlier incident',
    description:
      'An earlier incident that a source mentions beside this one; `actor` is at whom it happened. It is linked, never merged.',
    fields: { incidents: count('How many incidents the one statement speaks of.') },
  }),
  kind('prior-incident-outcome-reported', {
    noun: 'prior-incident-outcome',
    title: 'Outcome of an earlier incident',
    description: 'What a source says came of an earlier incident.',
    fields: { outcomeOf: idOf('fact', 'The fact that reports the earlier incident.').optional() },
  }),
  kind('fact-corrected', {
    noun: 'correction',
    command: 'correct-fact',
    title: 'Correction',
    description:
      'A fact reads otherwise from here on; the old text stays what every earlier view shows. `source`, `actor` and `manner` are those of the correction: of the fact they change only by `changes`. UK GDPR Art. 5(1)(d), 5(2).',
    common: {
      ...FACT_FIELDS,
      known: z.array(FACT_FIELDS.known.element).max(50),
      statement: text(8000, 'What the fact now states, whole.'),
    },
    fields: {
      corrects: idOf('fact', 'The fact that is corrected.'),
      nature: oneOf(
        'CorrectionNature',
        {
          substance: 'The world or the source changed its account. Shows where both recording and knowledge reach it.',
          transcription:
            'We had typed it wrongly. Takes the knowers of the original, gives none of its own, and never reaches back on recording.',
        },
        'What sort of correction it is.',
      ),
      reason: text(2000, 'Why the fact reads otherwise.'),
      changes: Changes.optional(),
    },
  }),
  kind('fact-retracted', {
    noun: 'retraction',
    command: 'retract-fact',
    title: 'Retraction',
    description: 'A fact no longer stands. It stays visible, as retracted, with the reason.',
    common: { ...FACT_FIELDS, statement: text(8000, 'What is said instead, or that nothing is.').optional() },
    fields: { retracts: idOf('fact', 'The fact that is retracted.'), reason: text(2000, 'Why it no longer stands.') },
  }),
];

export const KINDS: ReadonlyMap<string, Kind> = new Map(DEFINITIONS.map((entry) => [entry.type, entry]));

export const isFactType = (type: string): boolean => KINDS.has(type);
