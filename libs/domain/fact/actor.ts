import { z } from 'zod';
import { described, oneOf, personal, redactable, token, uuid } from '../schema/fields';

export const Role = oneOf(
  'ActorRole',
  {
    controller: 'Determines purposes and means of the processing (UK GDPR Art. 4(7)).',
    'joint-controller': 'Determines them together with another controller (Art. 26).',
    processor: 'Processes personal data on behalf of a controller (Art. 4(8)).',
    'sub-processor': 'Engaged by a processor (Art. 28(2), (4)).',
    authority: 'A supervisory authority, police or other public body.',
    'data-subjects': 'A group of people whose data is concerned.',
    group: 'Another group of people, none of them identified.',
    person: 'One individual under a pseudonym; the id is a random UUID.',
    media: 'A publisher.',
    expert: 'An adviser or investigator engaged by somebody.',
    insurer: 'An insurer.',
    'threat-actor': 'Whoever attacked, where somebody did.',
    organisation: 'An organisation in no role listed here.',
    public: 'Anybody: what has been published.',
    unattributed: 'The source names nobody. It stays that way.',
  },
  'Role in which the actor appears.',
);
export type Role = z.infer<typeof Role>;

const PERSON_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const ACTOR_SHAPE = {
  role: Role,
  id: token('Identifies the actor within its role and incident. Of a person: a random UUID, never a name.'),
  name: personal(200, 'The name, or of a pseudonymous person the identifying words that the source used.', (holder) =>
    actorRef(holder as { role: string; id: string }),
  ).optional(),
};

/** Who: by role and id. An actor under two quotations is one actor only as an assumption, which says so on the fact. */
export const Actor = described(
  z.strictObject(ACTOR_SHAPE).refine((actor) => actor.role !== 'person' || PERSON_ID.test(actor.id), {
    path: ['id'],
    error: 'of a person must be a random UUID: a name does not belong in a field that lies in clear',
  }),
  { shape: 'actor', description: 'Who, by role and id.' },
);
export type Actor = z.infer<typeof Actor>;

/** `role:id`: how an actor is named in queries, and the subject under which its name is encrypted. */
export const actorRef = (actor: { readonly role: string; readonly id: string }): string => `${actor.role}:${actor.id}`;

/** The role and id in a `role:id`, not checked; the id may hold colons. */
export const refParts = (ref: string): { readonly role: string; readonly id: string } => {
  const [role = '', id = ''] = ref.split(/:(.*)/s);
  return { role, id };
};

/** Whether a text has the form `role:id` with a role that there is. */
export const isActorRef = (text: string): boolean => {
  const { role, id } = refParts(text);
  return Role.safeParse(role).success && ACTOR_SHAPE.id.safeParse(id).success;
};

/** How to reach somebody: personal data even where it is a mailbox. */
export const Contact = described(
  z
    .strictObject({
      subject: uuid('Random id of the person or mailbox, under whose key the details are encrypted.').optional(),
      details: redactable(500, 'Address, number or mailbox.', (holder) => `contact:${String(holder['subject'])}`),
    })
    .refine((contact) => typeof contact.details !== 'string' || contact.subject !== undefined, {
      path: ['subject'],
      error: 'is required with details that are not redacted',
    }),
  { shape: 'contact', description: 'Contact point.' },
);
export type Contact = z.infer<typeof Contact>;
