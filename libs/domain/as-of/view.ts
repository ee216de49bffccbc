import type { Instant } from '../time/instant';
import { knownBy, type Certainty } from '../time/bounds';
import type { Changeable, KnownSince, Trace } from './trace';

/** A moment in two of the three clocks: what was on record, and what was known. */
export interface AsOf {
  /** Everything recorded up to and including this sequence. */
  readonly sequence: number;
  /** Absent = whatever anybody knew at any time. `by` absent = known to anyone. */
  readonly known?: { readonly at: Instant; readonly by?: string };
}

/** `contested` follows from the stances that a view shows: `incident-view.ts`. */
export type Standing = 'uncontested' | 'contested' | 'corrected' | 'retracted';

export interface Knower {
  readonly index: number;
  readonly certainty: Exclude<Certainty, 'impossible'>;
}

/** A part of a `known` list: `length` entries that one event holds. */
export interface KnownPart {
  readonly sequence: number;
  readonly changed: boolean;
  readonly length: number;
}

/** One fact as it stands in the view. */
export interface Seen {
  readonly trace: Trace;
  readonly certainty: Exclude<Certainty, 'impossible'>;
  /** Those whose knowledge shows it, by their place in the in-force `known` list. */
  readonly knownBy: readonly Knower[];
  /** Which events hold the in-force `known` list, part by part: as their own, or among their changes. */
  readonly knownFrom: readonly KnownPart[];
  readonly standing: Standing;
  /** The fact with its corrections of this view applied. */
  readonly inForce: Pick<Trace, Changeable>;
  /** The traces that make up the text in force: the fact, then each correction that holds, in log order. */
  readonly versions: readonly Trace[];
  readonly retractedBy: Trace | undefined;
  /** An amendment that may have been known by then, or may not, and on which this text or its standing hangs: the old one shows, and this says so. */
  readonly possiblySupersededBy: Trace | undefined;
}

/** The knowers whose knowledge shows it. */
export const knowersShown = ({ inForce, knownBy }: Pick<Seen, 'inForce' | 'knownBy'>): readonly KnownSince[] =>
  inForce.known.filter((_, at) => knownBy.some(({ index }) => index === at));

/**
 * The facts of one incident as of a moment, in log order. `traces` are in log order and complete for the facts asked for.
 *
 * A correction shows only where recording and knowledge both reach it. One of transcription takes the knowers of the
 * original, so it holds wherever the original shows, and never reaches back on recording. A later knower counts among
 * the knowers, of a fact and of an amendment alike, as soon as that is on record: since when is in their own entry. An
 * amendment that was itself retracted has no effect from there on.
 */
export const viewAt = (traces: readonly Trace[], asOf: AsOf): Seen[] => {
  const recorded = traces.filter(({ sequence }) => sequence <= asOf.sequence);
  const amended = amendments(recorded, asOf);
  return recorded.flatMap((trace): Seen[] => {
    const effective = amended.holding.get(trace.factId) ?? [];
    const corrections = effective.filter(isCorrection);
    const inForce = corrections.reduce<Seen['inForce']>(
      (sofar, { amends }) => ({ ...sofar, ...amends?.changes }),
      pick(trace),
    );
    const parts = knownIn(trace, recorded, amended.holding);
    const known = parts.flatMap((part) => part.known);
    const { certainty, knownBy: knowers } = knowledge(known, asOf);
    if (certainty === 'impossible') return [];
    const retractedBy = effective.find(({ amends }) => amends?.nature === 'retraction');
    return [
      {
        trace,
        certainty,
        knownBy: knowers,
        knownFrom: parts.map(({ sequence, changed, known: { length } }) => ({ sequence, changed, length })),
        standing: retractedBy !== undefined ? 'retracted' : corrections.length > 0 ? 'corrected' : 'uncontested',
        inForce: { ...inForce, known },
        versions: [trace, ...corrections],
        retractedBy,
        possiblySupersededBy: doubtOver(trace, corrections, amended),
      },
    ];
  });
};

const pick = ({ occurred, known, actor, document, manner }: Trace): Seen['inForce'] => ({
  occurred,
  known,
  actor,
  document,
  manner,
});

const isCorrection = ({ amends }: Trace): boolean =>
  amends?.nature === 'substance' || amends?.nature === 'transcription';

type ByTarget = ReadonlyMap<string, readonly Trace[]>;

interface Amendments {
  /** Those in force in this view, by the fact they amend. */
  readonly holding: ByTarget;
  /** Those that may be in force. */
  readonly possible: ReadonlySet<Trace>;
  /** All that may have been known, by the fact they amend, be they retracted. */
  readonly known: ByTarget;
}

/** Later ones are judged first: they can void earlier ones. */
const amendments = (recorded: readonly Trace[], asOf: AsOf): Amendments => {
  const holding = new Map<string, Trace[]>();
  const possible = new Set<Trace>();
  const known = new Map<string, Trace[]>();
  const retracted = new Set<string>();
  const put = (into: Map<string, Trace[]>, target: string, trace: Trace) =>
    into.set(target, [trace, ...(into.get(target) ?? [])]);
  for (const trace of recorded.toReversed()) {
    if (trace.amends === undefined) continue;
    const { nature, target } = trace.amends;
    const asRecorded = nature === 'transcription' || nature === 'knowledge';
    const knowers = () => knownIn(trace, recorded, holding).flatMap((part) => part.known);
    const certainty = asRecorded ? 'certain' : knowledge(knowers(), asOf).certainty;
    if (certainty === 'impossible') continue;
    put(known, target, trace);
    if (retracted.has(trace.factId)) continue;
    if (certainty === 'possible') possible.add(trace);
    else {
      put(holding, target, trace);
      if (nature === 'retraction') retracted.add(target);
    }
  }
  return { holding, possible, known };
};

/** The last amendment of the fact that is only possible; where there is none, of its amendments, then of theirs. */
const doubtOver = (fact: Trace, corrections: readonly Trace[], { possible, known }: Amendments): Trace | undefined => {
  const amending = ({ factId, sequence }: Trace) =>
    (known.get(factId) ?? []).filter((amendment) => amendment.sequence > sequence);
  // A correction whose every change a later one in force makes again changes nothing, whether it holds or not.
  const outlived = (amendment: Trace): boolean => {
    const later = corrections.filter((correction) => correction.sequence > amendment.sequence);
    const names = Object.keys(amendment.amends?.changes ?? {}) as Changeable[];
    return (
      isCorrection(amendment) &&
      later.length > 0 &&
      names.every((name) => later.some((correction) => correction.amends?.changes[name] !== undefined))
    );
  };
  let level = amending(fact).filter((amendment) => !outlived(amendment));
  while (level.length > 0) {
    const doubtful = level.findLast((amendment) => possible.has(amendment));
    if (doubtful !== undefined) return doubtful;
    level = level.flatMap(amending);
  }
  return undefined;
};

interface Knowers extends Omit<KnownPart, 'length'> {
  readonly known: readonly KnownSince[];
}

/** The list of knowers that the trace has by itself: its own, or that of the last correction that changed it. */
const listOf = (trace: Trace, holding: ByTarget): Knowers => {
  const change = holding.get(trace.factId)?.findLast(({ amends }) => amends?.changes.known !== undefined);
  return change?.amends?.changes.known === undefined
    ? { sequence: trace.sequence, changed: false, known: trace.known }
    : { sequence: change.sequence, changed: true, known: change.amends.changes.known };
};

/**
 * The knowers in force, and where they stand: its list, then those who came to know it after that list was put down. A
 * correction of transcription has those that its original has in this view.
 */
const knownIn = (trace: Trace, recorded: readonly Trace[], holding: ByTarget): readonly Knowers[] => {
  if (trace.amends?.nature === 'transcription') {
    const original = recorded.find(({ factId }) => factId === trace.amends?.target);
    if (original !== undefined) return knownIn(original, recorded, holding);
  }
  const list = listOf(trace, holding);
  const later = (holding.get(trace.factId) ?? []).filter(
    ({ amends, sequence }) => amends?.nature === 'knowledge' && (!list.changed || sequence > list.sequence),
  );
  return [list, ...later.map((knower) => listOf(knower, holding))];
};

const knowledge = (known: readonly KnownSince[], asOf: AsOf): { certainty: Certainty; knownBy: Knower[] } => {
  const point = asOf.known;
  const knowers = known.flatMap((entry, index): Knower[] => {
    if (point === undefined) return [{ index, certainty: 'certain' }];
    if (point.by !== undefined && point.by !== entry.by) return [];
    const certainty = knownBy(entry, point.at);
    return certainty === 'impossible' ? [] : [{ index, certainty }];
  });
  const level = (['certain', 'possible'] as const).find((one) => knowers.some(({ certainty }) => certainty === one));
  return { certainty: point === undefined ? 'certain' : (level ?? 'impossible'), knownBy: knowers };
};
