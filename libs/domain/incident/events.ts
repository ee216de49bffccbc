import { z } from 'zod';
import { oneOf, text, token, uuid } from '../schema/fields';
import { Actor } from '../fact/actor';
import { ZoneName } from '../fact/times';

const KeyId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id of a key');

export const GapTopic = oneOf(
  'GapTopic',
  { 'unregistered-processor': 'A notice came from a processor that is not registered.' },
  'What is missing. This list grows.',
);

/** Storage format: version with care (see `fact/kinds.ts`). Events of an incident that are not facts about it. */
export const INCIDENT_EVENTS = {
  'incident-opened': {
    version: 1,
    description:
      'A record of an incident was opened: UK GDPR Art. 33(5) asks for one of every breach, reported or not.',
    schema: z.strictObject({
      incidentId: uuid('The incident.'),
      reference: token("The organisation's own reference for it."),
      title: text(300, 'What it is called.'),
      controller: Actor,
      zone: ZoneName.describe('IANA time zone in which local times of this incident are read.'),
    }),
  },
  'incident-closed': {
    version: 1,
    description: 'Work on the incident ended. Facts can still be recorded: evidence that arrives late is evidence.',
    schema: z.strictObject({
      incidentId: uuid('The incident.'),
      reason: text(2000, 'Why it was closed.'),
    }),
  },
  'gap-opened': {
    version: 1,
    description: 'The record lacks something that it should hold: a record of its own, not a blank.',
    schema: z.strictObject({
      incidentId: uuid('The incident.'),
      gapId: uuid('The gap.'),
      about: uuid('The fact at which it shows.'),
      topic: GapTopic,
      actor: Actor,
    }),
  },
  'erasure-ordered': {
    version: 1,
    description: 'From here on the texts under these keys are not shown; the keys are destroyed next. UK GDPR Art. 17.',
    schema: z.strictObject({
      incidentId: uuid('The incident.'),
      kids: z.array(KeyId).min(1).max(1000).describe('Ids of the keys.'),
      ground: text(2000, 'Legal ground and request.'),
    }),
  },
  'keys-destroyed': {
    version: 1,
    description: 'The keys no longer exist. The events that they protected are unchanged, byte for byte.',
    schema: z.strictObject({
      incidentId: uuid('The incident.'),
      kids: z.array(KeyId).min(1).max(1000).describe('Ids of the keys.'),
    }),
  },
} as const;
