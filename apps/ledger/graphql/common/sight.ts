/** Look-ups of one request, batched. Every key holds the view's sequence: two aliases may look from two moments. */
export interface Loaders {
  /** The registered name of a party, as stored; undefined when it was not registered by then. */
  partyName(partyId: string, sequence: number): Promise<unknown>;
  /** A fact by id, or null when it was not on record by then. */
  fact(factId: string, sequence: number): Promise<object | null>;
  incident(incidentId: string, sequence: number): Promise<object | null>;
}

/** What an object needs to go on resolving: the loaders of the request and how far its view sees. */
export interface Sight {
  readonly loaders: Loaders;
  readonly sequence: number;
}
