import type { z } from 'zod';
import { KINDS } from './fact/kinds';
import { INCIDENT_EVENTS } from './incident/events';
import { PARTY_EVENTS } from './party/party';

/** One event type as it may lie in the log today. */
export interface EventDefinition {
  readonly type: string;
  readonly version: number;
  readonly description: string;
  readonly schema: z.ZodObject;
}

/** Every event type of the ledger. Unknown is refused on writing and visible as unreadable on reading. */
export const CATALOGUE: ReadonlyMap<string, EventDefinition> = new Map(
  [
    ...KINDS.values(),
    ...Object.entries({ ...INCIDENT_EVENTS, ...PARTY_EVENTS }).map(([type, event]) => ({ type, ...event })),
  ].map(({ type, version, description, schema }): [string, EventDefinition] => [
    type,
    { type, version, description, schema },
  ]),
);
