import { earliestOf } from '../time/bounds';
import { firstKnown } from './recording-lag';
import type { IncidentView } from './incident-view';
import type { Seen } from './view';

/** A group of data subjects, and the facts that speak of it. */
export interface CohortSeen {
  /** `role:id`. */
  readonly actor: string;
  /** In log order. */
  readonly facts: readonly Seen[];
  /** Those with which it may have appeared first: of imprecise times there can be several. */
  readonly first: readonly Seen[];
}

/** Groups that a fact names as its cohort, and data subjects who act or speak themselves, by first mention in the log. */
export const cohortsOf = ({ seen }: IncidentView): readonly CohortSeen[] => {
  const groups = new Map<string, Seen[]>();
  for (const one of seen) {
    if (one.standing === 'retracted') continue;
    const { actor } = one.inForce;
    const named = [one.trace.parties['cohort'], actor.startsWith('data-subjects:') ? actor : undefined];
    for (const cohort of new Set(named))
      if (cohort !== undefined) groups.set(cohort, [...(groups.get(cohort) ?? []), one]);
  }
  return [...groups].map(([actor, facts]) => ({ actor, facts, first: possiblyFirst(facts) }));
};

/** Those than which none was certainly known earlier: they may have been before the first upper bound had passed. */
const possiblyFirst = (facts: readonly Seen[]): readonly Seen[] => {
  const known = facts.map((seen) => ({ seen, since: firstKnown([seen]) }));
  const { latest } = earliestOf(known.map(({ since }) => since)) ?? { latest: null };
  return known
    .filter(({ since: { earliest } }) => latest === null || earliest === null || earliest < latest)
    .map(({ seen }) => seen);
};
