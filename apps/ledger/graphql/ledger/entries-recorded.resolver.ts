import { Args, ID, Resolver, Subscription } from '@nestjs/graphql';
import type { Position } from '@ledger/event-store/port';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { idArgument } from '../common/ids';
import { makeLoaders } from '../common/loaders';
import { PositionScalar } from '../common/scalars';
import { presentEntry } from '../fact/present';
import { RecordedEntry } from './types';

const PIECE = 100;

@Resolver()
export class EntriesRecordedResolver {
  constructor(private readonly views: LedgerViews) {}

  @Subscription(() => RecordedEntry, {
    description:
      'New timeline entries: first those after `after`, then each as it is recorded, in order, at least once. Resume after the position of the last one received.',
  })
  entriesRecorded(
    @Args('after', {
      type: () => PositionScalar,
      nullable: true,
      description: 'Resume after this. Absent: from now on.',
    })
    after: string | null,
    @Args('incidentId', { type: () => ID, nullable: true, description: 'Only of this incident.' })
    incidentId: string | null,
  ) {
    const only = incidentId == null ? undefined : idArgument('inc', incidentId, 'incidentId');
    const from = after == null ? this.views.head() : this.views.timeline.sequenceAt(after as Position);
    return this.follow(from, only);
  }

  /** Fed from the view, not from an event bus: nothing is lost between catching up and following. */
  private async *follow(
    from: number,
    incidentId: string | undefined,
  ): AsyncGenerator<{ entriesRecorded: object }, void, undefined> {
    let wake: () => void = () => undefined;
    const off = this.views.onAdvance(() => wake());
    try {
      for (let last = from; ;) {
        const advanced = new Promise<void>((resolve) => (wake = resolve));
        const sequences = this.views.timeline
          .sequencesAfter(last, PIECE, incidentId)
          .filter((sequence) => sequence <= this.views.head());
        for (const sequence of sequences) {
          last = sequence;
          const event = this.views.timeline.event(sequence);
          if (event === undefined) continue;
          const entry = presentEntry(sequence, event, { loaders: makeLoaders(this.views), sequence });
          yield { entriesRecorded: { position: event.position, entry } };
        }
        if (sequences.length === 0) await advanced;
      }
    } finally {
      off();
    }
  }
}
