import type { Instant } from '../time/instant';
import { knownBy, type Bounds, type Certainty } from '../time/bounds';

/** Who knew, as `role:id`, and since when. */
export interface KnownSince extends Bounds {
  readonly by: string;
}

/** What the view needs of one fact: no text, nothing that erasure would have to reach. */
export interface Trace {
  readonly incidentId: string;
  /** Ordinal in the log, from 1. */
  readonly sequence: number;
  readonly factId: string;
  readonly type: string;
  readonly occurred: Bounds;
  readonly known: readonly KnownSince[];
  /** `role:id`. */
  readonly actor: string;
  readonly document: string;
  /** Of a correction or retraction: what it is about. */
  readonly amends?: {
    readonly target: string;
    readonly nature: 'substance' | 'transcription' | 'retraction';
    readonly changes: Partial<Pick<Trace, 'occurred' | 'known' | 'actor' | 'document'>>;
  };
}

/** A moment in two of the three clocks: what was on record, and what was known. */
export interface AsOf {
  /** Everything recorded up to and including this sequence. */
  readonly sequence: number;
  /** Absent = whatever anybody knew at any time. `by` absent = known to anyone. */
  readonly known?: { readonly at: Instant; readonly by?: string };
}

export type Standing = 'uncontested' | 'corrected' | 'retracted';

export interface Knower {
  readonly index: number;
  readonly certainty: Exclude<Certainty, 'impossible'>;
}

/** One fact as it stands in the view. */
export interface Seen {
  readonly trace: Trace;
  readonly certainty: Exclude<Certainty, 'impossible'>;
  /** Those whose knowledge shows it, by their place in the in-force `known` list. */
  readonly knownBy: readonly Knower[];
  /** Which event holds the in-force `known` list: as its own, or among its changes. */
  readonly knownFrom: { readonly sequence: number; readonly changed: boolean };
  readonly standing: Standing;
  /** The fact with its corrections of this view applied. */
  readonly inForce: Pick<Trace, 'occurred' | 'known' | 'actor' | 'document'>;
  /** The traces that make up the text in force: the fact, then each correction that holds, in log order. */
  readonly versions: readonly Trace[];
  readonly retractedBy: Trace | undefined;
  /** An amendment that may have been known by then, or may not, and on which this text or its standing hangs: the old one shows, and this says so. */
  readonly possiblySupersededBy: Trace | undefined;
}

/**
 * The facts of one incident as of a moment, in log order. `traces` are in log order and complete for the facts asked for.
 *
 * A correction shows only where recording and knowledge both reach it. One of transcription takes the knowers of the
 * original, so it holds wherever the original shows, and never reaches back on recording. An amendment that was itself
 * retracted has no effect from there on.
 */
export const viewAt = (traces: readonly Trace[], asOf: AsOf): Seen[] => {
  const recorded = traces.filter(({ sequence }) => sequence <= asOf.sequence);
  const amended = amendments(recorded, asOf);
  return recorded.flatMap((trace): Seen[] => {
    const effective = amended.holding.get(trace.factId) ?? [];
    const corrections = effective.filter(({ amends }) => amends?.nature !== 'retraction');
    const inForce = corrections.reduce<Seen['inForce']>(
      (sofar, { amends }) => ({ ...sofar, ...amends?.changes }),
      pick(trace),
    );
    const { known, from } = knownIn(trace, recorded, amended);
    const { certainty, knownBy: knowers } = knowledge(known, asOf);
    if (certainty === 'impossible') return [];
    const retractedBy = effective.find(({ amends }) => amends?.nature === 'retraction');
    return [
      {
        trace,
        certainty,
        knownBy: knowers,
        knownFrom: from,
        standing: retractedBy !== undefined ? 'retracted' : corrections.length > 0 ? 'corrected' : 'uncontested',
        inForce: { ...inForce, known },
        versions: [trace, ...corrections],
        retractedBy,
        possiblySupersededBy: doubtOver(trace, corrections, amended),
      },
    ];
  });
};

const pick = ({ occurred, known, actor, document }: Trace): Seen['inForce'] => ({ occurred, known, actor, document });

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
    const certainty = nature === 'transcription' ? 'certain' : knowledge(trace.known, asOf).certainty;
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
  const outlived = ({ sequence, amends }: Trace): boolean => {
    const later = corrections.filter((correction) => correction.sequence > sequence);
    const names = Object.keys(amends?.changes ?? {}) as (keyof Seen['inForce'])[];
    return (
      amends?.nature !== 'retraction' &&
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

/** The knowers in force, and where they stand. A correction of transcription has those that its original has in this view. */
const knownIn = (
  trace: Trace,
  recorded: readonly Trace[],
  amended: Amendments,
): { known: readonly KnownSince[]; from: Seen['knownFrom'] } => {
  if (trace.amends?.nature === 'transcription') {
    const original = recorded.find(({ factId }) => factId === trace.amends?.target);
    if (original !== undefined) return knownIn(original, recorded, amended);
  }
  const changed = amended.holding.get(trace.factId)?.findLast(({ amends }) => amends?.changes.known !== undefined);
  return changed?.amends?.changes.known === undefined
    ? { known: trace.known, from: { sequence: trace.sequence, changed: false } }
    : { known: changed.amends.changes.known, from: { sequence: changed.sequence, changed: true } };
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
