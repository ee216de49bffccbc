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

/** A text of an act, or that the act cannot be read. Decrypted when it is asked for. */
export const actText = (views: LedgerViews, sequence: number, field: string) => {
  const payload = views.acts.payload(sequence);
  return protectedText(payload === undefined ? UNREADABLE : payload[field]);
};

/** An incident as the view shows it. */
export const presentState = (shown: IncidentView, view: ResolvedView, sight: Sight, views: LedgerViews) => ({
  shown,
  view,
  incident: presentIdentity(shown.record),
  title: () => actText(views, shown.record.sequence, 'title'),
  controller: refActor(shown.record.controller, sight),
  zone: shown.record.zone,
  status: shown.record.status,
  opened: String(shown.record.sequence),
});

type Range = ReturnType<typeof interval>;

/** A range as the schema shows it. */
export const inSeconds = ({ minMs, maxMs }: Range) => ({
  minSeconds: minMs === null ? null : minMs / 1000,
  maxSeconds: maxMs === null ? null : maxMs / 1000,
});

/** How old something is that began within `since`, at the moment of the view. */
const ageOf = (since: Bounds, { moment }: Pick<ResolvedView, 'moment'>): Range =>
  interval(since, { earliest: moment, latest: moment });
export const presentAge = (since: Bounds, view: Pick<ResolvedView, 'moment'>) => inSeconds(ageOf(since, view));

const DAY_MS = 86_400_000;

/** Whether something is certainly older than so many days. */
export const isOlderThan = (since: Bounds, days: number, view: ResolvedView): boolean => {
  const { minMs } = ageOf(since, view);
  return minMs !== null && minMs > days * DAY_MS;
};
