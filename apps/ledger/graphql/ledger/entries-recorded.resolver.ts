import type { Socket } from 'node:net';
import { Args, Context, ID, Resolver, Subscription } from '@nestjs/graphql';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { holdWhileOpen } from '../common/sockets';
import { idArgument } from '../common/ids';
import { makeLoaders } from '../common/loaders';
import { PositionTokens } from '../common/position-tokens';
import { PositionScalar } from '../common/scalars';
import { shownError } from '../error-formatter';
import { presentEntry } from '../fact/present';
import { RecordedEntry } from './types';

const PIECE = 100;

interface SubscriptionContext {
  readonly request: { readonly raw: { readonly socket: Socket } };
}
interface Message {
  readonly entriesRecorded: object;
}

@Resolver()
export class EntriesRecordedResolver {
  constructor(
    private readonly views: LedgerViews,
    private readonly positions: PositionTokens,
  ) {}

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
    @Args('fromFirst', {
      type: () => Boolean,
      defaultValue: false,
      description: 'From the first entry on, where `after` is absent.',
    })
    fromFirst: boolean,
    @Args('incidentId', { type: () => ID, nullable: true, description: 'Only of this incident.' })
    incidentId: string | null,
    @Context() { request }: SubscriptionContext,
  ) {
    const only = incidentId == null ? undefined : idArgument('inc', incidentId, 'incidentId');
    const start = fromFirst ? 0 : this.views.head();
    const from = after == null ? start : this.views.timeline.sequenceAt(this.positions.open(after, 'after'));
    return this.follow(from, only, request.raw.socket);
  }

  /**
   * Fed from the view, not from an event bus: nothing is lost between catching up and following. A generator that waits
   * cannot be returned from outside, so whoever stops this one also wakes it.
   */
  private follow(from: number, incidentId: string | undefined, socket: Socket): AsyncIterableIterator<Message> {
    const stopped = new AbortController();
    const release = holdWhileOpen(socket, () => stopped.abort());
    const messages = this.messages(from, incidentId, stopped.signal, release);
    return {
      next: () => messages.next(),
      return: () => {
        release();
        stopped.abort();
        return messages.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  private async *messages(
    from: number,
    incidentId: string | undefined,
    stopped: AbortSignal,
    release: () => void,
  ): AsyncGenerator<Message, void, undefined> {
    let wake: () => void = () => undefined;
    const onWake = (): void => wake();
    const off = this.views.onAdvance(onWake);
    stopped.addEventListener('abort', onWake);
    try {
      for (let last = from; !stopped.aborted;) {
        const advanced = new Promise<void>((resolve) => (wake = resolve));
        const entries = this.views.timeline.entries(last, this.views.head(), PIECE, incidentId);
        for (const { sequence } of entries) {
          last = sequence;
          const event = this.views.timeline.event(sequence);
          if (event === undefined) continue;
          const entry = presentEntry(sequence, event, { loaders: makeLoaders(this.views), asOf: { sequence } });
          yield { entriesRecorded: { position: this.positions.seal(event.position), entry } };
        }
        if (entries.length === 0) await advanced;
      }
    } catch (error) {
      throw shownError(error); // what a source throws is sent as it is
    } finally {
      off();
      release();
    }
  }
}
