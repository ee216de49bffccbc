import DataLoader from 'dataloader';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import { presentEntry } from '../fact/present';
import { toId } from './ids';
import type { Loaders } from './sight';

type Key = readonly [id: string, sequence: number];

export const makeLoaders = (views: LedgerViews): Loaders => {
  const loader = <V>(load: (ids: readonly string[], sequence: number) => (id: string) => V) =>
    new DataLoader<Key, V, string>(
      async (keys) => {
        const bySequence = new Map<number, (id: string) => V>();
        for (const [, sequence] of keys)
          if (!bySequence.has(sequence))
            bySequence.set(
              sequence,
              load(
                keys.filter((key) => key[1] === sequence).map(([id]) => id),
                sequence,
              ),
            );
        return keys.map(([id, sequence]) => (bySequence.get(sequence) as (id: string) => V)(id));
      },
      { cacheKeyFn: ([id, sequence]) => `${id}@${sequence}` },
    );

  const names = loader<unknown>((ids, sequence) => {
    const found = views.register.partyNames(ids, sequence);
    return (id) => found.get(id);
  });
  const facts = loader<object | null>((_, sequence) => (id) => {
    const at = views.timeline.sequenceOfFact(id);
    const event = at === undefined || at > sequence ? undefined : views.timeline.event(at);
    return event === undefined || at === undefined ? null : presentEntry(at, event, { loaders, sequence });
  });
  const incidents = loader<object | null>((_, sequence) => (id) => {
    const row = views.register.incident(id, sequence);
    return row === undefined
      ? null
      : { __typename: 'Incident', id: toId('inc', row.incidentId), reference: row.reference };
  });

  const loaders: Loaders = {
    partyName: (partyId, sequence) => names.load([partyId, sequence]),
    fact: (factId, sequence) => facts.load([factId, sequence]),
    incident: (incidentId, sequence) => incidents.load([incidentId, sequence]),
  };
  return loaders;
};
