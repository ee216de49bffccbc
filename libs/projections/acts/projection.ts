import type { ActTrace } from '@ledger/domain/as-of/record';
import { ACTS, SUBJECTS } from '@ledger/domain/catalogue';
import { clearPart } from '@ledger/domain/schema/protected-fields';
import type { Projection } from '../projection';
import { sql } from '../sqlite/views';
import { EVENT_COLUMN_NAMES, EVENT_COLUMNS, EVENT_PLACES, toRow } from '../stored-event';

/**
 * Every act, by what it is done to: an incident, a party, the organisation. As in the timeline, a row holds the event's
 * bytes as they lie in the log, still encrypted, and its payload without text or names; what the acts come to is a fold
 * over these, as of any moment.
 */
export const actsProjection: Projection = {
  name: 'acts',
  version: 1,
  ddl: `
    CREATE TABLE IF NOT EXISTS acts_v1_act (
      sequence INTEGER PRIMARY KEY, subject TEXT NOT NULL, subject_id TEXT NOT NULL, trace TEXT NOT NULL, ${EVENT_COLUMNS}
    ) STRICT;
    CREATE INDEX IF NOT EXISTS acts_v1_act_subject ON acts_v1_act (subject, subject_id, sequence);
    CREATE INDEX IF NOT EXISTS acts_v1_act_type ON acts_v1_act (type, sequence);
  `,
  apply(views, { sequence, recorded, decode }) {
    const act = ACTS.get(recorded.type);
    if (act === undefined) return;
    const event = decode();
    if (!event.readable) return;
    const trace: ActTrace = {
      sequence,
      type: event.type,
      payload: clearPart(act.schema, event.payload) as ActTrace['payload'],
    };
    sql(
      views,
      `INSERT OR IGNORE INTO acts_v1_act (sequence, subject, subject_id, trace, ${EVENT_COLUMN_NAMES})
       VALUES (@sequence, @subject, @subjectId, @trace, ${EVENT_PLACES})`,
    ).run({
      sequence,
      subject: act.subject,
      subjectId: event.payload[SUBJECTS[act.subject]],
      trace: JSON.stringify(trace),
      ...toRow(recorded),
    });
  },
};
