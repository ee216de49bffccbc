import { LRUCache } from 'lru-cache';
import { lookAt, type IncidentView } from '@ledger/domain/as-of/incident-view';
import { recordOf } from '@ledger/domain/as-of/record';
import type { AsOf, Seen } from '@ledger/domain/as-of/view';
import type { ActsQuery } from './acts/query';
import type { TimelineQuery } from './timeline/query';

/** Facts in all views that are kept. */
const KEPT_FACTS = 50_000;
/** Entries read at a time across all incidents. */
const PIECE = 200;

/**
 * Incidents as of a moment: folded from traces and acts, and kept while they are asked for. A view holds ids and bounds,
 * no text, so there is nothing in it that erasure would have to reach; what it shows can only change when the incident
 * gets another event. Its last ones are told by leaf and sequence, not by id: on a log that was restored, a command sent
 * again makes another event of the same id.
 */
export class IncidentViews {
  private readonly kept = new LRUCache<string, IncidentView>({
    maxSize: KEPT_FACTS,
    sizeCalculation: ({ seen }) => seen.length + 1,
  });

  constructor(
    private readonly timeline: TimelineQuery,
    private readonly acts: ActsQuery,
  ) {}

  /** The incident in the view; one that is not on record has a record of sequence 0 and no facts. */
  at(incidentId: string, asOf: AsOf): IncidentView {
    const { sequence, known } = asOf;
    const facts = this.timeline.last(incidentId, sequence);
    const acts = this.acts.last('incident', incidentId, sequence);
    const key = JSON.stringify([incidentId, facts, acts, known?.at, known?.by]);
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const view = lookAt(
      recordOf(incidentId, this.acts.of('incident', incidentId, sequence), sequence),
      this.timeline.traces(incidentId, sequence),
      asOf,
    );
    this.kept.set(key, view);
    return view;
  }

  /** Every incident on record, in order of opening. */
  *all(asOf: AsOf, after = 0): Generator<IncidentView> {
    for (const { id } of this.acts.subjects('incident-opened', asOf.sequence, after)) yield this.at(id, asOf);
  }

  /** Incidents with a fact of one of these types. */
  *having(types: readonly string[], asOf: AsOf): Generator<IncidentView> {
    for (const id of this.timeline.incidentsWith(types, asOf.sequence)) yield this.at(id, asOf);
  }

  /** Facts of all incidents after `after`, in order of recording, read in pieces. Asking for all of them reads all. */
  *facts(asOf: AsOf, after = 0): Generator<{ readonly seen: Seen; readonly view: IncidentView }> {
    for (let from = after; ;) {
      const piece = this.timeline.entries(from, asOf.sequence, PIECE);
      for (const { incidentId, factId } of piece) {
        const view = this.at(incidentId, asOf);
        const seen = view.byFact.get(factId);
        if (seen !== undefined) yield { seen, view };
      }
      const last = piece.at(-1);
      if (last === undefined) return;
      from = last.sequence;
    }
  }

  /** One fact; `incidentId` absent: of the incident that used the id first. */
  fact(
    factId: string,
    asOf: AsOf,
    incidentId?: string,
  ): { readonly seen: Seen; readonly view: IncidentView } | undefined {
    const incident = incidentId ?? this.timeline.incidentOf(factId, asOf.sequence);
    if (incident === undefined) return undefined;
    const view = this.at(incident, asOf);
    const seen = view.byFact.get(factId);
    return seen && { seen, view };
  }

  /** Corrections and retractions of a fact, and what amends those, in log order. */
  amendments(factId: string, { seen }: IncidentView): Seen[] {
    const wanted = new Set([factId]);
    return seen.filter(({ trace }) => {
      if (trace.amends === undefined || !wanted.has(trace.amends.target)) return false;
      wanted.add(trace.factId);
      return true;
    });
  }
}
