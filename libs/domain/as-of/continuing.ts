import type { IncidentView } from './incident-view';
import type { Trace } from './trace';
import type { Seen } from './view';

/** Whether a state goes on, as far as the record says. That no end is on record does not say that it goes on. */
export const CONTINUATIONS = {
  'no-end-on-record': 'No end is on record.',
  'perhaps-ended': 'An end is on record, and whether it was known by the moment is open.',
  ended: 'An end is on record.',
} as const;
export type Continuation = keyof typeof CONTINUATIONS;

/** Undefined of a moment, which has no end. Ends are those of the fact in force and those that later facts observe. */
export const continuationOf = (seen: Seen, view: IncidentView): Continuation | undefined => {
  const { end } = seen.inForce.occurred;
  if (end === undefined) return undefined;
  if (end !== null) return 'ended';
  const ends = endsOn(view).get(seen.trace.factId) ?? [];
  if (ends.some(({ trace, certainty }) => trace.amends === undefined && certainty === 'certain')) return 'ended';
  const since = seen.versions.findLast(({ amends }) => amends?.changes.occurred !== undefined)?.sequence ?? 0;
  return ends.some(
    ({ trace, certainty }) => certainty === 'possible' && (trace.amends === undefined || trace.sequence > since),
  )
    ? 'perhaps-ended'
    : 'no-end-on-record';
};

const known = new WeakMap<IncidentView, ReadonlyMap<string, readonly Seen[]>>();

/** Of each state: the facts that observed its end, and the corrections that give it one. */
const endsOn = (view: IncidentView): ReadonlyMap<string, readonly Seen[]> => {
  const found =
    known.get(view) ??
    Map.groupBy(
      view.seen.filter(
        ({ trace, standing }) =>
          standing !== 'retracted' && (isEnd(trace) || trace.amends?.changes.occurred?.end != null),
      ),
      ({ trace }) => trace.amends?.target ?? trace.links['ofState']?.[0] ?? '',
    );
  known.set(view, found);
  return found;
};

const isEnd = ({ type, values }: Trace): boolean => type === 'state-observed' && values['observation'] === 'ended';
