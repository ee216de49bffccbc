import { z } from 'zod';
import { act } from '../act';
import type { Aggregate, Decision, DomainEvent } from '../decision';
import { Contact } from '../fact/actor';
import { WhenField } from '../fact/times';
import { described, list, oneOf, text, token, worded } from '../schema/fields';

const Country = described(z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters, ISO 3166-1'), {
  shape: 'token',
  description: 'A country, by its two letters of ISO 3166-1.',
  max: 2,
});

/** Storage format: version with care (see `fact/kinds.ts`). One ledger has one organisation that keeps the record. */
export const ORGANISATION_ACTS = [
  act('organisation-profile-stated', {
    command: 'state-organisation-profile',
    title: 'Profile of the organisation',
    description:
      'What the organisation that keeps this ledger is, from a date on: which duties arise for it depends on that. The profile of a time is the last one that had begun by then.',
    fields: {
      organisationId: token('The organisation, by the id that facts use.'),
      name: text(300, 'Its name.'),
      validFrom: worded('Since when it is so.', WhenField),
      establishments: list(Country, 50, 'Where it is established.'),
      sectors: list(
        token('A sector, by a short name such as `public-health` or `banking`.'),
        20,
        'In which sectors it works.',
      ),
      size: oneOf(
        'OrganisationSize',
        {
          micro: 'Fewer than 10 staff (Recommendation 2003/361/EC).',
          small: 'Fewer than 50.',
          medium: 'Fewer than 250.',
          large: '250 or more.',
          unknown: 'Not stated.',
        },
        'How large it is.',
      ),
      publicAuthority: oneOf(
        'PublicAuthority',
        { yes: 'It is a public authority or body.', no: 'It is none.', unknown: 'Not stated.' },
        'Whether it is a public authority.',
      ),
      contact: worded('Its data protection officer or other contact point.', Contact).optional(),
    },
  }),
];

/** Every statement stands for its own time, so nothing hangs on an earlier one. */
export type Organisation = Readonly<Record<string, never>>;

export const organisation: Aggregate<Organisation> = {
  initial: () => ({}),
  evolve: (state) => state,
};

export const decideOnOrganisation = (asked: DomainEvent): Decision => [asked];
