import type { DecodedEvent } from '@ledger/event-store/codec';
import type { RecordedEvent } from '@ledger/event-store/port';
import type { Views } from './sqlite/views';

/** An event of the open partition with its ordinal: the same in every store that holds this ledger. */
export interface Sequenced {
  /** From 1, without gaps: privileged events are not counted, because a gap would show that they exist. */
  readonly sequence: number;
  readonly recorded: RecordedEvent;
  /** Opens it, once: a projection that has no use for the type need not ask. */
  readonly decode: () => DecodedEvent;
}

/**
 * One read model. Tables carry the name and version, so that a new version is built beside the old one. Rows and
 * checkpoint are committed together; delivering an event twice must change nothing all the same.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  /** `CREATE … IF NOT EXISTS` of its tables; all of them begin with `<name>_v<version>_`. */
  readonly ddl: string;
  apply(views: Views, item: Sequenced): void;
}
