import type { ActTrace } from '@ledger/domain/as-of/record';
import type { Subject } from '@ledger/domain/catalogue';
import type { Codec, DecodedEvent, ReadableEvent } from '@ledger/event-store/codec';
import { sql, type Views } from '../sqlite/views';
import { EVENT_COLUMN_NAMES, fromRow, type EventRow } from '../stored-event';

/** Reads of the acts. What they come to as of a moment is folded by the domain. */
export class ActsQuery {
  constructor(
    private readonly views: Views,
    private readonly codec: Codec,
  ) {}

  /** The acts done to one subject up to `sequence`, in log order. */
  of(subject: Subject, subjectId: string, sequence: number): ActTrace[] {
    const rows = sql(
      this.views,
      'SELECT trace FROM acts_v1_act WHERE subject = ? AND subject_id = ? AND sequence <= ? ORDER BY sequence',
    ).all(subject, subjectId, sequence) as { trace: string }[];
    return rows.map(({ trace }) => JSON.parse(trace) as ActTrace);
  }

  /** What acts of one type are about, with the sequence of each, after `after` up to `sequence`, in log order. */
  subjects(
    type: string,
    sequence: number,
    after = 0,
    limit = -1,
  ): { readonly id: string; readonly sequence: number }[] {
    return sql(
      this.views,
      'SELECT subject_id AS id, sequence FROM acts_v1_act WHERE type = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?',
    ).all(type, after, sequence, limit) as { id: string; sequence: number }[];
  }

  /** Acts of one type that name an id in a field, up to `sequence`, in log order. Reads all of the type. */
  naming(
    type: string,
    field: string,
    id: string,
    sequence: number,
  ): { readonly id: string; readonly sequence: number }[] {
    return sql(
      this.views,
      `SELECT subject_id AS id, sequence FROM acts_v1_act
       WHERE type = ? AND sequence <= ? AND json_extract(trace, '$.payload.' || ?) = ? ORDER BY sequence`,
    ).all(type, sequence, field, id) as { id: string; sequence: number }[];
  }

  /** What tells the last act done to a subject up to `sequence` from any other, in this log or another one. */
  last(subject: Subject, subjectId: string, sequence: number): string | undefined {
    return sql(
      this.views,
      `SELECT sequence || ' ' || hex(leaf) FROM acts_v1_act WHERE subject = ? AND subject_id = ? AND sequence <= ?
       ORDER BY sequence DESC LIMIT 1`,
    )
      .pluck()
      .get(subject, subjectId, sequence) as string | undefined;
  }

  /** What an act says, decrypted as far as its keys still exist; undefined where it cannot be read. */
  payload(sequence: number): ReadableEvent['payload'] | undefined {
    const event = this.event(sequence);
    return event?.readable === true ? event.payload : undefined;
  }

  /** The event behind a sequence, decrypted as far as its keys still exist. */
  event(sequence: number): DecodedEvent | undefined {
    const row = sql(this.views, `SELECT ${EVENT_COLUMN_NAMES} FROM acts_v1_act WHERE sequence = ?`).get(sequence);
    return row === undefined ? undefined : this.codec.decode(fromRow(row as EventRow));
  }
}
