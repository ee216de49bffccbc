import { sql, type Views } from '../sqlite/views';

export interface GapRow {
  readonly gapId: string;
  readonly incidentId: string;
  readonly sequence: number;
  /** The fact at which it shows. */
  readonly about: string;
  readonly topic: string;
  /** `role:id`. */
  readonly actor: string;
}

/** Gaps of one incident on record by `sequence`, in order of recording, strictly after `after`. */
export const gapsOf = (views: Views, incidentId: string, sequence: number, after: number, limit: number): GapRow[] =>
  sql(
    views,
    `SELECT gap_id AS gapId, incident_id AS incidentId, sequence, about, topic, actor FROM gap_register_v1_gap
     WHERE incident_id = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?`,
  ).all(incidentId, after, sequence, limit) as GapRow[];
