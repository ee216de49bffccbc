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

/** Gaps of one incident on record by `sequence`, in order of recording. */
export const gapsOf = (views: Views, incidentId: string, sequence: number): GapRow[] =>
  sql(
    views,
    `SELECT gap_id AS gapId, incident_id AS incidentId, sequence, about, topic, actor FROM gap_register_v1_gap
     WHERE incident_id = ? AND sequence <= ? ORDER BY sequence`,
  ).all(incidentId, sequence) as GapRow[];
