import { refParts } from '../fact/actor';
import { overlaps, type Bounds } from '../time/bounds';
import { attributionOf, identityAssumed, originOf, type Attribution, type Origin } from './attribution';
import { continuationOf, type Continuation } from './continuing';
import type { IncidentView } from './incident-view';
import type { Seen, Standing } from './view';

/** Which facts: conditions on different fields all hold, values of one field are alternatives. */
export interface FactFilter {
  /** Event types. */
  readonly kinds?: readonly string[];
  readonly references?: readonly string[];
  /** `role:id`. */
  readonly actors?: readonly string[];
  /** Roles of the actor. */
  readonly roles?: readonly string[];
  /** `role:id` of whoever acts, passes on, or is named by a field of the fact. */
  readonly involving?: readonly string[];
  readonly sources?: readonly string[];
  readonly manners?: readonly string[];
  readonly origins?: readonly Origin[];
  readonly attributions?: readonly Attribution[];
  readonly standing?: readonly Standing[];
  readonly certainty?: Seen['certainty'];
  readonly continuations?: readonly Continuation[];
  readonly identityAssumed?: boolean;
  /** Whether it amends another fact: a correction, a retraction, a later knower. */
  readonly amends?: boolean;
  /** May have happened, or begun, within these bounds. */
  readonly occurredWithin?: Bounds;
  /** Whether the time of occurrence has a lower bound. */
  readonly hasLowerBound?: boolean;
  /** Facts of which it is a part. */
  readonly partOf?: readonly string[];
  readonly text?: string;
}

/** `hits`: sequences whose text holds what is searched for; asked only where the filter has a text. */
export const matches = (filter: FactFilter, hits?: ReadonlySet<number>) => {
  const among = <T>(wanted: readonly T[] | undefined, value: T | undefined): boolean =>
    wanted === undefined || (value !== undefined && wanted.includes(value));
  return (seen: Seen, view: IncidentView): boolean => {
    const { trace, inForce, standing, certainty } = seen;
    return (
      among(filter.kinds, trace.type) &&
      among(filter.references, trace.reference) &&
      among(filter.actors, inForce.actor) &&
      among(filter.roles, refParts(inForce.actor).role) &&
      (filter.involving === undefined || involved(seen).some((ref) => filter.involving?.includes(ref))) &&
      among(filter.sources, inForce.document) &&
      among(filter.manners, inForce.manner) &&
      among(filter.standing, standing) &&
      (filter.certainty === undefined || filter.certainty === certainty) &&
      (filter.occurredWithin === undefined || overlaps(inForce.occurred, filter.occurredWithin)) &&
      (filter.hasLowerBound === undefined || filter.hasLowerBound === (inForce.occurred.earliest !== null)) &&
      (filter.partOf === undefined || (trace.links['partOf'] ?? []).some((id) => filter.partOf?.includes(id))) &&
      (filter.origins === undefined || filter.origins.includes(originOf({ via: trace.via, inForce }))) &&
      (filter.attributions === undefined || filter.attributions.includes(attributionOf(seen, view))) &&
      (filter.continuations === undefined || among(filter.continuations, continuationOf(seen, view))) &&
      (filter.amends === undefined || filter.amends === (trace.amends !== undefined)) &&
      (filter.identityAssumed === undefined || filter.identityAssumed === identityAssumed(seen, view)) &&
      (hits === undefined || hits.has(seen.versions.at(-1)?.sequence ?? 0))
    );
  };
};

/** Whoever acts, passes on, or is named by a field of the fact, as `role:id`. */
export const involved = ({ trace, inForce }: Seen): readonly string[] => [
  inForce.actor,
  ...trace.via,
  ...Object.values(trace.parties),
];
