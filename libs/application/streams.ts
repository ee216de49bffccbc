import { createHmac } from 'node:crypto';
import { v4 as uuid } from 'uuid';

/** Stream names. Ids are random, or tokens of organisations: never derived from a person. */
export const incidentStream = (incidentId: string): string => `incident-${incidentId}`;
export const partyStream = (partyId: string): string => `party-${partyId}`;
export const organisationStream = (organisationId: string): string => `organisation-${organisationId}`;

export const PRIVILEGED_PREFIX = 'privileged-';

/**
 * The id under which the privileged facts of an incident are kept, in their stream's name and in each of them. Only who
 * holds the ledger's key can tell which incident it stands for, or find it.
 */
export const privilegedAlias = (ledgerKey: Uint8Array, incidentId: string): string => {
  const mac = createHmac('sha256', ledgerKey).update(`privileged facts of ${incidentId}`).digest();
  return uuid({ random: mac.subarray(0, 16) });
};

export const privilegedStream = (alias: string): string => PRIVILEGED_PREFIX + alias;
