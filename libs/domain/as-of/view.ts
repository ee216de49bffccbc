import type { Instant } from '../time/instant';
import { knownBy, type Bounds, type Certainty } from '../time/bounds';

/** Who knew, as `role:id`, and since when. */
export interface KnownSince extends Bounds {
  readonly by: string;
}

/** What the view needs of one fact: no text, nothing that erasure would have to reach. */
export interface Trace {
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

/** One fact as it stands in the view. */
export interface Seen {
  readonly trace: Trace;
  readonly certainty: Exclude<Certainty, 'impossible'>;
  /** Positions in the in-force `known` list of those whose knowledge shows it. */
  readonly knownBy: readonly number[];
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
    const known = trace.amends?.nature === 'transcription' ? inherited(trace, recorded) : inForce.known;
    const { certainty, knownBy: knowers } = knowledge(known, asOf);
    if (certainty === 'impossible') return [];
    const retractedBy = effective.find(({ amends }) => amends?.nature === 'retraction');
    return [
      {
        trace,
        certainty,
        knownBy: knowers,
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

const inherited = (correction: Trace, recorded: readonly Trace[]): readonly KnownSince[] =>
  recorded.find(({ factId }) => factId === correction.amends?.target)?.known ?? [];

const knowledge = (known: readonly KnownSince[], asOf: AsOf): { certainty: Certainty; knownBy: number[] } => {
  const point = asOf.known;
  if (point === undefined) return { certainty: 'certain', knownBy: known.map((_, index) => index) };
  const shown = known.map((entry, index) => ({
    index,
    certainty: point.by === undefined || point.by === entry.by ? knownBy(entry, point.at) : ('impossible' as const),
  }));
  const certainty = (['certain', 'possible'] as const).find((level) =>
    shown.some((entry) => entry.certainty === level),
  );
  return {
    certainty: certainty ?? 'impossible',
    knownBy: shown.filter((entry) => entry.certainty !== 'impossible').map(({ index }) => index),
  };
};
