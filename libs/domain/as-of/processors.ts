import { refParts } from '../fact/actor';
import { involved } from './filter';
import type { IncidentView } from './incident-view';
import { onePerThing } from './things';
import type { Seen } from './view';

/** What one incident's facts say of a processor, under the id by which they name it. */
export interface ProcessorPart {
  /** `role:id`. */
  readonly processor: string;
  /** Sequence of the first fact that names it. */
  readonly firstMention: number;
  /** A fact says that this incident itself happened at it. */
  readonly happenedHere: boolean;
  /** Earlier incidents of it that facts speak of, two assertions of one thing counted once. */
  readonly priorIncidents: number;
  /** Facts that say who it is. */
  readonly identifiedBy: readonly Seen[];
}

const isProcessor = (ref: string): boolean => ['processor', 'sub-processor'].includes(refParts(ref).role);

/** In order of first mention. What was retracted names nobody. */
export const processorsIn = ({ seen, thingOf }: IncidentView): readonly ProcessorPart[] => {
  const mentions = new Map<string, Seen[]>();
  for (const one of seen) {
    if (one.standing === 'retracted') continue;
    for (const ref of new Set(involved(one).filter(isProcessor)))
      mentions.set(ref, [...(mentions.get(ref) ?? []), one]);
  }
  return [...mentions].map(([processor, facts]) => {
    const own = facts.filter(({ inForce }) => inForce.actor === processor);
    const prior = onePerThing(
      own.filter(({ trace }) => trace.type === 'prior-incident-reported'),
      thingOf,
    );
    return {
      processor,
      firstMention: facts[0]?.trace.sequence ?? 0,
      happenedHere: own.some(({ trace }) => trace.type === 'incident-occurred'),
      priorIncidents: prior.reduce((sum, { trace }) => sum + (trace.numbers['incidents'] ?? 1), 0),
      identifiedBy: facts.filter(
        ({ trace }) => trace.type === 'party-identified' && trace.parties['party'] === processor,
      ),
    };
  });
};
