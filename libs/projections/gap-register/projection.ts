import { actorRef, type Actor } from '@ledger/domain/fact/actor';
import type { Projection } from '../projection';
import { sql } from '../sqlite/views';

/** What the record says that it lacks. No free text: a gap names its topic and the fact at which it shows. */
export const gapRegisterProjection: Projection = {
  name: 'gap_register',
  version: 1,
  ddl: `
    CREATE TABLE IF NOT EXISTS gap_register_v1_gap (
      gap_id TEXT PRIMARY KEY, incident_id TEXT NOT NULL, sequence INTEGER NOT NULL,
      about TEXT NOT NULL, topic TEXT NOT NULL, actor TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS gap_register_v1_gap_incident ON gap_register_v1_gap (incident_id, sequence);
  `,
  apply(views, { sequence, recorded, decode }) {
    if (recorded.type !== 'gap-opened') return;
    const event = decode();
    if (!event.readable) return;
    const { gapId, incidentId, about, topic, actor } = event.payload;
    sql(
      views,
      'INSERT OR IGNORE INTO gap_register_v1_gap (gap_id, incident_id, sequence, about, topic, actor) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(gapId, incidentId, sequence, about, topic, actorRef(actor as Actor));
  },
};
