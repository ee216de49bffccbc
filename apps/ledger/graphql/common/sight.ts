import type { AsOf } from '@ledger/domain/as-of/view';

/** Look-ups of one request, cached under the whole moment: two aliases may look from two of them. */
export interface Loaders {
  /** The registered name of an organisation, as stored; undefined when it was not registered by then. */
  partyName(partyId: string, asOf: AsOf): Promise<unknown>;
  /**
   * A fact by id, or null when the view does not show it: not on record, or not known. `incidentId` absent: of the
   * incident that used the id first.
   */
  fact(factId: string, incidentId: string | undefined, asOf: AsOf): Promise<object | null>;
  incident(incidentId: string, asOf: AsOf): Promise<object | null>;
}

/** What an object needs to go on resolving: the loaders of the request and the moment of its view. */
export interface Sight {
  readonly loaders: Loaders;
  readonly asOf: AsOf;
}
