import { refParts } from '../fact/actor';
import type { Bounds } from '../time/bounds';
import { epochMs } from '../time/instant';
import { wallClock } from '../time/wall-clock';
import { originOf } from './attribution';
import type { IncidentView } from './incident-view';
import { firstKnown } from './recording-lag';
import type { Seen } from './view';

/** What facts can be grouped by. */
export const DIMENSIONS = {
  incident: 'The incident.',
  source: 'The document in which it stands.',
  kind: 'The kind of fact.',
  actor: 'Whose act or statement it is, as `role:id`.',
  role: 'The role of whoever acts or speaks.',
  origin: 'Who stands at the beginning of what was passed on.',
  manner: 'How the source put it.',
  standing: 'How it stands in the view.',
  'month-occurred':
    'The calendar month of the incident’s zone in which it happened; none where its bounds span several.',
  'month-known': 'The calendar month in which it was first known; none where the bounds span several.',
} as const;
export type Dimension = keyof typeof DIMENSIONS;

/** The month, `2021-11`, in which a time certainly lies; undefined where its bounds are open or span several. */
export const monthOf = ({ earliest, latest }: Bounds, zone: string): string | undefined => {
  if (earliest === null || latest === null) return undefined;
  const month = (ms: number) => new Date(wallClock(zone, ms)).toISOString().slice(0, 7);
  const first = month(epochMs(earliest));
  return first === month(epochMs(latest) - 1) ? first : undefined;
};

const KEYS: Readonly<Record<Dimension, (seen: Seen, view: IncidentView) => string | undefined>> = {
  incident: ({ trace }) => trace.incidentId,
  source: ({ inForce }) => inForce.document,
  kind: ({ trace }) => trace.type,
  actor: ({ inForce }) => inForce.actor,
  role: ({ inForce }) => refParts(inForce.actor).role,
  origin: ({ trace, inForce }) => originOf({ via: trace.via, inForce }),
  manner: ({ inForce }) => inForce.manner,
  standing: ({ standing }) => standing,
  'month-occurred': ({ inForce }, { record }) => monthOf(inForce.occurred, record.zone),
  'month-known': (seen, { record }) => monthOf(firstKnown([seen]), record.zone),
};

export interface Counts {
  readonly certain: number;
  readonly possible: number;
}

/** Facts, and the things that they assert: a thing is certain where one of its assertions is. */
export interface FactCounts {
  readonly assertions: Counts;
  /** Two assertions of one thing count once. */
  readonly things: Counts;
}

export interface SeenInView {
  readonly seen: Seen;
  readonly view: IncidentView;
}

export const countFacts = (facts: Iterable<SeenInView>): FactCounts => {
  const assertions = { certain: 0, possible: 0 };
  const certainties = new Map<string, Seen['certainty']>();
  for (const { seen, view } of facts) {
    assertions[seen.certainty] += 1;
    const thing = `${seen.trace.incidentId} ${view.thingOf.get(seen.trace.factId)}`;
    if (certainties.get(thing) !== 'certain') certainties.set(thing, seen.certainty);
  }
  const things = { certain: 0, possible: 0 };
  for (const certainty of certainties.values()) things[certainty] += 1;
  return { assertions, things };
};

export interface Group extends FactCounts {
  /** One for each dimension, in their order; undefined: it has none. */
  readonly keys: readonly (string | undefined)[];
}

/**
 * Counts the facts that `choose` takes from each view. Groups are in order of their size, then of their keys. The sum of
 * things over groups can exceed their number, because the assertions of one thing may stand in several groups.
 */
export const countBy = (
  views: Iterable<IncidentView>,
  dimensions: readonly Dimension[],
  choose: (seen: Seen, view: IncidentView) => boolean,
): readonly Group[] => {
  const groups = new Map<string, { readonly keys: Group['keys']; readonly facts: SeenInView[] }>();
  for (const view of views)
    for (const seen of view.seen) {
      if (!choose(seen, view)) continue;
      const keys = dimensions.map((dimension) => KEYS[dimension](seen, view));
      const name = JSON.stringify(keys);
      const group = groups.get(name) ?? { keys, facts: [] };
      group.facts.push({ seen, view });
      groups.set(name, group);
    }
  return [...groups.values()]
    .map(({ keys, facts }) => ({ keys, ...countFacts(facts) }))
    .sort((a, b) => total(b) - total(a) || compareKeys(a.keys, b.keys));
};

const total = ({ assertions }: Group): number => assertions.certain + assertions.possible;
const compareKeys = (a: Group['keys'], b: Group['keys']): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
