import type { AsOf } from '@ledger/domain/as-of/view';
import type { Instant } from '@ledger/domain/time/instant';
import type { Position } from '@ledger/event-store/port';
import type { LedgerViews } from '@ledger/projections/ledger-views';

/** The moment as it was asked for. Absent parts: everything on record, whatever anybody knew. */
export interface RequestedView {
  readonly recorded: Instant | undefined;
  readonly sequence: number | undefined;
  readonly known: { readonly at: Instant; readonly by: string | undefined } | undefined;
}

export type ViewFlag = 'recorded-unsettled' | 'recorded-before-first' | 'known-in-future';

/** The moment as it was found. It lives in the parent object, so that two aliases keep their own. */
export interface ResolvedView {
  readonly requested: RequestedView;
  readonly asOf: AsOf;
  readonly recordedAt: Instant | undefined;
  /** From when ages are counted: the moment of knowledge, else of recording, else now. */
  readonly moment: Instant;
  /** The read models had not reached the position that was asked for, or do not follow the log just now. */
  readonly stale: boolean;
  readonly flags: readonly ViewFlag[];
}

const CONSISTENCY_TIMEOUT_MS = 3_000;
/** A recording time is taken before its append is through, so the latest moments are not settled yet. */
const SETTLED_MS = 10_000;

/** Waits, bounded, for the position; then answers, if need be as stale, because what is missing is stored all the same. */
export const resolveView = async (
  views: LedgerViews,
  requested: RequestedView,
  consistentTo: Position | undefined,
  now: Date,
): Promise<ResolvedView> => {
  const reached = consistentTo === undefined || (await views.reached(consistentTo, CONSISTENCY_TIMEOUT_MS));
  const head = views.head();
  const { recorded } = requested;
  const limit = requested.sequence ?? (recorded === undefined ? head : views.timeline.sequenceRecordedBy(recorded));
  const sequence = Math.min(head, limit);
  const stale = !reached || !views.isLive();
  const flags: ViewFlag[] = [];
  if (recorded !== undefined && recorded > new Date(now.getTime() - SETTLED_MS).toISOString())
    flags.push('recorded-unsettled');
  if (recorded !== undefined && sequence === 0 && head > 0 && !stale) flags.push('recorded-before-first');
  if (requested.known !== undefined && requested.known.at > now.toISOString()) flags.push('known-in-future');
  const { known } = requested;
  const recordedAt = views.timeline.recordedAt(sequence);
  const pinned = requested.sequence === undefined ? undefined : recordedAt;
  return {
    requested,
    asOf: { sequence, ...(known && { known: { at: known.at, ...(known.by === undefined ? {} : { by: known.by }) } }) },
    recordedAt,
    moment: known?.at ?? recorded ?? pinned ?? (now.toISOString() as Instant),
    stale,
    flags,
  };
};
