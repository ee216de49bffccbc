import { setTimeout as sleep } from 'node:timers/promises';
import { openEventStoreDb } from '@ledger/event-store/eventstoredb/eventstoredb-event-store';
import { StoreUnavailable } from '@ledger/event-store/errors';
import { type EventStore, isCaughtUp, type Position } from '@ledger/event-store/port';
import { supervise } from '@ledger/event-store/supervise';
import { all, newEvent, newStream } from '../contracts/event-store.contract';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { loudly, ownEventStoreDb, REAL_NOT_RUN, startRealEventStoreDb } from '../stores/real-eventstoredb';

/** A small linear congruential generator: a failing run can be repeated by its seed. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** Appends one event after the other until the signal; what is acknowledged is noted, what is unknown is repeated. */
const write = async (store: EventStore, stream: string, signal: AbortSignal): Promise<string[]> => {
  const acknowledged: string[] = [];
  while (!signal.aborted) {
    const event = newEvent();
    const expected = acknowledged.length === 0 ? 'no-stream' : BigInt(acknowledged.length - 1);
    for (let answered = false; !answered;)
      await store.append(stream, expected, [event]).then(
        () => (answered = true),
        async (error: unknown) => {
          if (!(error instanceof StoreUnavailable)) throw error;
          await sleep(20);
        },
      );
    acknowledged.push(event.id);
  }
  return acknowledged;
};

interface Outcome {
  readonly acknowledged: readonly (readonly string[])[];
  readonly stored: readonly (readonly string[])[];
  readonly seen: readonly string[];
  readonly inOrder: boolean;
  readonly failures: number;
}

/**
 * Writers and one supervised reader on one store, as in the server, while `faults` runs. `resumed` waits until the
 * reader has failed and then seen something new.
 */
const underFaults = async (
  url: string,
  writers: number,
  faults: (resumed: () => Promise<void>) => Promise<void>,
): Promise<Outcome> => {
  const store = await openEventStoreDb(url);
  const writing = new AbortController();
  const abort = new AbortController();
  const seen: string[] = [];
  let last = '' as Position;
  let inOrder = true;
  let failures = 0;
  const reader = (async () => {
    for await (const item of supervise(store, { signal: abort.signal, onError: () => (failures += 1) })) {
      if (isCaughtUp(item)) continue;
      inOrder &&= item.position > last;
      last = item.position;
      seen.push(item.id);
    }
  })();
  const streams = Array.from({ length: writers }, newStream);
  const written = streams.map((stream) => write(store, stream, writing.signal));
  const until = async (holds: () => boolean): Promise<void> => {
    for (const end = Date.now() + 30_000; !holds(); await sleep(2))
      if (Date.now() > end) throw new Error(`nothing moves: ${seen.length} events seen, ${failures} failures`);
  };
  try {
    await until(() => seen.length > 0);
    let known = failures;
    await faults(async () => {
      await until(() => failures > known);
      const before = seen.length;
      await until(() => seen.length > before);
      known = failures;
    });
    writing.abort();
    const acknowledged = await Promise.all(written);
    await until(() => seen.length >= acknowledged.flat().length);
    await sleep(200); // time for an event too many
    const stored = [];
    for (const stream of streams) stored.push((await all(store.readStream(stream))).map(({ id }) => id));
    return { acknowledged, stored, seen, inOrder, failures };
  } finally {
    writing.abort();
    abort.abort();
    await reader;
    await store.close();
  }
};

const expectNothingLostOrDoubled = ({ acknowledged, stored, seen, inOrder }: Outcome): void => {
  expect(stored).toEqual(acknowledged);
  expect([...seen].sort()).toEqual(acknowledged.flat().sort());
  expect(inOrder).toBe(true);
  const order = new Map(seen.map((id, index) => [id, index]));
  for (const ids of acknowledged)
    expect(ids.map((id) => order.get(id)!)).toEqual(ids.map((id) => order.get(id)!).sort((a, b) => a - b));
};

describe('a supervised subscription with concurrent writers', () => {
  it('loses and doubles nothing over 100 cuts of the double', async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 2 ** 31);
    const random = randomFrom(seed);
    const double = await startEventStoreDbDouble();
    const count = { cut: 0, end: 0, refuse: 0, 'lost answer': 0, 'lost append': 0 };
    const faults: Record<keyof typeof count, () => unknown> = {
      cut: () => double.cut(),
      end: () => double.endSubscriptions(),
      refuse: async () => {
        await double.refuse();
        await sleep(random(200));
        await double.accept();
      },
      'lost answer': () => double.loseNextAnswer(),
      'lost append': () => double.loseNextAppend(),
    };
    const kinds = ['cut', 'cut', 'end', 'end', 'lost answer', 'lost answer', 'lost append', 'refuse'] as const;
    try {
      const outcome = await underFaults(double.url, 4, async (resumed) => {
        for (let n = 0; n < 100; n += 1) {
          await sleep(random(60));
          const kind = kinds[random(kinds.length)]!;
          count[kind] += 1;
          await faults[kind]();
          await resumed();
        }
      });
      expectNothingLostOrDoubled(outcome);
      expect(double.log.filter(({ stream }) => !stream.startsWith('$')).map(({ id }) => id)).toEqual(outcome.seen);
      loudly(
        `chaos: 100 cuts of the double (seed ${seed}: ${JSON.stringify(count)}), ${outcome.failures} resumptions, ` +
          `${outcome.seen.length} events acknowledged, stored once and seen once`,
      );
    } catch (error) {
      loudly(`chaos: failed with CHAOS_SEED=${seed}`);
      throw error;
    } finally {
      await double.stop();
    }
  }, 120_000);

  (ownEventStoreDb ? it : it.skip)(
    'loses and doubles nothing over 10 kills of the real EventStoreDB',
    async () => {
      const real = await startRealEventStoreDb();
      try {
        const outcome = await underFaults(real.url, 8, async (resumed) => {
          for (let n = 0; n < 10; n += 1) {
            await sleep(200 + Math.random() * 800);
            await real.process!.kill();
            await real.process!.restart();
            await resumed();
          }
        });
        expectNothingLostOrDoubled(outcome);
        loudly(
          `chaos: 10 kills of REAL EventStoreDB ${real.version}, ${outcome.failures} resumptions, ` +
            `${outcome.seen.length} events acknowledged, stored once and seen once`,
        );
      } finally {
        await real.stop();
      }
    },
    180_000,
  );

  if (!ownEventStoreDb)
    afterAll(() =>
      loudly(`chaos: ${process.env['EVENTSTORE_URL'] ? 'REAL EVENTSTOREDB NOT KILLED: it is not ours' : REAL_NOT_RUN}`),
    );
});
