import type { z } from 'zod';
import type { Act } from './act';
import { KINDS } from './fact/kinds';
import { INCIDENT_ACTS } from './incident/acts';
import { ORGANISATION_ACTS } from './organisation/organisation';
import { PARTY_ACTS } from './party/party';

/** An event type as the codec knows it. */
export interface EventDefinition {
  readonly type: string;
  readonly version: number;
  readonly description: string;
  readonly schema: z.ZodObject;
}

/** Of what an act is: of one incident, one party on the register, or the organisation itself. */
export const SUBJECTS = { incident: 'incidentId', party: 'partyId', organisation: 'organisationId' } as const;
export type Subject = keyof typeof SUBJECTS;

export interface SubjectAct extends Act {
  readonly subject: Subject;
}

const of = (subject: Subject, acts: readonly Act[]): SubjectAct[] => acts.map((one) => ({ ...one, subject }));

/** Every act, by stored type. */
export const ACTS: ReadonlyMap<string, SubjectAct> = new Map(
  [...of('incident', INCIDENT_ACTS), ...of('party', PARTY_ACTS), ...of('organisation', ORGANISATION_ACTS)].map(
    (one) => [one.type, one],
  ),
);

/** Every event type of the ledger. Unknown is refused on writing and visible as unreadable on reading. */
export const CATALOGUE: ReadonlyMap<string, EventDefinition> = new Map(
  [...KINDS.values(), ...ACTS.values()].map(({ type, version, description, schema }): [string, EventDefinition] => [
    type,
    { type, version, description, schema },
  ]),
);
