import type { IncidentView } from './incident-view';
import { onePerThing } from './things';
import type { Seen } from './view';

/** A notice of a processor, and the earlier one that it follows up. */
export interface NoticeSeen {
  readonly notice: Seen;
  readonly followsUp: Seen | undefined;
}

/** In log order. A second assertion of a notice is no second notice. */
export const noticesIn = ({ seen, byFact, thingOf }: IncidentView): readonly NoticeSeen[] =>
  onePerThing(
    seen.filter(({ trace, standing }) => trace.type === 'processor-notification-received' && standing !== 'retracted'),
    thingOf,
  ).map((notice) => ({ notice, followsUp: byFact.get(notice.trace.links['followsUp']?.[0] ?? '') }));
