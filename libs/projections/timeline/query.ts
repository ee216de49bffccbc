import { firstToKnow } from '@ledger/domain/as-of/recording-lag';
import { viewAt, type AsOf, type Seen, type Standing, type Trace } from '@ledger/domain/as-of/view';
import type { Instant } from '@ledger/domain/time/instant';
import { compareBounds, type Bounds } from '@ledger/domain/time/bounds';
import type { Codec, DecodedEvent } from '@ledger/event-store/codec';
import type { Position } from '@ledger/event-store/port';
import { searchText } from '../search/query';
import { sql, type Views } from '../sqlite/views';
import { EVENT_COLUMN_NAMES, fromRow, type EventRow } from '../stored-event';

export type Order = 'occurred' | 'known' | 'recorded';

export interface TimelineFilter {
  /** Event types. */
  readonly kinds?: readonly string[];
  /** `role:id`. */
  readonly actors?: readonly string[];
  /** Documents. */
  readonly sources?: readonly string[];
  readonly standing?: readonly Standing[];
  readonly certainty?: Seen['certainty'];
  readonly text?: string;
}

export interface Counts {
  readonly certain: number;
  readonly possible: number;
}

/** Rows read at a time across all incidents. */
const PIECE = 2000;

/** A fact id is unique within its incident only: amendments and links are looked for there. */
const keyOf = (incidentId: string, factId: string | undefined): string => `${incidentId} ${factId ?? ''}`;

/** Reads of the timeline under a moment. Pages are cut by the caller; what is returned is in the order asked for. */
export class TimelineQuery {
  constructor(
    private readonly views: Views,
    private readonly codec: Codec,
  ) {}

  /** The last sequence recorded at or before `instant`, by the running maximum of recording times; 0 before the first. */
  sequenceRecordedBy(instant: string): number {
    const found = sql(
      this.views,
      'SELECT sequence FROM timeline_v1_clock WHERE recorded_max <= ? ORDER BY recorded_max DESC, sequence DESC LIMIT 1',
    ).get(instant) as { sequence: number } | undefined;
    return found?.sequence ?? 0;
  }

  /** The running maximum of recording times at `sequence`; undefined at 0. */
  recordedAt(sequence: number): Instant | undefined {
    const found = sql(this.views, 'SELECT recorded_max FROM timeline_v1_clock WHERE sequence = ?').get(sequence) as
      { recorded_max: Instant } | undefined;
    return found?.recorded_max;
  }

  /** The last sequence at or before a position of this store. */
  sequenceAt(position: Position): number {
    const found = sql(this.views, 'SELECT max(sequence) AS sequence FROM timeline_v1_clock WHERE position <= ?').get(
      position,
    ) as {
      sequence: number | null;
    };
    return found.sequence ?? 0;
  }

  /** The facts of one incident as they stand in the view, filtered and in order. */
  ofIncident(incidentId: string, asOf: AsOf, order: Order, filter: TimelineFilter): Seen[] {
    const traces = this.traces('incident_id = ? AND sequence <= ?', incidentId, asOf.sequence);
    const matching = this.matching(filter, incidentId);
    return viewAt(traces, asOf).filter(matching).sort(ORDERS[order]);
  }

  /** Facts of all incidents after `after`, in order of recording, read in pieces. Asking for all of them reads all. */
  *acrossIncidents(asOf: AsOf, filter: TimelineFilter, after = 0): Generator<Seen> {
    const matching = this.matching(filter, undefined);
    for (let from = after; ;) {
      const piece = this.traces('sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?', from, asOf.sequence, PIECE);
      const last = piece.at(-1);
      if (last === undefined) return;
      const wanted = new Set(piece.map(({ sequence }) => sequence));
      yield* this.viewOf(piece, asOf).filter((seen) => wanted.has(seen.trace.sequence) && matching(seen));
      from = last.sequence;
    }
  }

  /**
   * One fact and everything that amends it, or amends that, in log order. `incidentId` absent: of the incident that used
   * the id first.
   */
  history(factId: string, asOf: AsOf, incidentId?: string): Seen[] {
    const found = this.traces('fact_id = ? AND sequence <= ?', factId, asOf.sequence);
    const incident = incidentId ?? found[0]?.incidentId;
    return this.viewOf(
      found.filter((trace) => trace.incidentId === incident),
      asOf,
    );
  }

  /** The event behind a sequence, decrypted as far as its keys still exist. */
  event(sequence: number): DecodedEvent | undefined {
    const row = sql(this.views, `SELECT ${EVENT_COLUMN_NAMES} FROM timeline_v1_entry WHERE sequence = ?`).get(sequence);
    return row === undefined ? undefined : this.codec.decode(fromRow(row as EventRow));
  }

  /** Sequences of entries after `after`, oldest first. */
  sequencesAfter(after: number, limit: number, incidentId: string | undefined): number[] {
    const ofIncident = incidentId === undefined ? '' : 'AND incident_id = ?';
    const rows = sql(
      this.views,
      `SELECT sequence FROM timeline_v1_entry WHERE sequence > ? ${ofIncident} ORDER BY sequence LIMIT ?`,
    ).all(after, ...(incidentId === undefined ? [] : [incidentId]), limit) as { sequence: number }[];
    return rows.map(({ sequence }) => sequence);
  }

  private traces(where: string, ...values: (string | number)[]): Trace[] {
    const rows = sql(this.views, `SELECT trace FROM timeline_v1_entry WHERE ${where}`).all(...values) as {
      trace: string;
    }[];
    return rows.map(({ trace }) => JSON.parse(trace) as Trace).sort((a, b) => a.sequence - b.sequence);
  }

  /** These facts and whatever amends them, as they stand in the view: one incident apart from the other. */
  private viewOf(facts: readonly Trace[], asOf: AsOf): Seen[] {
    const shown = this.withAmendments(facts, asOf.sequence);
    const wanted = new Set(shown.map(({ sequence }) => sequence));
    const incidents = Map.groupBy(
      [...this.originalsOf(shown, asOf.sequence), ...shown].sort((a, b) => a.sequence - b.sequence),
      ({ incidentId }) => incidentId,
    );
    return [...incidents.values()]
      .flatMap((traces) => viewAt(traces, asOf))
      .filter((seen) => wanted.has(seen.trace.sequence))
      .sort(bySequence);
  }

  /** With whatever amends them, and what amends that, until nothing new comes. */
  private withAmendments(facts: readonly Trace[], upTo: number): Trace[] {
    const all = new Map(facts.map((trace) => [trace.sequence, trace]));
    for (let fresh = facts; fresh.length > 0;) {
      const amended = new Set(fresh.map(({ incidentId, factId }) => keyOf(incidentId, factId)));
      const ids = JSON.stringify(fresh.map(({ factId }) => factId));
      fresh = this.traces('amends IN (SELECT value FROM json_each(?)) AND sequence <= ?', ids, upTo).filter(
        ({ sequence, incidentId, amends }) => !all.has(sequence) && amended.has(keyOf(incidentId, amends?.target)),
      );
      for (const trace of fresh) all.set(trace.sequence, trace);
    }
    return [...all.values()].sort((a, b) => a.sequence - b.sequence);
  }

  /** What corrections of transcription are about, and what amends that, where it is not among `facts`: they have its knowers. */
  private originalsOf(facts: readonly Trace[], upTo: number): Trace[] {
    const here = new Set(facts.map(({ incidentId, factId }) => keyOf(incidentId, factId)));
    const missing = facts.flatMap(({ incidentId, amends }) =>
      amends?.nature === 'transcription' && !here.has(keyOf(incidentId, amends.target)) ? [amends.target] : [],
    );
    if (missing.length === 0) return [];
    const found = this.traces(
      'fact_id IN (SELECT value FROM json_each(?)) AND sequence <= ?',
      JSON.stringify(missing),
      upTo,
    ).filter(({ incidentId, factId }) => !here.has(keyOf(incidentId, factId)));
    const known = new Set(facts.map(({ sequence }) => sequence));
    return this.withAmendments(found, upTo).filter(({ sequence }) => !known.has(sequence));
  }

  private matching(filter: TimelineFilter, incidentId: string | undefined): (seen: Seen) => boolean {
    const { kinds, actors, sources, standing, certainty, text } = filter;
    const hits = text === undefined ? undefined : searchText(this.views, text, incidentId);
    return (seen) =>
      (kinds?.includes(seen.trace.type) ?? true) &&
      (actors?.includes(seen.inForce.actor) ?? true) &&
      (sources?.includes(seen.inForce.document) ?? true) &&
      (standing?.includes(seen.standing) ?? true) &&
      (certainty === undefined || certainty === seen.certainty) &&
      (hits?.has(seen.versions.at(-1)?.sequence ?? 0) ?? true);
  }
}

export const countOf = (seen: Iterable<Seen>): Counts => {
  const counts = { certain: 0, possible: 0 };
  for (const { certainty } of seen) counts[certainty] += 1;
  return counts;
};

const bySequence = (a: Seen, b: Seen): number => a.trace.sequence - b.trace.sequence;

/** The first to know, among those whose knowledge shows the fact. */
const firstKnown = ({ inForce, knownBy }: Seen): Bounds =>
  firstToKnow(inForce.known.filter((_, at) => knownBy.some(({ index }) => index === at)));

/** Total: open start first, then earliest, open end last, latest, sequence. */
const ORDERS: Readonly<Record<Order, (a: Seen, b: Seen) => number>> = {
  occurred: (a, b) => compareBounds(a.inForce.occurred, b.inForce.occurred) || bySequence(a, b),
  known: (a, b) => compareBounds(firstKnown(a), firstKnown(b)) || bySequence(a, b),
  recorded: bySequence,
};
