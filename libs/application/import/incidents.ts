import type { Codec } from '@ledger/event-store/codec';
import { history } from '@ledger/event-store/history';
import type { EventStore } from '@ledger/event-store/port';
import { incidentStream } from '../streams';

/** Which incidents there are, as far as an import or export asks: by their own reference, and with their zone. */
export class Incidents {
  private readonly zones = new Map<string, string | undefined>();
  private readonly opening = new Map<string, Set<string>>();
  private recorded: Promise<ReadonlyMap<string, readonly string[]>> | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  /** One that is about to be opened. */
  opens(incidentId: string, reference: string | undefined, zone: string | undefined): void {
    if (reference !== undefined)
      this.opening.set(reference, (this.opening.get(reference) ?? new Set()).add(incidentId));
    if (!this.zones.has(incidentId)) this.zones.set(incidentId, zone);
  }

  /** Ids of the incidents with this reference, on record or about to be opened. The first question reads the whole log. */
  async withReference(reference: string): Promise<readonly string[]> {
    this.recorded ??= this.read();
    return [...new Set([...((await this.recorded).get(reference) ?? []), ...(this.opening.get(reference) ?? [])])];
  }

  /** Ids of those on record, or about to be opened, that a text may mean: by id, with its prefix or without, or by reference. */
  async find(text: string, prefix: string): Promise<readonly string[]> {
    const [, uuid] = new RegExp(`^(?:${prefix}_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`).exec(text) ?? [];
    if (uuid === undefined) return this.withReference(text);
    return (await this.isOnRecord(uuid)) ? [uuid] : [];
  }

  /** The zone in which its local times are read; undefined when it is neither on record nor about to be opened. */
  async zoneOf(incidentId: string): Promise<string | undefined> {
    if (!this.zones.has(incidentId)) this.zones.set(incidentId, await this.zoneOnRecord(incidentId));
    return this.zones.get(incidentId);
  }

  async isOnRecord(incidentId: string): Promise<boolean> {
    return (await this.zoneOnRecord(incidentId)) !== undefined;
  }

  private async zoneOnRecord(incidentId: string): Promise<string | undefined> {
    for await (const recorded of this.store.readStream(incidentStream(incidentId), { limit: 1 })) {
      const event = this.codec.decode(recorded);
      if (event.readable && typeof event.payload['zone'] === 'string') return event.payload['zone'];
    }
    return undefined;
  }

  private async read(): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, string[]>();
    for await (const recorded of history(this.store)) {
      if (recorded.type !== 'incident-opened') continue;
      const event = this.codec.decode(recorded);
      if (!event.readable) continue;
      const { reference, incidentId } = event.payload as { readonly reference: string; readonly incidentId: string };
      found.set(reference, [...(found.get(reference) ?? []), incidentId]);
    }
    return found;
  }
}
