import { actorRef, type Actor } from '@ledger/domain/fact/actor';
import type { Projection } from '../projection';
import { sql } from '../sqlite/views';
import { EVENT_COLUMN_NAMES, EVENT_COLUMNS, EVENT_PLACES, toRow } from '../stored-event';

const HANDLED: ReadonlySet<string> = new Set(['incident-opened', 'incident-closed', 'party-registered']);

/** Incidents and registered parties. Titles and names stay encrypted in the event's bytes and are decrypted when read. */
export const incidentRegisterProjection: Projection = {
  name: 'incident_register',
  version: 1,
  ddl: `
    CREATE TABLE IF NOT EXISTS incident_register_v1_incident (
      incident_id TEXT PRIMARY KEY, reference TEXT NOT NULL, controller TEXT NOT NULL, zone TEXT NOT NULL,
      opened_sequence INTEGER NOT NULL, ${EVENT_COLUMNS}
    ) STRICT;
    CREATE INDEX IF NOT EXISTS incident_register_v1_incident_opened ON incident_register_v1_incident (opened_sequence);
    CREATE TABLE IF NOT EXISTS incident_register_v1_status (
      incident_id TEXT NOT NULL, sequence INTEGER NOT NULL, status TEXT NOT NULL, PRIMARY KEY (incident_id, sequence)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS incident_register_v1_party (
      party_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, ${EVENT_COLUMNS}
    ) STRICT;
  `,
  apply(views, { sequence, recorded, decode }) {
    if (!HANDLED.has(recorded.type)) return;
    const event = decode();
    if (!event.readable) return;
    const { payload } = event;
    const status = (value: string) =>
      sql(
        views,
        'INSERT OR IGNORE INTO incident_register_v1_status (incident_id, sequence, status) VALUES (?, ?, ?)',
      ).run(payload['incidentId'], sequence, value);
    switch (event.type) {
      case 'incident-opened':
        sql(
          views,
          `INSERT OR IGNORE INTO incident_register_v1_incident
             (incident_id, reference, controller, zone, opened_sequence, ${EVENT_COLUMN_NAMES})
           VALUES (@incidentId, @reference, @controller, @zone, @sequence, ${EVENT_PLACES})`,
        ).run({
          incidentId: payload['incidentId'],
          reference: payload['reference'],
          controller: actorRef(payload['controller'] as Actor),
          zone: payload['zone'],
          sequence,
          ...toRow(recorded),
        });
        status('open');
        break;
      case 'incident-closed':
        status('closed');
        break;
      case 'party-registered':
        sql(
          views,
          `INSERT OR IGNORE INTO incident_register_v1_party (party_id, sequence, ${EVENT_COLUMN_NAMES})
           VALUES (@partyId, @sequence, ${EVENT_PLACES})`,
        ).run({ partyId: payload['partyId'], sequence, ...toRow(recorded) });
    }
  },
};
