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

/** Rows looked at, at most, to fill one page or count across all incidents. */
const SCAN = 2000;

/** A fact id is unique within its incident only: amendments are looked for there. */
interface Placed {
  readonly incidentId: string;
  readonly trace: Trace;
}

const keyOf = (incidentId: string, factId: string | undefined): string => `${incidentId} ${factId ?? ''}`;
const traceOf = ({ trace }: Placed): Trace => trace;
const idsOf = (facts: readonly Placed[]): string => JSON.stringify(facts.map(({ trace }) => trace.factId));

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
    const facts = this.placed('incident_id = ? AND sequence <= ?', incidentId, asOf.sequence);
    const matching = this.matching(filter, incidentId);
    return viewAt(facts.map(traceOf), asOf).filter(matching).sort(ORDERS[order]);
  }

  /** Facts of all incidents after `after`, in order of recording, in pieces of bounded work. */
  *acrossIncidents(asOf: AsOf, filter: TimelineFilter, after = 0): Generator<Seen> {
    const matching = this.matching(filter, undefined);
    for (let from = after; ;) {
      const piece = this.placed('sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?', from, asOf.sequence, SCAN);
      const last = piece.at(-1);
      if (last === undefined) return;
      const wanted = new Set(piece.map(({ trace }) => trace.sequence));
      yield* this.viewOf(piece, asOf).filter((seen) => wanted.has(seen.trace.sequence) && matching(seen));
      from = last.trace.sequence;
    }
  }

  /** One fact and everything that amends it, or amends that, in log order. */
  history(factId: string, asOf: AsOf): Seen[] {
    return this.viewOf(this.placed('fact_id = ? AND sequence <= ?', factId, asOf.sequence), asOf);
  }

  /** The event behind a sequence, decrypted as far as its keys still exist. */
  event(sequence: number): DecodedEvent | undefined {
    const row = sql(this.views, `SELECT ${EVENT_COLUMN_NAMES} FROM timeline_v1_entry WHERE sequence = ?`).get(sequence);
    return row === undefined ? undefined : this.codec.decode(fromRow(row as EventRow));
  }

  sequenceOfFact(factId: string): number | undefined {
    const found = sql(this.views, 'SELECT min(sequence) AS sequence FROM timeline_v1_entry WHERE fact_id = ?').get(
      factId,
    ) as {
      sequence: number | null;
    };
    return found.sequence ?? undefined;
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

  private placed(where: string, ...values: (string | number)[]): Placed[] {
    const rows = sql(this.views, `SELECT incident_id, trace FROM timeline_v1_entry WHERE ${where}`).all(...values) as {
      incident_id: string;
      trace: string;
    }[];
    return rows
      .map((row) => ({ incidentId: row.incident_id, trace: JSON.parse(row.trace) as Trace }))
      .sort((a, b) => a.trace.sequence - b.trace.sequence);
  }

  /** These facts and whatever amends them, as they stand in the view: one incident apart from the other. */
  private viewOf(facts: readonly Placed[], asOf: AsOf): Seen[] {
    const shown = this.withAmendments(facts, asOf.sequence);
    const wanted = new Set(shown.map(({ trace }) => trace.sequence));
    const incidents = new Map<string, Trace[]>();
    for (const { incidentId, trace } of [...this.originalsOf(shown, asOf.sequence), ...shown]) {
      const traces = incidents.get(incidentId);
      if (traces === undefined) incidents.set(incidentId, [trace]);
      else traces.push(trace);
    }
    return [...incidents.values()]
      .flatMap((traces) => viewAt(traces, asOf))
      .filter((seen) => wanted.has(seen.trace.sequence))
      .sort(bySequence);
  }

  /** With whatever amends them, and what amends that, until nothing new comes. */
  private withAmendments(facts: readonly Placed[], upTo: number): Placed[] {
    const all = new Map(facts.map((fact) => [fact.trace.sequence, fact]));
    for (let fresh = facts; fresh.length > 0;) {
      const amended = new Set(fresh.map(({ incidentId, trace }) => keyOf(incidentId, trace.factId)));
      fresh = this.placed('amends IN (SELECT value FROM json_each(?)) AND sequence <= ?', idsOf(fresh), upTo).filter(
        ({ incidentId, trace }) => !all.has(trace.sequence) && amended.has(keyOf(incidentId, trace.amends?.target)),
      );
      for (const fact of fresh) all.set(fact.trace.sequence, fact);
    }
    return [...all.values()].sort((a, b) => a.trace.sequence - b.trace.sequence);
  }

  /** What corrections of transcription are about, where it is not among `facts`: they have its knowers. */
  private originalsOf(facts: readonly Placed[], upTo: number): Placed[] {
    const here = new Set(facts.map(({ incidentId, trace }) => keyOf(incidentId, trace.factId)));
    const missing = facts.flatMap(({ incidentId, trace: { amends } }) =>
      amends?.nature === 'transcription' && !here.has(keyOf(incidentId, amends.target)) ? [amends.target] : [],
    );
    if (missing.length === 0) return [];
    const ids = JSON.stringify(missing);
    return this.placed('fact_id IN (SELECT value FROM json_each(?)) AND sequence <= ?', ids, upTo).filter(
      ({ incidentId, trace }) => !here.has(keyOf(incidentId, trace.factId)),
    );
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
  inForce.known.filter((_, index) => knownBy.includes(index)).sort(compareBounds)[0] ?? {
    earliest: null,
    latest: null,
  };

/** Total: open start first, then earliest, open end last, latest, sequence. */
const ORDERS: Readonly<Record<Order, (a: Seen, b: Seen) => number>> = {
  occurred: (a, b) => compareBounds(a.inForce.occurred, b.inForce.occurred) || bySequence(a, b),
  known: (a, b) => compareBounds(firstKnown(a), firstKnown(b)) || bySequence(a, b),
  recorded: bySequence,
};
