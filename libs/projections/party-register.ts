import { partyRecordOf, type PartyRecord } from '@ledger/domain/party/record';
import type { ActsQuery } from './acts/query';

/** The register of parties as of a sequence. */
export class PartyRegister {
  constructor(private readonly acts: ActsQuery) {}

  party(partyId: string, sequence: number): PartyRecord | undefined {
    return partyRecordOf(this.acts.of('party', partyId, sequence), sequence);
  }

  /** In order of registration, strictly after `after`. */
  parties(sequence: number, after: number, limit: number): PartyRecord[] {
    return this.acts
      .subjects('party-registered', sequence, after, limit)
      .flatMap(({ id }) => this.party(id, sequence) ?? []);
  }

  /** The registered name, as stored; undefined when it was not registered by then or cannot be read. */
  name(partyId: string, sequence: number): unknown {
    const record = this.party(partyId, sequence);
    return record && this.acts.payload(record.sequence)?.['name'];
  }
}
