import { act } from '../act';
import { reject, type Aggregate, type Decision, type DomainEvent } from '../decision';
import { Contact } from '../fact/actor';
import { WhenField } from '../fact/times';
import { count, idOf, oneOf, record, sha256, text, token, worded } from '../schema/fields';

const partyId = token('The party, by the id that facts use.');
const agreementId = idOf('agreement', 'The agreement.');
const contactId = idOf('contact-point', 'The contact point.');
const other = (description: string) => token(`${description}, by the id that facts use.`);

export const AgreementSort = oneOf(
  'AgreementSort',
  {
    processing: 'Between controller and processor: UK GDPR Art. 28(3).',
    'sub-processing': 'Between processor and sub-processor: Art. 28(4).',
    'joint-control': 'Arrangement between joint controllers: Art. 26.',
    insurance: 'With an insurer.',
    engagement: 'With an expert or adviser.',
    other: 'Another one.',
  },
  'What sort of agreement it is.',
);

/** A clock that an agreement sets. It stands beside the statutory ones and is never one of them. */
export const NoticeClause = record(
  'NoticeClause',
  {
    hours: count('Within so many hours, where it says so.').optional(),
    days: count('Within so many days, where it says so.').optional(),
    from: oneOf(
      'NoticeClauseStart',
      {
        awareness: 'From when the party is aware.',
        occurrence: 'From when it happened.',
        suspicion: 'From a first suspicion.',
        unstated: 'It does not say.',
      },
      'From when it runs.',
    ),
    wording: text(1000, 'Its own words, or what they say.').optional(),
  },
  'How soon the party must tell of a breach, as the agreement has it. Without hours and days: without undue delay.',
);

/** Storage format: version with care (see `fact/kinds.ts`). */
export const PARTY_ACTS = [
  act('party-registered', {
    command: 'register-party',
    title: 'Party registered',
    description:
      'An organisation was put on the register. It joins incidents in roles; being registered says nothing of any.',
    fields: {
      partyId,
      name: text(300, 'Its name.'),
      sort: oneOf(
        'PartySort',
        { organisation: 'A company, party, charity or other body.', authority: 'A public authority.' },
        'What it is.',
      ),
    },
  }),
  act('agreement-recorded', {
    command: 'record-agreement',
    title: 'Agreement recorded',
    description: 'An agreement with the party, with its validity: the one in force at a time can be asked for.',
    makes: 'agreementId',
    fields: {
      partyId,
      agreementId,
      sort: AgreementSort,
      counterparty: other('With whom'),
      validFrom: worded('Since when it is in force.', WhenField),
      validUntil: worded('Until when; absent: no end is agreed.', WhenField).optional(),
      noticeClause: NoticeClause.optional(),
      original: sha256('SHA-256 of the agreement.').optional(),
      note: text(2000, "The recorder's remark on it.").optional(),
    },
  }),
  act('agreement-ended', {
    command: 'end-agreement',
    title: 'Agreement ended',
    description: 'The agreement ended before, or without, an agreed end.',
    fields: {
      partyId,
      agreementId,
      ended: worded('When it ended.', WhenField),
      reason: text(2000, 'Why.').optional(),
    },
  }),
  act('sub-processor-engaged', {
    command: 'engage-sub-processor',
    title: 'Sub-processor engaged',
    description: 'The party engages another processor: UK GDPR Art. 28(2), (4).',
    fields: {
      partyId,
      subProcessor: other('The sub-processor'),
      since: worded('Since when.', WhenField),
      purpose: text(1000, 'What for.').optional(),
    },
  }),
  act('sub-processor-released', {
    command: 'release-sub-processor',
    title: 'Sub-processor released',
    description: 'The party no longer engages the other processor.',
    fields: { partyId, subProcessor: other('The sub-processor'), until: worded('Until when.', WhenField) },
  }),
  act('contact-point-added', {
    command: 'add-contact-point',
    title: 'Contact point added',
    description: 'Whom to ask at the party, and what for.',
    makes: 'contactId',
    fields: {
      partyId,
      contactId,
      purpose: oneOf(
        'ContactPurpose',
        {
          incidents: 'Incidents.',
          'data-protection-officer': 'Data protection officer: UK GDPR Art. 37 to 39.',
          general: 'Anything.',
        },
        'What the contact point is for.',
      ),
      contact: worded('How to reach it.', Contact),
    },
  }),
  act('contact-point-removed', {
    command: 'remove-contact-point',
    title: 'Contact point removed',
    description: 'The contact point is no longer in use.',
    fields: { partyId, contactId },
  }),
];

export interface Party {
  registered: boolean;
  readonly agreements: Set<string>;
  readonly subProcessors: Set<string>;
  readonly contacts: Map<string, 'in-use' | 'removed'>;
}

const field = ({ payload }: DomainEvent, name: string): string => String(payload[name]);

export const party: Aggregate<Party> = {
  initial: () => ({ registered: false, agreements: new Set(), subProcessors: new Set(), contacts: new Map() }),
  evolve(state, event) {
    switch (event.type) {
      case 'party-registered':
        state.registered = true;
        break;
      case 'agreement-recorded':
        state.agreements.add(field(event, 'agreementId'));
        break;
      case 'sub-processor-engaged':
        state.subProcessors.add(field(event, 'subProcessor'));
        break;
      case 'sub-processor-released':
        state.subProcessors.delete(field(event, 'subProcessor'));
        break;
      case 'contact-point-added':
        state.contacts.set(field(event, 'contactId'), 'in-use');
        break;
      case 'contact-point-removed':
        state.contacts.set(field(event, 'contactId'), 'removed');
    }
    return state;
  },
};

/** What is recorded of a party needs its registration; what facts say of one does not. */
export const decideOnParty = (asked: DomainEvent, state: Party): Decision => {
  if (asked.type === 'party-registered') return state.registered ? reject('party-exists', 'partyId') : [asked];
  if (!state.registered) return reject('party-not-found', 'partyId');
  switch (asked.type) {
    case 'agreement-recorded':
      return state.agreements.has(field(asked, 'agreementId')) ? reject('agreement-exists', 'agreementId') : [asked];
    case 'agreement-ended':
      return state.agreements.has(field(asked, 'agreementId')) ? [asked] : reject('agreement-not-found', 'agreementId');
    case 'sub-processor-engaged':
      return state.subProcessors.has(field(asked, 'subProcessor')) ? [] : [asked];
    case 'sub-processor-released':
      return state.subProcessors.has(field(asked, 'subProcessor')) ? [asked] : [];
    case 'contact-point-added':
      return state.contacts.has(field(asked, 'contactId')) ? reject('contact-exists', 'contactId') : [asked];
    default: {
      const contact = state.contacts.get(field(asked, 'contactId'));
      return contact === undefined ? reject('contact-not-found', 'contactId') : contact === 'in-use' ? [asked] : [];
    }
  }
};
