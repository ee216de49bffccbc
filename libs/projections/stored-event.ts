import type { Position, RecordedEvent } from '@ledger/event-store/port';

/** Columns that hold an event as it lies in the log, protected fields still encrypted. */
export const EVENT_COLUMNS = `
  event_id TEXT NOT NULL, stream TEXT NOT NULL, revision TEXT NOT NULL, type TEXT NOT NULL,
  position TEXT NOT NULL, leaf BLOB NOT NULL, data BLOB NOT NULL, meta BLOB NOT NULL`;
export const EVENT_COLUMN_NAMES = 'event_id, stream, revision, type, position, leaf, data, meta';
export const EVENT_PLACES = '@event_id, @stream, @revision, @type, @position, @leaf, @data, @meta';

export interface EventRow {
  readonly event_id: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly position: string;
  readonly leaf: Uint8Array;
  readonly data: Uint8Array;
  readonly meta: Uint8Array;
}

export const toRow = ({ id, revision, ...event }: RecordedEvent): EventRow => ({
  ...event,
  event_id: id,
  revision: revision.toString(),
});

export const fromRow = ({ event_id, revision, position, ...row }: EventRow): RecordedEvent => ({
  stream: row.stream,
  type: row.type,
  leaf: row.leaf,
  data: row.data,
  meta: row.meta,
  id: event_id,
  revision: BigInt(revision),
  position: position as Position,
});
