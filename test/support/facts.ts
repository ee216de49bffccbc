import type { DomainEvent } from '@ledger/domain/decision';
import { draftFact, isFaults } from '@ledger/domain/fact/draft';
import type { FactDraft } from '@ledger/domain/fact/fact-draft';
import { uuidOf } from '../fixtures/sample-payload';

export { uuidOf } from '../fixtures/sample-payload';

/** A made-up case: a council that does not exist lost a box of tapes that its archive kept, in January 2031. */
export const INCIDENT_ID = uuidOf('the lost box of tapes');
export const COUNCIL = { role: 'controller', id: 'example-council', name: 'Example Council' };
export const ARCHIVE = { role: 'processor', id: 'example-archive', name: 'Example Archive Ltd' };
export const CARETAKER = { role: 'person', id: uuidOf('a caretaker'), name: 'the caretaker with the red scarf' };

type Fields = Readonly<Record<string, unknown>>;

/** A local time of the case, as people give it. */
export const at = (local: string): Fields => ({ zone: 'Europe/London', local });

export const particulars = {
  incidentId: INCIDENT_ID,
  reference: 'EX-2031-007',
  title: 'A box of tapes that nobody can find',
  controller: COUNCIL,
  zone: 'Europe/London',
};
export const opened: DomainEvent = { type: 'incident-opened', payload: particulars };
export const closure = { incidentId: INCIDENT_ID, reason: 'The box was found.' };
export const closed: DomainEvent = { type: 'incident-closed', payload: closure };

/** A fact as people give it. Its id is made from `name`. */
export const givenFact = (name: string, fields: Fields = {}): Fields => ({
  incidentId: INCIDENT_ID,
  factId: uuidOf(name),
  occurred: { moment: at('2031-01-03') },
  known: [{ by: COUNCIL, when: at('2031-01-04') }],
  source: { document: 'letter-7' },
  actor: COUNCIL,
  manner: 'stated',
  statement: `About ${name}: a box of tapes was not on its shelf.`,
  ...fields,
});

/** The same as it is stored. Throws when it is not well-formed. */
export const fact = (name: string, type: string, fields: Fields = {}): FactDraft => {
  const draft = draftFact(type, givenFact(name, fields));
  if (isFaults(draft)) throw new Error(JSON.stringify(draft));
  return draft;
};

export const claim = (name: string, fields: Fields = {}): FactDraft => fact(name, 'claim-made', fields);
export const notice = (name: string, fields: Fields = {}): FactDraft =>
  fact(name, 'processor-notification-received', { actor: ARCHIVE, channel: 'letter', ...fields });
export const correction = (name: string, corrects: string, fields: Fields = {}): FactDraft =>
  fact(name, 'fact-corrected', {
    corrects: uuidOf(corrects),
    nature: 'substance',
    reason: 'A second letter says otherwise.',
    ...fields,
  });
export const retraction = (name: string, retracts: string, fields: Fields = {}): FactDraft =>
  fact(name, 'fact-retracted', { retracts: uuidOf(retracts), reason: 'It was about another box.', ...fields });
