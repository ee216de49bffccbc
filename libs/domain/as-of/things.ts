import type { Seen } from './view';

interface WithThings {
  readonly seen: readonly Seen[];
  readonly thingOf: ReadonlyMap<string, string>;
}

/** Of the facts that stand and that `chosen` takes: one for each thing that they assert. */
export const standingThings = ({ seen, thingOf }: WithThings, chosen: (one: Seen) => boolean): readonly Seen[] =>
  onePerThing(
    seen.filter((one) => one.standing !== 'retracted' && chosen(one)),
    thingOf,
  );

/** The standing facts that point by `field` at a fact, or at another assertion of the same thing. */
export const pointingAt = ({ seen, thingOf }: WithThings, field: string, target: Seen): readonly Seen[] => {
  const thing = thingOf.get(target.trace.factId);
  return seen.filter(
    ({ trace, standing }) =>
      standing !== 'retracted' && trace.links[field]?.some((factId) => thingOf.get(factId) === thing) === true,
  );
};

/** Of each thing that these facts assert: the first of them that does. */
export const onePerThing = (facts: readonly Seen[], things: ReadonlyMap<string, string>): readonly Seen[] => {
  const first = new Map<string, Seen>();
  for (const one of facts) {
    const thing = things.get(one.trace.factId) ?? one.trace.factId;
    if (!first.has(thing)) first.set(thing, one);
  }
  return [...first.values()];
};

/** A duplicate that was found later is a link like one that was known at once. */
export const withDuplicates = (
  seen: readonly Seen[],
  duplicates: readonly (readonly [string, string])[],
): readonly Seen[] =>
  seen.map((one) => {
    const found = duplicates.flatMap(([factId, other]) => (factId === one.trace.factId ? [other] : []));
    if (found.length === 0) return one;
    const links = { ...one.trace.links, sameThingAs: [...(one.trace.links['sameThingAs'] ?? []), ...found] };
    return { ...one, trace: { ...one.trace, links } };
  });

/**
 * The thing that each fact asserts, by fact id, as the id of the first fact that asserts it. Facts are assertions: two of
 * one thing are two facts and one thing. Links to facts that the view does not show join nothing.
 */
export const thingsOf = (seen: readonly Seen[]): ReadonlyMap<string, string> => {
  const things = new Map(seen.map(({ trace }) => [trace.factId, trace.factId]));
  const order = new Map(seen.map(({ trace }) => [trace.factId, trace.sequence]));
  const root = (factId: string): string => {
    let found = factId;
    for (let next = things.get(found); next !== undefined && next !== found; next = things.get(found)) found = next;
    return found;
  };
  const join = (one: string, other: string): void => {
    if (!things.has(one) || !things.has(other)) return;
    const [a, b] = [root(one), root(other)].sort((x, y) => (order.get(x) ?? 0) - (order.get(y) ?? 0)) as [
      string,
      string,
    ];
    things.set(b, a);
  };
  for (const { trace } of seen) for (const same of trace.links['sameThingAs'] ?? []) join(trace.factId, same);
  return new Map(seen.map(({ trace }) => [trace.factId, root(trace.factId)]));
};
