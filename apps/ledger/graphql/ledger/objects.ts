import type { IncidentView } from '@ledger/domain/as-of/incident-view';
import { refParts, type Role } from '@ledger/domain/fact/actor';
import { interval, type Bounds } from '@ledger/domain/time/bounds';
import type { LedgerViews } from '@ledger/projections/ledger-views';
import { presentIncident as presentIdentity } from '../common/loaders';
import { protectedText, UNREADABLE } from '../common/protected-text';
import type { Loaders, Sight } from '../common/sight';
import { presentActor } from '../fact/present';
import type { ResolvedView } from './view';

/** A view object carries its moment; everything below it takes the moment from there. */
export interface ViewObject {
  readonly view: ResolvedView;
}
export interface IncidentObject extends ViewObject {
  readonly shown: IncidentView;
}

export const sightOf = ({ asOf }: ResolvedView, loaders: Loaders): Sight => ({ loaders, asOf });

/** The actor that a `role:id` names. */
export const refActor = (ref: string, sight: Sight) => {
  const { role, id } = refParts(ref);
  return presentActor({ role: role as Role, id }, sight);
};

/** An incident as the view shows it. */
export const presentState = (shown: IncidentView, view: ResolvedView, sight: Sight, views: LedgerViews) => ({
  shown,
  view,
  incident: presentIdentity(shown.record),
  title: () => {
    const opened = views.acts.event(shown.record.sequence);
    return protectedText(opened?.readable === true ? opened.payload['title'] : UNREADABLE);
  },
  controller: refActor(shown.record.controller, sight),
  zone: shown.record.zone,
  status: shown.record.status,
  opened: String(shown.record.sequence),
});

const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** How long it was from one time to another, as a range. */
export const presentInterval = (from: Bounds, to: Bounds) => {
  const { minMs, maxMs } = interval(from, to);
  return { minSeconds: inSeconds(minMs), maxSeconds: inSeconds(maxMs) };
};

/** How old something is that began within `since`, at the moment of the view. */
export const ageOf = (
  since: Bounds,
  { moment }: ResolvedView,
): { readonly minMs: number | null; readonly maxMs: number | null } =>
  interval(since, { earliest: moment, latest: moment });
export const presentAge = (since: Bounds, { moment }: Pick<ResolvedView, 'moment'>) =>
  presentInterval(since, { earliest: moment, latest: moment });

const DAY_MS = 86_400_000;

/** Whether something is certainly older than so many days. */
export const isOlderThan = (since: Bounds, days: number, view: ResolvedView): boolean => {
  const { minMs } = ageOf(since, view);
  return minMs !== null && minMs > days * DAY_MS;
};
