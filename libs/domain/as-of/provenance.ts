import type { IncidentView } from './incident-view';
import type { Seen } from './view';

/** One thing that rests on another: the fact that points, the fact pointed at, and the field that says so. */
export interface Support {
  readonly from: Seen;
  readonly to: Seen;
  readonly relation: string;
  /** Steps from where it was asked. */
  readonly depth: number;
}

/** What each relation says of the fact that points. */
export const RELATIONS = {
  'part-of': 'It is a statement within that communication.',
  'same-thing-as': 'It asserts the same thing.',
  restates: 'It puts that into other words.',
  corrects: 'It corrects that.',
  retracts: 'It retracts that.',
  learned: 'It says who came to know that.',
  answers: 'It answers that question.',
  'follows-up': 'It follows that up.',
  'outcome-of': 'It says what came of that.',
  contradicts: 'It speaks against that.',
  'of-state': 'It observes that state again.',
  'rests-on': 'It rests on that.',
  supports: 'It supports that.',
} as const;

const kebab = (field: string): string => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * What a fact rests on (`forwards`) or what rests on it, step by step, each pair once; links to facts that the view does
 * not show are left out. `depth` is at least 1.
 */
export const provenanceOf = (
  factId: string,
  view: IncidentView,
  forwards: boolean,
  depth: number,
): readonly Support[] => {
  const pairs = view.seen.flatMap((from) =>
    Object.entries(from.trace.links).flatMap(([field, targets]) =>
      [...new Set(targets)].flatMap((target) => {
        const to = view.byFact.get(target);
        return to === undefined ? [] : [{ from, to, relation: kebab(field) }];
      }),
    ),
  );
  const start = (pair: (typeof pairs)[number]) => (forwards ? pair.from : pair.to).trace.factId;
  const end = (pair: (typeof pairs)[number]) => (forwards ? pair.to : pair.from).trace.factId;
  const byStart = Map.groupBy(pairs, start);
  const found: Support[] = [];
  const visited = new Set([factId]);
  for (let level = [factId], step = 1; level.length > 0 && step <= depth; step++) {
    const next = level.flatMap((id) => byStart.get(id) ?? []);
    found.push(...next.map((pair) => ({ ...pair, depth: step })));
    level = [...new Set(next.map(end))].filter((id) => !visited.has(id));
    for (const id of level) visited.add(id);
  }
  return found;
};
