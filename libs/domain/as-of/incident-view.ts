import { knownBy, type Bounds, type Certainty } from '../time/bounds';
import type { ContestedQuestionRecord, GapRecord, IncidentRecord, StanceRecord } from './record';
import { firstKnown } from './recording-lag';
import { thingsOf, withDuplicates } from './things';
import type { Trace } from './trace';
import { viewAt, type AsOf, type Seen } from './view';

type Shown = Exclude<Certainty, 'impossible'>;

/** A fact with the stance that it takes, as far as the view shows the fact. */
export interface Position extends StanceRecord {
  readonly seen: Seen;
}

/** A contested question as the view shows it. */
export interface ContestedQuestion {
  readonly record: ContestedQuestionRecord;
  /** In log order of their facts. A retracted fact takes no stance any more. */
  readonly positions: readonly Position[];
  /** `open`: in this view some say yes and others no. */
  readonly conflict: 'open' | 'none';
  /** Whether yes and no stand in different documents. */
  readonly acrossSources: boolean;
}

/** A gap as the view shows it. Under a limit of knowledge it is closed once a fact shows that closes it. */
export interface GapSeen {
  readonly record: GapRecord;
  readonly certainty: Shown;
  /** When the record first shows it. */
  readonly shows: Bounds;
  /** `covered`: the ledger's own; the view shows an open one of somebody's that asks the same. */
  readonly state: 'open' | 'closed' | 'covered';
  readonly coveredBy: GapRecord | undefined;
}

/** One incident as of a moment. Everything in it is derived; two moments give two of it. */
export interface IncidentView {
  readonly record: IncidentRecord;
  /** In log order. */
  readonly seen: readonly Seen[];
  readonly byFact: ReadonlyMap<string, Seen>;
  /** The thing that each fact asserts: see `things.ts`. */
  readonly thingOf: ReadonlyMap<string, string>;
  readonly questions: readonly ContestedQuestion[];
  /** Of each fact: the questions on which it takes a stance. */
  readonly positionsOf: ReadonlyMap<
    string,
    readonly { readonly question: ContestedQuestion; readonly stance: string }[]
  >;
  readonly gaps: readonly GapSeen[];
}

/** `traces` are all facts of the incident, in log order. */
export const lookAt = (record: IncidentRecord, traces: readonly Trace[], asOf: AsOf): IncidentView => {
  const shown = withDuplicates(viewAt(traces, asOf), record.duplicates);
  const byFact = firstOf(shown);
  const questions = questionsIn(record, byFact, asOf);
  const contested = new Set(
    questions.flatMap(({ conflict, positions }) =>
      conflict === 'open'
        ? positions.flatMap(({ stance, factId }) => (saysYesOrNo(stance) === undefined ? [] : [factId]))
        : [],
    ),
  );
  const seen = shown.map((one) =>
    contested.has(one.trace.factId) && one.standing === 'uncontested'
      ? { ...one, standing: 'contested' as const }
      : one,
  );
  const positionsOf = new Map<string, { question: ContestedQuestion; stance: string }[]>();
  for (const question of questions)
    for (const { factId, stance } of question.positions)
      positionsOf.set(factId, [...(positionsOf.get(factId) ?? []), { question, stance }]);
  const asShown = firstOf(seen);
  return {
    record,
    seen,
    byFact: asShown,
    thingOf: thingsOf(seen),
    questions: questions.map((question) => ({
      ...question,
      positions: question.positions.map((position) => ({
        ...position,
        seen: asShown.get(position.factId) ?? position.seen,
      })),
    })),
    positionsOf,
    gaps: gapsIn(record, byFact, asOf),
  };
};

const firstOf = (seen: readonly Seen[]): Map<string, Seen> => {
  const found = new Map<string, Seen>();
  for (const one of seen) if (!found.has(one.trace.factId)) found.set(one.trace.factId, one);
  return found;
};

const SIDES: ReadonlyMap<string, 'yes' | 'no'> = new Map([
  ['asserts', 'yes'],
  ['concedes', 'yes'],
  ['denies', 'no'],
]);

/** Which side a stance is on; a doubt, a report or a question is on none. */
export const saysYesOrNo = (stance: string): 'yes' | 'no' | undefined => SIDES.get(stance);

/**
 * A question is there once it is on record; under a limit of knowledge, once a fact is known that bears on it. Settled it
 * is, under a limit, once every fact shows on which the answer rests.
 */
const questionsIn = (
  record: IncidentRecord,
  byFact: ReadonlyMap<string, Seen>,
  asOf: AsOf,
): readonly ContestedQuestion[] =>
  record.questions.flatMap((question) => {
    const positions = [...question.stances.values()]
      .flatMap((stance): Position[] => {
        const seen = byFact.get(stance.factId);
        return seen === undefined || seen.standing === 'retracted' ? [] : [{ ...stance, seen }];
      })
      .sort((a, b) => a.seen.trace.sequence - b.seen.trace.sequence);
    if (positions.length === 0 && asOf.known !== undefined) return [];
    const { settled } = question;
    const isSettled = settled !== undefined && showsAll(settled.restsOn, byFact, asOf);
    const documents = (side: 'yes' | 'no') =>
      positions.flatMap(({ stance, seen }) => (saysYesOrNo(stance) === side ? [seen.inForce.document] : []));
    const [yes, no] = [documents('yes'), documents('no')];
    return [
      {
        record: isSettled ? question : { ...question, settled: undefined },
        positions,
        conflict: yes.length > 0 && no.length > 0 ? ('open' as const) : ('none' as const),
        acrossSources: yes.some((document) => no.some((other) => other !== document)),
      },
    ];
  });

/**
 * What was done because of facts counts, under a limit of knowledge, once all of them show: no answer comes before its
 * facts. What names none has no time of knowledge, so it does not count there.
 */
const showsAll = (facts: readonly string[], byFact: ReadonlyMap<string, Seen>, asOf: AsOf): boolean =>
  asOf.known === undefined || (facts.length > 0 && facts.every((factId) => byFact.has(factId)));

const gapsIn = (record: IncidentRecord, byFact: ReadonlyMap<string, Seen>, asOf: AsOf): readonly GapSeen[] => {
  const shown = record.gaps.flatMap((gap) => {
    // Whoever does not know the facts at which it shows does not see it either.
    const hidden = gap.about.length > 0 && !gap.about.some((factId) => byFact.has(factId));
    if (hidden && asOf.known !== undefined) return [];
    const shows = gap.shows ?? firstKnown(gap.about.flatMap((factId) => byFact.get(factId) ?? []));
    const certainty = asOf.known === undefined ? 'certain' : knownBy(shows, asOf.known.at);
    if (certainty === 'impossible') return [];
    const closed = gap.closed !== undefined && showsAll(gap.closed.answeredBy, byFact, asOf);
    return [{ gap, shows, certainty, closed }];
  });
  const byHand = shown.filter(({ gap, closed }) => gap.topic === 'processor-identity' && !closed);
  return shown.map(({ gap, shows, certainty, closed }): GapSeen => {
    const coveredBy =
      gap.topic === 'unregistered-processor' && gap.actor !== undefined
        ? byHand.find(({ gap: { actor } }) => actor === gap.actor)?.gap
        : undefined;
    const state = closed ? 'closed' : coveredBy !== undefined ? 'covered' : 'open';
    return { record: closed ? gap : { ...gap, closed: undefined }, certainty, shows, state, coveredBy };
  });
};
