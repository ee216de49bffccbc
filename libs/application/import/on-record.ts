import type { DomainEvent } from '@ledger/domain/decision';
import type { Named } from '@ledger/domain/schema/fields';
import type { Codec } from '@ledger/event-store/codec';
import type { EventStore } from '@ledger/event-store/port';
import { sameContent } from '../same-content';
import { askedBy } from './asked';

interface Index {
  /** Of what has an id: where it was made. By type of event and id. */
  readonly made: ReadonlyMap<string, bigint>;
  /** Ids by the recorder's own number. */
  readonly byReference: ReadonlyMap<string, readonly string[]>;
}

/** What streams held when they were first asked about. Each is read once, and only where an import asks. */
export class OnRecord {
  private readonly indexes = new Map<string, Promise<Index>>();

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  /** Ids of what carries this reference. */
  async withReference(stream: string, named: Named, reference: string): Promise<readonly string[]> {
    return (await this.index(stream)).byReference.get(`${named} ${reference}`) ?? [];
  }

  /** Whether what made this thing says the very same. */
  async holds(stream: string, event: DomainEvent): Promise<boolean> {
    const revision = (await this.index(stream)).made.get(identityOf(event));
    if (revision === undefined) return false;
    for await (const recorded of this.store.readStream(stream, { from: revision, limit: 1 })) {
      const found = this.codec.decode(recorded);
      return found.readable && found.type === event.type && sameContent(found.payload, event.payload);
    }
    return false;
  }

  private index(stream: string): Promise<Index> {
    const known = this.indexes.get(stream);
    if (known !== undefined) return known;
    const reading = this.read(stream);
    this.indexes.set(stream, reading);
    return reading;
  }

  private async read(stream: string): Promise<Index> {
    const made = new Map<string, bigint>();
    const byReference = new Map<string, string[]>();
    for await (const recorded of this.store.readStream(stream)) {
      const event = this.codec.decode(recorded);
      if (!event.readable) continue;
      const makes = askedBy(event.type)?.makes;
      const identity = identityOf(event);
      if (!made.has(identity)) made.set(identity, recorded.revision);
      const { reference } = event.payload;
      if (makes === undefined || typeof reference !== 'string') continue;
      const key = `${makes.named} ${reference}`;
      byReference.set(key, [...(byReference.get(key) ?? []), String(event.payload[makes.field])]);
    }
    return { made, byReference };
  }
}

/** A fact is one by its id, whatever its kind; what makes nothing is one of a kind in its stream. */
const identityOf = ({ type, payload }: DomainEvent): string => {
  const makes = askedBy(type)?.makes;
  return makes === undefined ? type : `${makes.named} ${String(payload[makes.field])}`;
};
