import { refParts } from '../fact/actor';
import { saysYesOrNo, type IncidentView } from './incident-view';
import type { Trace } from './trace';
import type { Seen } from './view';

/** Who stands at the beginning of what was passed on. */
export const ORIGINS = {
  organisation: 'An organisation or authority, named or not.',
  group: 'A group of people, none of them identified.',
  person: 'One individual under a pseudonym.',
  'threat-actor': 'Whoever attacked.',
  public: 'Anybody.',
  none: 'The source names nobody.',
} as const;
export type Origin = keyof typeof ORIGINS;

const ORIGIN_OF_ROLE: Readonly<Record<string, Origin>> = {
  'data-subjects': 'group',
  group: 'group',
  person: 'person',
  'threat-actor': 'threat-actor',
  public: 'public',
  unattributed: 'none',
};

/** Of the first in the chain of who told whom; where there is no chain, of whoever acts or speaks. */
export const originOf = ({ via, inForce }: { via: Trace['via']; inForce: Seen['inForce'] }): Origin =>
  ORIGIN_OF_ROLE[refParts(via[0] ?? inForce.actor).role] ?? 'organisation';

/** How a statement can be carried into another document. A rule of ours, computed; whether to use it is for a lawyer. */
export const ATTRIBUTIONS = {
  own: "The controller's own statement about itself, plain, on which nothing here takes a side: it can stand as it is.",
  'own-understanding': "The controller's own, made with a reserve: it can stand with that reserve.",
  attributed: 'Anything else: it stands only as the statement of whoever made it, with the chain.',
} as const;
export type Attribution = keyof typeof ATTRIBUTIONS;

/** Own is what the controller itself says where it speaks for itself, and about which it takes no side in a contested question. */
export const attributionOf = (seen: Seen, { record, positionsOf }: IncidentView): Attribution => {
  const { trace, inForce, standing } = seen;
  const own = inForce.actor === record.controller && trace.via.length === 0;
  const takesSide = (positionsOf.get(trace.factId) ?? []).some(({ stance }) => saysYesOrNo(stance) !== undefined);
  if (!own || takesSide || standing === 'retracted' || standing === 'contested') return 'attributed';
  if (inForce.manner === 'hedged') return 'own-understanding';
  return inForce.manner === 'stated' || inForce.manner === 'confirmed' ? 'own' : 'attributed';
};

/**
 * Whether it is an assumption that this actor is the one who appears under the same id in other facts: where the fact says
 * so, and of an individual who appears in several unless the fact says that the source shows it.
 */
export const identityAssumed = (seen: Seen, { seen: all }: IncidentView): boolean => {
  const { actor } = seen.inForce;
  const elsewhere = all.some((other) => other !== seen && other.inForce.actor === actor);
  if (!elsewhere) return false;
  return seen.trace.identity === undefined ? refParts(actor).role === 'person' : seen.trace.identity === 'assumed';
};
