import type { Trace } from '@ledger/domain/as-of/trace';
import type { Instant } from '@ledger/domain/time/instant';
import type { Codec, DecodedEvent } from '@ledger/event-store/codec';
import type { Position } from '@ledger/event-store/port';
import { sql, type Views } from '../sqlite/views';
import { EVENT_COLUMN_NAMES, fromRow, type EventRow } from '../stored-event';

/** Where an entry of the timeline lies. */
export interface Entry {
  readonly sequence: number;
  readonly incidentId: string;
  readonly factId: string;
}

/** Reads of the timeline. What a moment shows of it is for `IncidentViews`. */
export class TimelineQuery {
  constructor(
    private readonly views: Views,
    private readonly codec: Codec,
  ) {}

  /** The last sequence recorded at or before `instant`, by the running maximum of recording times; 0 before the first. */
  sequenceRecordedBy(instant: string): number {
    const found = sql(
      this.views,
      'SELECT sequence FROM timeline_v2_clock WHERE recorded_max <= ? ORDER BY recorded_max DESC, sequence DESC LIMIT 1',
    ).get(instant) as { sequence: number } | undefined;
    return found?.sequence ?? 0;
  }

  /** The running maximum of recording times at `sequence`; undefined at 0. */
  recordedAt(sequence: number): Instant | undefined {
    const found = sql(this.views, 'SELECT recorded_max FROM timeline_v2_clock WHERE sequence = ?').get(sequence) as
      { recorded_max: Instant } | undefined;
    return found?.recorded_max;
  }

  /** The last sequence at or before a position of this store. */
  sequenceAt(position: Position): number {
    const found = sql(this.views, 'SELECT max(sequence) AS sequence FROM timeline_v2_clock WHERE position <= ?').get(
      position,
    ) as {
      sequence: number | null;
    };
    return found.sequence ?? 0;
  }

  /** The facts of one incident up to `sequence`, in log order. */
  traces(incidentId: string, sequence: number): Trace[] {
    const rows = sql(
      this.views,
      'SELECT trace FROM timeline_v2_entry WHERE incident_id = ? AND sequence <= ? ORDER BY sequence',
    ).all(incidentId, sequence) as { trace: string }[];
    return rows.map(({ trace }) => JSON.parse(trace) as Trace);
  }

  /** What tells the last entry of one incident up to `sequence` from any other, in this log or another one. */
  last(incidentId: string, sequence: number): string | undefined {
    return sql(
      this.views,
      `SELECT sequence || ' ' || hex(leaf) FROM timeline_v2_entry WHERE incident_id = ? AND sequence <= ?
       ORDER BY sequence DESC LIMIT 1`,
    )
      .pluck()
      .get(incidentId, sequence) as string | undefined;
  }

  /** Entries after `after` up to `sequence`, in log order. */
  entries(after: number, sequence: number, limit: number, incidentId?: string): Entry[] {
    const ofIncident = incidentId === undefined ? '' : 'AND incident_id = ?';
    return sql(
      this.views,
      `SELECT sequence, incident_id AS incidentId, fact_id AS factId FROM timeline_v2_entry
       WHERE sequence > ? AND sequence <= ? ${ofIncident} ORDER BY sequence LIMIT ?`,
    ).all(after, sequence, ...(incidentId === undefined ? [] : [incidentId]), limit) as Entry[];
  }

  /** The incident that used a fact id first, up to `sequence`. */
  incidentOf(factId: string, sequence: number): string | undefined {
    const found = sql(
      this.views,
      'SELECT incident_id AS incidentId FROM timeline_v2_entry WHERE fact_id = ? AND sequence <= ? ORDER BY sequence LIMIT 1',
    ).get(factId, sequence) as { incidentId: string } | undefined;
    return found?.incidentId;
  }

  /** Incidents with a fact of one of these types, up to `sequence`, by their first such fact. */
  incidentsWith(types: readonly string[], sequence: number): string[] {
    return sql(
      this.views,
      `SELECT incident_id FROM timeline_v2_entry WHERE type IN (SELECT value FROM json_each(?)) AND sequence <= ?
       GROUP BY incident_id ORDER BY min(sequence)`,
    )
      .pluck()
      .all(JSON.stringify(types), sequence) as string[];
  }

  /** The event behind a sequence, decrypted as far as its keys still exist. */
  event(sequence: number): DecodedEvent | undefined {
    const row = sql(this.views, `SELECT ${EVENT_COLUMN_NAMES} FROM timeline_v2_entry WHERE sequence = ?`).get(sequence);
    return row === undefined ? undefined : this.codec.decode(fromRow(row as EventRow));
  }
}
