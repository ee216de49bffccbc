import { z } from 'zod';
import { count, described, oneOf, sha256, text, token, uuid, worded } from '../schema/fields';
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

const Effects = described(z.strictObject({ confidentiality: Effect, integrity: Effect, availability: Effect }), {
  shape: 'effects',
  description: 'Effect on confidentiality, integrity and availability (EDPB 9/2022; ICO report form).',
});

const cohort = worded('The group of data subjects.', Actor).optional();

/** Every kind of fact, once. `docs/guides/add-a-fact.md` says what else a new one touches. */
const DEFINITIONS: readonly Kind[] = [
  kind('incident-occurred', {
    noun: 'incident-occurrence',
    title: 'The incident itself',
    description:
      'The security incident at whoever suffered it. A personal data breach is one kind of it: UK GDPR Art. 4(12).',
  }),
  kind('processor-notification-received', {
    noun: 'processor-notification',
    title: 'Processor told the controller',
    description:
      'A processor told the controller of a breach: UK GDPR Art. 33(2). Receipt by itself starts no clock; awareness does.',
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
        z
          .array(
            oneOf(
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
            ),
          )
          .max(20),
      ).optional(),
      contact: worded('Whom to ask at the processor.', Contact).optional(),
    },
  }),
  kind('impact-claimed', {
    noun: 'impact-claim',
    title: 'Impact on data',
    description: 'What somebody says the incident did to data.',
    fields: { effects: Effects },
  }),
  kind('scope-claimed', {
    noun: 'scope-claim',
    title: 'Scope',
    description:
      'What somebody says is, or is not, affected: a group of data subjects or a system. One statement each.',
    fields: {
      affected: worded('Whether it is affected.', Effect),
      cohort,
      system: token('The system, by its short name.').optional(),
    },
  }),
  kind('response-action-taken', {
    noun: 'response-action',
    title: 'Response',
    description: 'A measure taken to address the incident: UK GDPR Art. 33(3)(d).',
  }),
  kind('authority-informed', {
    noun: 'authority-report',
    title: 'Authority informed',
    description: 'A report to an authority; to the supervisory authority it is the notification of UK GDPR Art. 33(1).',
    fields: {
      recipient: worded('The authority that was told.', Actor),
      channel: Channel.optional(),
      authorityReference: text(200, "The authority's own reference number.").optional(),
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
    fields: { channel: Channel, cohort, original: sha256('SHA-256 of the original as sent or received.').optional() },
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
  kind('prior-incident-reported', {
    noun: 'prior-incident',
    title: 'Earlier incident',
    description: 'An earlier incident that a source mentions beside this one: linked, never merged.',
    fields: { incidents: count('How many incidents the one statement speaks of.') },
  }),
  kind('prior-incident-outcome-reported', {
    noun: 'prior-incident-outcome',
    title: 'Outcome of an earlier incident',
    description: 'What a source says came of an earlier incident.',
  }),
  kind('fact-corrected', {
    noun: 'correction',
    command: 'correct-fact',
    title: 'Correction',
    description:
      'A fact reads otherwise from here on; the old text stays what every earlier view shows. UK GDPR Art. 5(1)(d), 5(2).',
    common: {
      ...FACT_FIELDS,
      known: z.array(FACT_FIELDS.known.element).max(50),
      statement: text(8000, 'What the fact now states, whole.'),
    },
    fields: {
      corrects: uuid('The fact that is corrected.'),
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
    fields: { retracts: uuid('The fact that is retracted.'), reason: text(2000, 'Why it no longer stands.') },
  }),
];

export const KINDS: ReadonlyMap<string, Kind> = new Map(DEFINITIONS.map((entry) => [entry.type, entry]));

export const isFactType = (type: string): boolean => KINDS.has(type);
