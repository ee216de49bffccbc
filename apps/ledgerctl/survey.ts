import { LogDigest } from '@ledger/event-store/history';
import type { Position, RecordedEvent } from '@ledger/event-store/port';
import { parseJsonBytes } from '@ledger/integrity/canonical';
import type { KeyVault } from '@ledger/privacy/key-vault';
import { isPrivileged } from '../ledger/ledger-resources';

/** What a whole log amounts to, and whether its keys are there. Every event is to be added once, in log order. */
export class Survey {
  private readonly log = new LogDigest();
  private readonly keysMissing = new Set<string>();
  private open = 0;
  private last: Position | undefined;

  constructor(private readonly vault: Pick<KeyVault, 'find'>) {}

  add(event: RecordedEvent): void {
    this.log.add(event);
    if (!isPrivileged(event.stream)) this.open += 1;
    this.last = event.position;
    for (const kid of kidsOf(event)) if (this.vault.find(kid) === 'missing') this.keysMissing.add(kid);
  }

  get events(): number {
    return this.log.events;
  }

  /** The number that the last open event has: what people cite. */
  get sequence(): number {
    return this.open;
  }

  /** Of the last event, in this store. */
  get position(): Position | undefined {
    return this.last;
  }

  get digest(): string {
    return this.log.value();
  }

  /** Ids of keys that are neither there nor destroyed: what lies under them cannot be read, and nobody meant that. */
  get missing(): ReadonlySet<string> {
    return this.keysMissing;
  }
}

/** Ids of the keys under which something in the event lies; they stand in clear. */
const kidsOf = ({ data }: RecordedEvent): readonly string[] => {
  try {
    const { _enc = [] } = parseJsonBytes(data) as { readonly _enc?: readonly { readonly kid: string }[] };
    return _enc.map(({ kid }) => kid);
  } catch {
    return []; // not an event of this ledger: whoever decodes it says so
  }
};
