import { z } from 'zod';
import { oneOf, text, token } from '../schema/fields';
import { reject, type Aggregate, type Decision } from '../decision';

/** Storage format: version with care (see `fact/kinds.ts`). */
export const PARTY_EVENTS = {
  'party-registered': {
    version: 1,
    description:
      'An organisation was put on the register. It joins incidents in roles; being registered says nothing of any.',
    schema: z.strictObject({
      partyId: token('The party, by the id that facts use.'),
      name: text(300, 'Its name.'),
      sort: oneOf(
        'PartySort',
        { organisation: 'A company, party, charity or other body.', authority: 'A public authority.' },
        'What it is.',
      ),
    }),
  },
} as const;

export type PartyParticulars = z.infer<(typeof PARTY_EVENTS)['party-registered']['schema']>;

export interface Party {
  readonly registered: boolean;
}

export const party: Aggregate<Party> = {
  initial: () => ({ registered: false }),
  evolve: (state, event) => (event.type === 'party-registered' ? { registered: true } : state),
};

export const registerParty = (payload: PartyParticulars, state: Party): Decision =>
  state.registered ? reject('party-exists', 'partyId') : [{ type: 'party-registered', payload }];
