import { createHmac } from 'node:crypto';

/** Stream names. Ids are random, or tokens of organisations: never derived from a person. */
export const incidentStream = (incidentId: string): string => `incident-${incidentId}`;
export const partyStream = (partyId: string): string => `party-${partyId}`;

export const PRIVILEGED_PREFIX = 'privileged-';

/** Only who holds the ledger's key can tell which incident a privileged stream belongs to, or find it. */
export const privilegedStream = (ledgerKey: Uint8Array, incidentId: string): string =>
  PRIVILEGED_PREFIX +
  createHmac('sha256', ledgerKey).update(`privileged facts of ${incidentId}`).digest('hex').slice(0, 32);
