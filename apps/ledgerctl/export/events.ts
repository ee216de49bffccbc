import { incidentStream } from '@ledger/application/streams';
import { eventId } from '@ledger/application/transact';
import type { Codec, DecodedEvent } from '@ledger/event-store/codec';
import { history } from '@ledger/event-store/history';
import type { EventStore } from '@ledger/event-store/port';
import { isPrivileged } from '../../ledger/ledger-resources';

/** An event as one line of an export: `import` takes it again. */
export interface ExportedEvent {
  /** Its number in the ledger: what people cite. */
  readonly sequence: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly commandId: string;
  readonly correlationId: string;
  /** It was not what the command asked for: it followed. */
  readonly consequence?: true;
  /** In clear; what was erased is `{"hidden":"erased"}`. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Instead of a payload: why it cannot be read. */
  readonly unreadable?: string;
}

export interface EventChoice {
  /** Only what was done to this incident. */
  readonly incidentId?: string | undefined;
  /** The first sequence. */
  readonly from?: number | undefined;
}

/** Every event that is open to be seen, in log order. The whole log is read, since only that tells sequences. */
export async function* exportedEvents(
  store: EventStore,
  codec: Codec,
  { incidentId, from = 1 }: EventChoice = {},
): AsyncGenerator<ExportedEvent, void> {
  const stream = incidentId === undefined ? undefined : incidentStream(incidentId);
  let sequence = 0;
  for await (const recorded of history(store)) {
    if (isPrivileged(recorded.stream)) continue;
    sequence += 1;
    if (sequence >= from && (stream === undefined || stream === recorded.stream))
      yield exported(sequence, codec.decode(recorded));
  }
}

const exported = (sequence: number, event: DecodedEvent): ExportedEvent => {
  const { recordedAt, recordedBy, commandId, correlationId } = event.meta;
  return {
    sequence,
    type: event.type,
    recordedAt,
    recordedBy,
    commandId,
    correlationId,
    ...(event.id !== eventId(event.stream, 0, commandId) && { consequence: true }),
    ...(event.readable ? { payload: event.payload } : { unreadable: event.problem }),
  };
};
