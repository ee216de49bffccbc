import DataLoader from 'dataloader';
import type { IncidentRecord } from '@ledger/domain/as-of/record';
import type { AsOf } from '@ledger/domain/as-of/view';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import { presentEntry } from '../fact/present';
import { toId } from './ids';
import type { Loaders } from './sight';

/** An incident as an identity: the same under every view. */
export const presentIncident = ({ incidentId, reference }: Pick<IncidentRecord, 'incidentId' | 'reference'>) => ({
  __typename: 'Incident',
  id: toId('inc', incidentId),
  reference,
});

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
  const names = once(({ id, asOf }) => views.parties.name(id, asOf.sequence));
  const incidents = once<object | null>(({ id, asOf }) => {
    const { record } = views.incidents.at(id, asOf);
    return record.sequence === 0 ? null : presentIncident(record);
  });
  const facts = once<object | null>(({ id, incidentId, asOf }) => {
    const found = views.incidents.fact(id, asOf, incidentId);
    const event = found && views.timeline.event(found.seen.trace.sequence);
    return event === undefined ? null : presentEntry(Number(found?.seen.trace.sequence), event, { loaders, asOf });
  });
  const loaders: Loaders = {
    partyName: (id, asOf) => names.load({ id, asOf }),
    fact: (id, incidentId, asOf) => facts.load({ id, incidentId, asOf }),
    incident: (id, asOf) => incidents.load({ id, asOf }),
  };
  return loaders;
};
