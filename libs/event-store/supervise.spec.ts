import { AccessDenied, EventTampered, InvalidRead, NotAnEventLog, StoreUnavailable, StreamDamaged } from './errors';
import { type EventStore, isCaughtUp, type Position, type RecordedEvent, type SubscriptionItem } from './port';
import { supervise, type SuperviseOptions } from './supervise';

const position = (n: number): Position => String(n).padStart(20, '0') as Position;
const event = (n: number): RecordedEvent => ({ position: position(n), revision: BigInt(n) }) as RecordedEvent;
const mark = (n?: number): SubscriptionItem => ({ caughtUp: n === undefined ? undefined : position(n) });
const cut = new StoreUnavailable('cut');

type Step = SubscriptionItem | Error;

/** Each subscription plays the next script; the one after the last script waits for the abort. */
const scripted = (...scripts: Step[][]) => {
  const afters: (Position | undefined)[] = [];
  const store: Pick<EventStore, 'subscribe'> = {
    async *subscribe({ after, signal }) {
      afters.push(after);
      const script = scripts.shift();
      if (!script) return void (await new Promise((resolve) => signal.addEventListener('abort', resolve)));
      for (const step of script) {
        if (step instanceof Error) throw step;
        yield step;
      }
    },
  };
  return { store, afters };
};

const told = (item: SubscriptionItem): string =>
  isCaughtUp(item) ? `caught up at ${Number(item.caughtUp)}` : String(Number(item.position));

/** What comes until `count` items are there. */
const collect = async (
  store: Pick<EventStore, 'subscribe'>,
  count: number,
  options: Partial<SuperviseOptions> = {},
): Promise<string[]> => {
  const abort = new AbortController();
  const items: string[] = [];
  for await (const item of supervise(store, { signal: abort.signal, backoff: { base: 1 }, ...options })) {
    items.push(told(item));
    if (items.length === count) abort.abort();
  }
  return items;
};

describe('supervise', () => {
  afterEach(() => jest.restoreAllMocks());

  it('resumes behind the last event after an error and after an end nobody asked for', async () => {
    const { store, afters } = scripted([event(1), event(2), cut], [mark(2)], [event(3)], [event(4)]);
    expect(await collect(store, 5)).toEqual(['1', '2', 'caught up at 2', '3', '4']);
    expect(afters).toEqual([undefined, position(2), position(2), position(3)]);
  });

  it('begins after the given position', async () => {
    const { store, afters } = scripted([event(8)]);
    expect(await collect(store, 1, { after: position(7) })).toEqual(['8']);
    expect(afters).toEqual([position(7)]);
  });

  it('yields nothing twice and nothing out of order, whatever the store repeats', async () => {
    const { store } = scripted([event(1), event(2), cut], [event(1), event(2), event(3), event(2), event(4)]);
    expect(await collect(store, 4)).toEqual(['1', '2', '3', '4']);
  });

  it('waits at most twice as long after each failure, up to the cap, and begins anew after progress', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    const { store } = scripted([cut], [cut], [cut], [cut], [cut], [event(1), cut], [event(2)]);
    const delays: number[] = [];
    const onError = (error: unknown, retryIn: number): unknown => delays.push(error === cut ? retryIn : NaN);
    await collect(store, 2, { onError, backoff: { base: 2, cap: 10 } });
    expect(delays).toEqual([2, 4, 8, 10, 10, 2]);
  });

  it('retries errors it does not know', async () => {
    const errors: unknown[] = [];
    const { store } = scripted([new TypeError('a bug')], [event(1)]);
    expect(await collect(store, 1, { onError: (error) => errors.push(error) })).toEqual(['1']);
    expect(errors).toEqual([new TypeError('a bug')]);
  });

  it.each([
    new EventTampered('s', 1n, 'id'),
    new StreamDamaged('s', 1n),
    new NotAnEventLog('f', 'no'),
    new InvalidRead('after', 'no'),
    new AccessDenied('no'),
  ])('hands on what cannot heal: $name', async (error) => {
    const { store, afters } = scripted([event(1), error], [event(2)]);
    await expect(collect(store, 2)).rejects.toBe(error);
    expect(afters).toHaveLength(1);
  });

  it('ends at once by an abort: before the start, while it waits for an event, while it waits to try again', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1); // the whole delay, which outlasts the limit below
    const started = Date.now();
    const items: unknown[] = [];
    const options = { backoff: { base: 60_000, cap: 60_000 } };
    for (const [store, signal] of [
      [scripted([event(1)]).store, AbortSignal.abort()],
      [scripted().store, AbortSignal.timeout(20)],
      [scripted([cut]).store, AbortSignal.timeout(20)],
    ] as const)
      for await (const item of supervise(store, { ...options, signal })) items.push(item);
    expect(items).toEqual([]);
    expect(Date.now() - started).toBeLessThan(30_000);
  }, 90_000);

  it('ends the subscription when the loop is left', async () => {
    let ended = false;
    const store: Pick<EventStore, 'subscribe'> = {
      async *subscribe() {
        try {
          yield event(1);
        } finally {
          ended = true;
        }
      },
    };
    for await (const _ of supervise(store, { signal: new AbortController().signal })) break;
    expect(ended).toBe(true);
  });
});
