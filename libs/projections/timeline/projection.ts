import { actorRef } from '@ledger/domain/fact/actor';
import { factOf, type AnyFact, type Changes, type FactFields } from '@ledger/domain/fact/fact';
import { isFactType } from '@ledger/domain/fact/kinds';
import type { Trace } from '@ledger/domain/as-of/view';
import { occurrenceBounds, type Occurrence } from '@ledger/domain/time/occurrence';
import type { Bounds } from '@ledger/domain/time/bounds';
import type { DecodedEvent } from '@ledger/event-store/codec';
import type { Projection } from '../projection';
import { sql } from '../sqlite/views';
import { EVENT_COLUMN_NAMES, EVENT_COLUMNS, EVENT_PLACES, toRow } from '../stored-event';

/**
 * Every fact of every incident, in log order. A row holds the event's bytes as they lie in the log, still encrypted, and a
 * trace: ids, bounds and actors, no text. What is shown is decrypted when it is read, so a destroyed key is gone at once.
 */
export const timelineProjection: Projection = {
  name: 'timeline',
  version: 1,
  ddl: `
    CREATE TABLE IF NOT EXISTS timeline_v1_clock (
      sequence INTEGER PRIMARY KEY, position TEXT NOT NULL UNIQUE, recorded_max TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS timeline_v1_clock_recorded ON timeline_v1_clock (recorded_max);
    CREATE TABLE IF NOT EXISTS timeline_v1_entry (
      sequence INTEGER PRIMARY KEY, incident_id TEXT NOT NULL, fact_id TEXT NOT NULL, amends TEXT,
      trace TEXT NOT NULL, ${EVENT_COLUMNS}
    ) STRICT;
    CREATE INDEX IF NOT EXISTS timeline_v1_entry_incident ON timeline_v1_entry (incident_id, sequence);
    CREATE INDEX IF NOT EXISTS timeline_v1_entry_fact ON timeline_v1_entry (fact_id);
    CREATE INDEX IF NOT EXISTS timeline_v1_entry_amends ON timeline_v1_entry (amends) WHERE amends IS NOT NULL;
  `,
  apply(views, { sequence, recorded, decode }) {
    const event = decode();
    sql(
      views,
      `INSERT OR IGNORE INTO timeline_v1_clock (sequence, position, recorded_max)
       VALUES (?, ?, max(?, coalesce((SELECT recorded_max FROM timeline_v1_clock WHERE sequence = ?), '')))`,
    ).run(sequence, recorded.position, event.meta.recordedAt ?? '', sequence - 1);
    const trace = entryOf(sequence, event);
    if (trace === undefined) return;
    sql(
      views,
      `INSERT OR IGNORE INTO timeline_v1_entry (sequence, incident_id, fact_id, amends, trace, ${EVENT_COLUMN_NAMES})
       VALUES (@sequence, @incidentId, @factId, @amends, @trace, ${EVENT_PLACES})`,
    ).run({
      sequence,
      incidentId: trace.incidentId,
      factId: trace.factId,
      amends: trace.amends?.target ?? null,
      trace: JSON.stringify(trace),
      ...toRow(recorded),
    });
  },
};

/** A fact, or an event of an incident that cannot be read: it is kept in the incident's list, visible as that. */
const entryOf = (sequence: number, event: DecodedEvent): Trace | undefined => {
  if (event.readable) return isFactType(event.type) ? traceOf(sequence, event.type, factOf(event)) : undefined;
  const incidentId = INCIDENT_STREAM.exec(event.stream)?.[1];
  return incidentId === undefined ? undefined : unreadable(incidentId, sequence, event);
};

const INCIDENT_STREAM = /^incident-(.+)$/;

const bounds = ({ earliest, latest }: { earliest: string | null; latest: string | null }): Bounds =>
  ({ earliest, latest }) as Bounds;
const known = (list: FactFields['known']): Trace['known'] =>
  list.map(({ by, when }) => ({ by: actorRef(by), ...bounds(when) }));
const occurred = (occurrence: FactFields['occurred']): Bounds =>
  bounds(occurrenceBounds(occurrence as unknown as Occurrence));

const traceOf = (sequence: number, type: string, fact: AnyFact): Trace => ({
  incidentId: fact.incidentId,
  sequence,
  factId: fact.factId,
  type,
  occurred: occurred(fact.occurred),
  known: known(fact.known),
  actor: actorRef(fact.actor),
  document: fact.source.document,
  ...amends(type, fact),
});

const amends = (type: string, { corrects, retracts, nature, changes }: AnyFact): Pick<Trace, 'amends'> => {
  if (type === 'fact-retracted' && retracts !== undefined)
    return { amends: { target: retracts, nature: 'retraction', changes: {} } };
  if (type !== 'fact-corrected' || corrects === undefined || nature === undefined) return {};
  return { amends: { target: corrects, nature, changes: changed(changes ?? {}) } };
};

const changed = (changes: Changes): NonNullable<Trace['amends']>['changes'] => ({
  ...(changes.occurred && { occurred: occurred(changes.occurred) }),
  ...(changes.known && { known: known(changes.known) }),
  ...(changes.actor && { actor: actorRef(changes.actor) }),
  ...(changes.source && { document: changes.source.document }),
});

/** When it happened and who knew is not known either: it may have been known at any time. */
const unreadable = (incidentId: string, sequence: number, { id, type }: DecodedEvent): Trace => ({
  incidentId,
  sequence,
  factId: id,
  type,
  occurred: UNKNOWN,
  known: [{ by: 'unattributed:unreadable', ...UNKNOWN }],
  actor: 'unattributed:unreadable',
  document: '',
});

const UNKNOWN: Bounds = { earliest: null, latest: null };
