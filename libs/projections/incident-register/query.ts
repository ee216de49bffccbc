import type { Codec, DecodedEvent } from '@ledger/event-store/codec';
import { sql, type Views } from '../sqlite/views';
import { EVENT_COLUMN_NAMES, fromRow, type EventRow } from '../stored-event';

export interface IncidentRow {
  readonly incidentId: string;
  readonly reference: string;
  /** `role:id`. */
  readonly controller: string;
  readonly zone: string;
  readonly openedSequence: number;
  readonly opened: DecodedEvent;
}

type Row = EventRow & {
  incident_id: string;
  reference: string;
  controller: string;
  zone: string;
  opened_sequence: number;
};

const COLUMNS = `incident_id, reference, controller, zone, opened_sequence, ${EVENT_COLUMN_NAMES}`;

export class IncidentRegisterQuery {
  constructor(
    private readonly views: Views,
    private readonly codec: Codec,
  ) {}

  incident(incidentId: string, sequence: number): IncidentRow | undefined {
    const row = sql(
      this.views,
      `SELECT ${COLUMNS} FROM incident_register_v1_incident WHERE incident_id = ? AND opened_sequence <= ?`,
    ).get(incidentId, sequence) as Row | undefined;
    return row && this.read(row);
  }

  /** In order of opening, strictly after `after`. */
  incidents(sequence: number, after: number, limit: number): IncidentRow[] {
    const rows = sql(
      this.views,
      `SELECT ${COLUMNS} FROM incident_register_v1_incident WHERE opened_sequence > ? AND opened_sequence <= ? ORDER BY opened_sequence LIMIT ?`,
    ).all(after, sequence, limit) as Row[];
    return rows.map((row) => this.read(row));
  }

  status(incidentId: string, sequence: number): 'open' | 'closed' {
    const row = sql(
      this.views,
      'SELECT status FROM incident_register_v1_status WHERE incident_id = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1',
    ).get(incidentId, sequence) as { status: 'open' | 'closed' } | undefined;
    return row?.status ?? 'open';
  }

  /** The registered names of parties, by id; a party not yet registered by then has none. */
  partyNames(partyIds: readonly string[], sequence: number): ReadonlyMap<string, unknown> {
    const rows = sql(
      this.views,
      `SELECT party_id, ${EVENT_COLUMN_NAMES} FROM incident_register_v1_party
       WHERE party_id IN (SELECT value FROM json_each(?)) AND sequence <= ?`,
    ).all(JSON.stringify(partyIds), sequence) as (EventRow & { party_id: string })[];
    return new Map(
      rows.map((row): [string, unknown] => {
        const event = this.codec.decode(fromRow(row));
        return [row.party_id, event.readable ? event.payload['name'] : undefined];
      }),
    );
  }

  private read(row: Row): IncidentRow {
    return {
      incidentId: row.incident_id,
      reference: row.reference,
      controller: row.controller,
      zone: row.zone,
      openedSequence: row.opened_sequence,
      opened: this.codec.decode(fromRow(row)),
    };
  }
}
