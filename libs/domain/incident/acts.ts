import { z } from 'zod';
import { act } from '../act';
import { idOf, list, oneOf, text, token, worded } from '../schema/fields';
import { Actor } from '../fact/actor';
import { WhenField, ZoneName } from '../fact/times';

const KeyId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id of a key');

export const GapTopic = oneOf(
  'GapTopic',
  {
    'unregistered-processor': 'A notice came from a processor that is not registered. The ledger opens it by itself.',
    'processor-identity': 'Who the processor is.',
    'processor-agreement': 'The agreement with the processor, its sub-processors, where data is kept: Art. 28.',
    'time-of-incident': 'When it happened, or when the processor became aware.',
    'time-of-notice': 'When and how the notice reached the controller.',
    'authority-report': 'When, how or under which reference an authority was told, or what it was told.',
    'authority-outcome': 'What an authority made of it.',
    'cause-and-actor': 'What caused it, who was behind it, whether data left the systems or was altered.',
    'data-categories': 'Categories of personal data: Art. 33(3)(a).',
    numbers: 'Numbers of data subjects, records or messages: Art. 33(3)(a).',
    'special-categories': 'Whether special categories of data are concerned: Art. 9.',
    consequences: 'Likely consequences for people: Art. 33(3)(c).',
    'risk-assessment': 'How high the risk is, and who decided that: Art. 33(1), 34(1).',
    measures: 'Measures taken or proposed, before and after: Art. 33(3)(d).',
    'contact-point': 'Data protection officer or other contact point: Art. 33(3)(b).',
    outage: 'When an outage began or ended.',
    cohort: 'Whether a group of people is affected.',
    communication: 'How, when or to whom data subjects were told.',
    effect: 'When an effect began or ended, or how far it reaches.',
    other: 'Something else, named in the question.',
  },
  'What the record lacks. This list grows.',
);

export const Stance = oneOf(
  'Stance',
  {
    asserts: 'Says yes.',
    denies: 'Says no.',
    doubts: 'Doubts it, without saying no.',
    concedes: 'Grants it against their own interest.',
    reports: 'Bears on it and takes no side.',
    asks: 'Asks.',
  },
  'Where a fact stands on a contested question, as the recorder reads it.',
);

export const IncidentRelation = oneOf(
  'IncidentRelation',
  {
    prior: 'An earlier incident, on record by itself. The two are never merged.',
    duplicate: 'The other record is of this same incident. Both stay; nothing is merged.',
    related: 'Related in another way, named in the reason.',
  },
  'How two incidents on record belong together.',
);

const incidentId = idOf('incident', 'The incident.');
const gapId = idOf('gap', 'The gap.');
const questionId = idOf('contested-question', 'The contested question.');
const reference = token("The recorder's own number for it.").optional();
const facts = (one: string, all: string) => list(idOf('fact', one), 50, all);

/** Functions or organisations, never a person's name: it lies in clear. */
const owners = list(
  token('A function or an organisation, such as legal or IT; never a person.'),
  10,
  'Who is to close it.',
);

/** Storage format: version with care (see `fact/kinds.ts`). Events of an incident that are not facts about it. */
export const INCIDENT_ACTS = [
  act('incident-opened', {
    command: 'open-incident',
    title: 'Record opened',
    description:
      'A record of an incident was opened: UK GDPR Art. 33(5) asks for one of every breach, reported or not.',
    fields: {
      incidentId,
      reference: token("The organisation's own reference for it."),
      title: text(300, 'What it is called.'),
      controller: worded('The controller.', Actor),
      zone: worded(
        'IANA time zone by whose calendar its facts are counted into months; each time on record names its own. Example: `Europe/London`.',
        ZoneName,
      ),
    },
  }),
  act('incident-closed', {
    command: 'close-incident',
    title: 'Record closed',
    description: 'Work on the incident ended. Facts can still be recorded: evidence that arrives late is evidence.',
    fields: { incidentId, reason: text(2000, 'Why it was closed.') },
  }),
  act('incident-reopened', {
    command: 'reopen-incident',
    title: 'Record reopened',
    description: 'Work on the incident goes on after it had been closed.',
    fields: { incidentId, reason: text(2000, 'Why it was reopened.') },
  }),
  act('incident-linked', {
    command: 'link-incident',
    title: 'Incident linked',
    description: 'Another incident on record belongs with this one: linked, never merged.',
    fields: {
      incidentId,
      otherIncidentId: idOf('incident', 'The other incident.'),
      relation: IncidentRelation,
      reason: text(2000, 'Why they belong together.').optional(),
    },
  }),
  act('gap-opened', {
    command: 'open-gap',
    title: 'Gap opened',
    description: 'The record lacks something that it should hold: a record of its own, not a blank.',
    makes: 'gapId',
    fields: {
      incidentId,
      gapId,
      reference,
      topic: GapTopic,
      missing: text(1000, 'What is missing.').optional(),
      about: facts('A fact at which it shows.', 'The facts at which it shows.'),
      actor: worded('Whom it concerns.', Actor).optional(),
      owners: owners.optional(),
      shows: worded(
        'When the record first shows it. Absent: when the first fact at which it shows was known.',
        WhenField,
      ).optional(),
    },
  }),
  act('gap-assigned', {
    command: 'assign-gap',
    title: 'Gap assigned',
    description: 'Somebody else is to close the gap. The last assignment stands.',
    fields: { incidentId, gapId, owners, due: worded('By when.', WhenField).optional() },
  }),
  act('gap-closed', {
    command: 'close-gap',
    title: 'Gap closed',
    description: 'The record holds it now, or will never hold it: the reason says which.',
    fields: {
      incidentId,
      gapId,
      answeredBy: facts('A fact that closes it.', 'The facts that close it.'),
      reason: text(2000, 'Why it is closed.'),
    },
  }),
  act('contested-question-named', {
    command: 'name-contested-question',
    title: 'Contested question named',
    description:
      'A question on which sources stand differently was given a name, so that stances on it can be read off.',
    makes: 'questionId',
    fields: { incidentId, questionId, reference, question: text(500, 'The question, so that yes and no are answers.') },
  }),
  act('stance-attributed', {
    command: 'attribute-stance',
    title: 'Stance attributed',
    description:
      'Where a fact stands on a contested question, as the recorder reads it. The last reading of the same fact stands. That something is contested is never stored: it follows from the stances that a view shows.',
    fields: {
      incidentId,
      questionId,
      factId: idOf('fact', 'The fact that takes the stance.'),
      stance: Stance,
      position: text(500, 'The position in words.').optional(),
    },
  }),
  act('stance-withdrawn', {
    command: 'withdraw-stance',
    title: 'Stance withdrawn',
    description: 'The fact does not bear on the question after all.',
    fields: {
      incidentId,
      questionId,
      factId: idOf('fact', 'The fact.'),
      reason: text(2000, 'Why the reading was withdrawn.'),
    },
  }),
  act('contested-question-settled', {
    command: 'settle-contested-question',
    title: 'Contested question settled',
    description: 'The record keeper regards the question as settled. The stances stay what they were.',
    fields: {
      incidentId,
      questionId,
      answer: text(2000, 'The answer, and why it settles the question.'),
      restsOn: facts('A fact that the answer rests on.', 'The facts that the answer rests on.'),
    },
  }),
  act('duplicate-linked', {
    command: 'link-duplicate',
    title: 'Duplicate linked',
    description: 'Two facts were found to assert one thing. Both stay assertions; they count as one thing.',
    fields: {
      incidentId,
      factId: idOf('fact', 'The fact that asserts it again.'),
      sameThingAs: idOf('fact', 'The fact that asserts it too.'),
      reason: text(2000, 'Why they are one thing.').optional(),
    },
  }),
  act('erasure-ordered', {
    title: 'Erasure ordered',
    description: 'From here on the texts under these keys are not shown; the keys are destroyed next. UK GDPR Art. 17.',
    fields: {
      incidentId,
      kids: z.array(KeyId).min(1).max(1000).describe('Ids of the keys.'),
      ground: text(2000, 'Legal ground and request.'),
    },
  }),
  act('keys-destroyed', {
    title: 'Keys destroyed',
    description: 'The keys no longer exist. The events that they protected are unchanged, byte for byte.',
    fields: { incidentId, kids: z.array(KeyId).min(1).max(1000).describe('Ids of the keys.') },
  }),
];
