import { traceOf, unreadableTrace, type Trace } from '@ledger/domain/as-of/trace';
import { factOf } from '@ledger/domain/fact/fact';
import { isFactType } from '@ledger/domain/fact/kinds';
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
  version: 2,
  ddl: `
    CREATE TABLE IF NOT EXISTS timeline_v2_clock (
      sequence INTEGER PRIMARY KEY, position TEXT NOT NULL UNIQUE, recorded_max TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS timeline_v2_clock_recorded ON timeline_v2_clock (recorded_max);
    CREATE TABLE IF NOT EXISTS timeline_v2_entry (
      sequence INTEGER PRIMARY KEY, incident_id TEXT NOT NULL, fact_id TEXT NOT NULL,
      trace TEXT NOT NULL, ${EVENT_COLUMNS}
    ) STRICT;
    CREATE INDEX IF NOT EXISTS timeline_v2_entry_incident ON timeline_v2_entry (incident_id, sequence);
    CREATE INDEX IF NOT EXISTS timeline_v2_entry_fact ON timeline_v2_entry (fact_id);
    CREATE INDEX IF NOT EXISTS timeline_v2_entry_type ON timeline_v2_entry (type, sequence);
  `,
  apply(views, { sequence, recorded, decode }) {
    const event = decode();
    sql(
      views,
      `INSERT OR IGNORE INTO timeline_v2_clock (sequence, position, recorded_max)
       VALUES (?, ?, max(?, coalesce((SELECT recorded_max FROM timeline_v2_clock WHERE sequence = ?), '')))`,
    ).run(sequence, recorded.position, event.meta.recordedAt ?? '', sequence - 1);
    const trace = entryOf(sequence, event);
    if (trace === undefined) return;
    sql(
      views,
      `INSERT OR IGNORE INTO timeline_v2_entry (sequence, incident_id, fact_id, trace, ${EVENT_COLUMN_NAMES})
       VALUES (@sequence, @incidentId, @factId, @trace, ${EVENT_PLACES})`,
    ).run({
      sequence,
      incidentId: trace.incidentId,
      factId: trace.factId,
      trace: JSON.stringify(trace),
      ...toRow(recorded),
    });
  },
};

/** A fact, or an event of an incident that cannot be read: it is kept in the incident's list, visible as that. */
const entryOf = (sequence: number, event: DecodedEvent): Trace | undefined => {
  if (event.readable) return isFactType(event.type) ? traceOf(sequence, event.type, factOf(event)) : undefined;
  const incidentId = INCIDENT_STREAM.exec(event.stream)?.[1];
  return incidentId === undefined ? undefined : unreadableTrace(incidentId, sequence, event.id, event.type);
};

const INCIDENT_STREAM = /^incident-(.+)$/;
