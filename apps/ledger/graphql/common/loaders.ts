import DataLoader from 'dataloader';
import type { AsOf } from '@ledger/domain/as-of/view';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import { presentEntry } from '../fact/present';
import { toId } from './ids';
import type { Loaders } from './sight';

interface Key {
  readonly id: string;
  readonly asOf: AsOf;
  readonly incidentId?: string | undefined;
}

/** One answer for each key within a request. The store is a file beside us, so nothing is won by asking in batches. */
const once = <V>(answer: (key: Key) => V) =>
  new DataLoader<Key, V, string>((keys) => Promise.resolve(keys.map(answer)), {
    cacheKeyFn: (key) => JSON.stringify(key),
  });

/** The loaders of one request. */
export const makeLoaders = (views: LedgerViews): Loaders => {
  const names = once(({ id, asOf }) => views.register.partyNames([id], asOf.sequence).get(id));
  const incidents = once<object | null>(({ id, asOf }) => {
    const row = views.register.incident(id, asOf.sequence);
    return row === undefined
      ? null
      : { __typename: 'Incident', id: toId('inc', row.incidentId), reference: row.reference };
  });
  const facts = once<object | null>(({ id, incidentId, asOf }) => {
    const seen = views.timeline.history(id, asOf, incidentId).find(({ trace }) => trace.factId === id);
    const event = seen && views.timeline.event(seen.trace.sequence);
    return event === undefined ? null : presentEntry(Number(seen?.trace.sequence), event, { loaders, asOf });
  });
  const loaders: Loaders = {
    partyName: (id, asOf) => names.load({ id, asOf }),
    fact: (id, incidentId, asOf) => facts.load({ id, incidentId, asOf }),
    incident: (id, asOf) => incidents.load({ id, asOf }),
  };
  return loaders;
};
