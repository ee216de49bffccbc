import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import {
  type AllStreamResolvedEvent,
  type AppendExpectedRevision,
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  excludeSystemEvents,
  jsonEvent,
  type Position,
  type ReadStreamOptions,
  START,
  type SubscribeToAllOptions,
} from '@eventstore/db-client';
import { openEventStoreDb } from '@ledger/event-store/eventstoredb/eventstoredb-event-store';
import type { EventStore, Position as PortPosition } from '@ledger/event-store/port';
import {
  all,
  describeEventStoreContract,
  newEvent,
  newEvents,
  newStream,
  type OpenedStore,
} from '../contracts/event-store.contract';
import { type EventStoreDbDouble, startEventStoreDbDouble } from '../double/eventstoredb-double';
import {
  loudly,
  ownEventStoreDb,
  REAL_NOT_RUN,
  realEventStoreDb,
  type RealEventStoreDb,
  startRealEventStoreDb,
} from './real-eventstoredb';

/** The client as it is, on streams of its own; answers are told as short strings. */
class Raw {
  readonly client: EventStoreDBClient;
  readonly stream = `rules-${randomUUID()}`;

  constructor(url: string, batch: boolean) {
    this.client = EventStoreDBClient.connectionString(url);
    if (!batch) Object.assign(this.client, { supports: () => Promise.resolve(false) });
  }

  readonly a = randomUUID();
  readonly b = randomUUID();
  readonly c = randomUUID();

  async position(expected: AppendExpectedRevision, ids: readonly string[], stream = this.stream): Promise<bigint> {
    const events = ids.map((id) => binaryEvent({ id, type: 'noted', data: Uint8Array.of(1, 2, 3) }));
    const { position } = await this.client.appendToStream(stream, events, { expectedRevision: expected });
    return position!.commit;
  }

  append(
    expected: AppendExpectedRevision,
    ids: readonly string[] = [randomUUID()],
    { stream = this.stream, type = 'noted', bytes = 3 } = {},
  ): Promise<string> {
    return told(async () => {
      const data = new Uint8Array(bytes).fill(7);
      const events = ids.map((id) => binaryEvent({ id, type, data }));
      const answer = await this.client.appendToStream(stream, events, { expectedRevision: expected });
      return `at ${answer.nextExpectedRevision}`;
    });
  }

  read(options: ReadStreamOptions = {}, stream = this.stream): Promise<string> {
    return told(async () => {
      const revisions: bigint[] = [];
      for await (const { event } of this.client.readStream(stream, options)) revisions.push(event!.revision);
      return revisions.join();
    });
  }

  async all(options: { fromPosition?: Position; direction?: typeof BACKWARDS; maxCount?: number }): Promise<string> {
    const read = this.client.readAll(options);
    const answer = told(async () => {
      const events = [];
      for await (const { event } of read) events.push(event!.streamId === this.stream ? event!.revision : 'other');
      return events.join();
    });
    const awaited = options.maxCount === 0 ? Promise.race([answer, sleep(1_000, 'no answer')]) : answer;
    return awaited.finally(() => read.cancel());
  }

  /** What a subscription gives until it has caught up. */
  subscribe(options: SubscribeToAllOptions): Promise<string> {
    return told(async () => {
      const seen: string[] = [];
      const subscription = this.client.subscribeToAll(options);
      subscription.on('confirmation', () => seen.push('confirmed'));
      subscription.on('caughtUp', () => subscription.push({}));
      for await (const { event } of subscription as AsyncIterable<AllStreamResolvedEvent>) {
        if (!event) break;
        seen.push(event.streamId === this.stream ? String(event.revision) : 'other');
      }
      await subscription.unsubscribe();
      return [...seen, 'caught up'].join();
    });
  }
}

const at = (commit: bigint): Position => ({ commit, prepare: commit });

const told = async (work: () => Promise<string>): Promise<string> => {
  try {
    return await work();
  } catch (error) {
    const { type, actualVersion, expectedVersion } = error as Record<string, unknown>;
    const versions =
      type === 'wrong-expected-version' ? ` ${String(expectedVersion)}, is ${String(actualVersion)}` : '';
    return `${String(type)}${versions}`;
  }
};

type Rule = readonly [what: string, ask: (raw: Raw) => Promise<readonly unknown[]>, answers: readonly unknown[]];

const inOrder = async <T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> => {
  const answers: R[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
};

const RULES: readonly Rule[] = [
  [
    'append to an absent stream',
    (raw) => inOrder(['stream_exists', 0n, 5n, 'no_stream'] as const, (expected) => raw.append(expected)),
    [
      'wrong-expected-version stream_exists, is no_stream',
      'wrong-expected-version 0, is no_stream',
      'wrong-expected-version 5, is no_stream',
      'at 0',
    ],
  ],
  [
    'append to a present stream',
    async (raw) => [
      await raw.append('no_stream', [raw.a, raw.b, raw.c]),
      ...(await inOrder(['no_stream', 0n, 7n] as const, (expected) => raw.append(expected))),
      ...(await inOrder([2n, 'stream_exists', 'any'] as const, (expected) => raw.append(expected))),
      await raw.read(),
    ],
    [
      'at 2',
      'wrong-expected-version no_stream, is 2',
      'wrong-expected-version 0, is 2',
      'wrong-expected-version 7, is 2',
      'at 3',
      'at 4',
      'at 5',
      '0,1,2,3,4,5',
    ],
  ],
  [
    'expected 2^64 - 1 is taken for no_stream',
    async (raw) => [await raw.append(2n ** 63n - 1n), await raw.append(2n ** 63n), await raw.append(2n ** 64n - 1n)],
    ['wrong-expected-version 9223372036854775807, is no_stream', 'unknown', 'at 0'],
  ],
  [
    'same ids, same expected revision: known again, whatever followed, at the first position; a prefix too',
    async (raw) => {
      const first = await raw.position('no_stream', [raw.a, raw.b, raw.c]);
      await raw.append(2n);
      return [
        (await raw.position('no_stream', [raw.a, raw.b, raw.c])) === first,
        (await raw.position('no_stream', [raw.a, raw.b])) < first,
        await raw.append('no_stream', [raw.a, raw.b, raw.c, randomUUID()]),
        await raw.append('no_stream', [raw.b]),
        await raw.append(0n, [raw.b, raw.c]),
        await raw.read(),
      ];
    },
    [true, true, 'wrong-expected-version no_stream, is 3', 'wrong-expected-version no_stream, is 3', 'at 2', '0,1,2,3'],
  ],
  [
    'same id without an exact revision: known again as long as the server runs',
    async (raw) => {
      await raw.append('no_stream');
      const first = await raw.position('any', [raw.a]);
      await raw.append('any');
      const second = await raw.position('stream_exists', [raw.b]);
      return [
        (await raw.position('any', [raw.a])) === first,
        (await raw.position('stream_exists', [raw.b])) === second,
        await raw.read(),
      ];
    },
    [true, true, '0,1,2,3'],
  ],
  [
    'same id at the newer revision, twice in one append, and in another stream: stored again',
    async (raw) => [
      await raw.append('no_stream', [raw.a]),
      await raw.append(0n, [raw.a]),
      await raw.append(1n, [raw.b, raw.b]),
      await raw.append('no_stream', [raw.a], { stream: `${raw.stream}-other` }),
      await raw.read(),
    ],
    ['at 0', 'at 1', 'at 3', 'at 0', '0,1,2,3'],
  ],
  [
    '[a, b] at no_stream after [a] alone',
    async (raw) => [await raw.append('no_stream', [raw.a]), await raw.append('no_stream', [raw.a, raw.b])],
    ['at 0', 'wrong-expected-version no_stream, is 0'],
  ],
  [
    'empty append',
    async (raw) => [
      ...(await inOrder(['any', 'no_stream', 'stream_exists', 0n] as const, (expected) => raw.append(expected, []))),
      await raw.read(),
      await raw.append('no_stream', [raw.a, raw.b]),
      ...(await inOrder(['any', 'stream_exists', 1n, 'no_stream', 0n] as const, (e) => raw.append(e, []))),
      await raw.read(),
    ],
    [
      'at 0',
      'at 0',
      'wrong-expected-version stream_exists, is no_stream',
      'wrong-expected-version 0, is no_stream',
      'stream-not-found',
      'at 1',
      'at 1',
      'at 1',
      'at 1',
      'wrong-expected-version no_stream, is 1',
      'wrong-expected-version 0, is 1',
      '0,1',
    ],
  ],
  [
    'sizes and names',
    async (raw) => [
      await raw.append('any', [randomUUID()], { bytes: 1024 * 1024 }),
      await raw.append('any', [randomUUID()], { bytes: 1024 * 1024 + 1 }),
      await raw.append('any', Array.from({ length: 20 }, randomUUID), { bytes: 100_000 }),
      await raw.append('any', Array.from({ length: 5_000 }, randomUUID)),
      await raw.append('any', [randomUUID()], { type: '' }),
      await raw.append('any', [randomUUID()], { stream: '' }),
      await raw.append('any', [randomUUID()], { stream: `${raw.stream}-größe-😀` }),
      await raw.read({}, `${raw.stream}-größe-😀`),
    ],
    [
      'at 0',
      'maximum-append-size-exceeded',
      'maximum-append-size-exceeded',
      'at 5000',
      'unknown',
      'unknown',
      'at 0',
      '0',
    ],
  ],
  [
    'read a stream',
    async (raw) => [
      await raw.read(),
      await raw.append('no_stream', [raw.a, raw.b, raw.c]),
      await raw.read({ fromRevision: 1n }),
      await raw.read({ fromRevision: 9n }),
      await raw.read({ fromRevision: 1n, maxCount: 1 }),
      await raw.read({ fromRevision: 1n, direction: BACKWARDS }),
      await raw.read({ fromRevision: 9n, direction: BACKWARDS }),
      await raw.read({ fromRevision: END, direction: BACKWARDS, maxCount: 2 }),
      await raw.read({ fromRevision: START, direction: BACKWARDS }),
      await raw.read({ fromRevision: END }),
      await raw.read({ maxCount: 0 }),
    ],
    ['stream-not-found', 'at 2', '1,2', '', '1', '1,0', '2,1,0', '2,1', '0', 'unknown', 'unknown'],
  ],
  [
    'read $all: inclusive forwards, exclusive backwards, only from a record or beyond the end',
    async (raw) => {
      const between = at((await raw.position('no_stream', [raw.a])) + 1n);
      const last = at(await raw.position(0n, [raw.b, raw.c]));
      const beyond = at(last.commit + 1_000_000n);
      return [
        await raw.all({ fromPosition: last }),
        await raw.all({ fromPosition: last, direction: BACKWARDS, maxCount: 2 }),
        await raw.all({ fromPosition: between }),
        await raw.all({ fromPosition: beyond }),
        await raw.all({ maxCount: 0 }),
      ];
    },
    ['2', '1,0', 'unknown', '', 'no answer'],
  ],
  [
    'subscribe to $all: exclusive, caught up after the last event, the filter looks at types only',
    async (raw) => {
      const first = at(await raw.position('no_stream', [raw.a]));
      const system = binaryEvent({ type: '$note', data: new Uint8Array() });
      await raw.client.appendToStream(raw.stream, [system]);
      const last = at(await raw.position('any', [raw.b], `$${raw.stream}`));
      const filter = excludeSystemEvents();
      return [
        await raw.subscribe({ fromPosition: first }),
        await raw.subscribe({ fromPosition: first, filter }),
        await raw.subscribe({ fromPosition: last, filter }),
        await raw.subscribe({ fromPosition: at(last.commit + 1_000_000n), filter }),
        await raw.subscribe({ fromPosition: at(first.commit + 1n), filter }),
      ];
    },
    [
      'confirmed,1,other,caught up',
      'confirmed,other,caught up',
      'confirmed,caught up',
      'confirmed,caught up',
      'unknown',
    ],
  ],
  [
    'every event of one append has a position of its own, commit = prepare; the last is the answer',
    async (raw) => {
      const answer = await raw.position('no_stream', [raw.a, raw.b, raw.c]);
      const positions: Position[] = [];
      for await (const { event } of raw.client.readStream(raw.stream)) positions.push(event!.position!);
      return [
        new Set(positions.map(({ commit }) => commit)).size,
        positions.every(({ commit, prepare }) => commit === prepare),
        positions.at(-1)?.commit === answer,
      ];
    },
    [3, true, true],
  ],
  [
    'bytes: binary data exact, metadata parsed, a number over 2^53 in a JSON event lost',
    async (raw) => {
      const metadata = new TextEncoder().encode('{"b":"ü","a":"1"}');
      const binary = binaryEvent({ type: 'noted', data: Uint8Array.of(0, 255, 128), metadata });
      // eslint-disable-next-line no-loss-of-precision
      const json = jsonEvent({ type: 'noted', data: { number: 9007199254740993 } });
      await raw.client.appendToStream(raw.stream, [binary, json]);
      const events = [];
      for await (const { event } of raw.client.readStream(raw.stream)) events.push(event!);
      const { data } = events[0]!;
      return [
        data instanceof Uint8Array && !Buffer.isBuffer(data),
        ...events.map((event) => [event.data, event.metadata]),
      ];
    },
    [true, [Uint8Array.of(0, 255, 128), { a: '1', b: 'ü' }], [{ number: 9007199254740992 }, undefined]],
  ],
];

/** Not with batch append: the second answer of the real server would be an uncaught exception in the client. */
const DELETED: Rule = [
  'a tombstoned stream',
  async (raw) => {
    await raw.append('no_stream');
    await raw.client.tombstoneStream(raw.stream);
    return [await raw.read(), await raw.append('any'), await raw.append('no_stream')];
  },
  ['stream-deleted', 'stream-deleted', 'stream-deleted'],
];

const describeRules = (url: () => string): void => {
  describe.each([
    ['batch append', true, RULES],
    ['single append', false, [...RULES, DELETED]],
  ] as const)('answers to the client, %s', (_name, batch, rules) => {
    let raw: Raw;
    beforeEach(() => (raw = new Raw(url(), batch)));
    afterEach(() => raw.client.dispose());

    it.each(rules)('%s', async (_what, ask, answers) => {
      expect(await ask(raw)).toEqual(answers);
    });
  });
};

const describeRestart = (url: () => string, restart: () => Promise<void>): void => {
  it('after a restart an id is known again at its exact revision only', async () => {
    const raw = new Raw(url(), false);
    await raw.append('no_stream', [raw.a]);
    await raw.append(0n, [raw.b]);
    await restart();
    const again = async (): Promise<string> => raw.append('no_stream', [raw.a]);
    while ((await again()) !== 'at 0') await sleep(100);
    expect([await again(), await raw.append(0n, [raw.b]), await raw.append('stream_exists', [raw.b])]).toEqual([
      'at 0',
      'at 1',
      'at 2',
    ]);
    await raw.client.dispose();
  }, 90_000);
};

/** Positions that this server has not given, in a log that is not empty. */
const describeForeignPositions = (url: () => string): void => {
  it('a position where no record begins is InvalidRead, one beyond the end StoreUnavailable', async () => {
    const store = await openEventStoreDb(url());
    const stream = newStream();
    const first = BigInt((await store.append(stream, 'no-stream', newEvents(1))).position!);
    const last = BigInt((await store.append(stream, 0n, newEvents(1))).position!);
    const padded = (position: bigint): PortPosition => position.toString().padStart(20, '0') as PortPosition;
    const { signal } = new AbortController();
    for (const [after, code] of [
      [padded(first + 1n), 'invalid-read'],
      [padded(last - 1n), 'invalid-read'],
      [padded(last + 1_000_000n), 'store-unavailable'],
    ] as const) {
      await expect(store.readAll({ after, limit: 1 })).rejects.toMatchObject({ code });
      await expect(store.subscribe({ after, signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code });
    }
    await store.close();
  });
};

const open = async (url: string): Promise<OpenedStore> => {
  let store = await openEventStoreDb(url);
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = await openEventStoreDb(url));
    },
    dispose: () => store.close(),
  };
};

describe('eventstoredb double', () => {
  let double: EventStoreDbDouble;
  beforeAll(async () => (double = await startEventStoreDbDouble()));
  afterAll(() => double.stop());
  describeEventStoreContract('eventstoredb double', { open: () => open(double.url) });
  describeRules(() => double.url);
  describeForeignPositions(() => double.url);
  describeRestart(
    () => double.url,
    () => double.restart(),
  );
});

describe('eventstoredb adapter, when things go wrong', () => {
  let double: EventStoreDbDouble;
  let store: EventStore;
  beforeEach(async () => {
    double = await startEventStoreDbDouble();
    store = await openEventStoreDb(double.url);
  });
  afterEach(async () => {
    await store.close();
    await double.stop();
  });
  const stored = (): number => double.log.filter(({ stream }) => !stream.startsWith('$')).length;

  it.each(['loseNextAnswer', 'loseNextAppend'] as const)('%s: the append is repeated and stored once', async (lose) => {
    const stream = newStream();
    await store.append(stream, 'no-stream', newEvents(2));
    double[lose]();
    expect((await store.append(stream, 1n, newEvents(2))).revision).toBe(3n);
    double[lose]();
    expect((await store.append(newStream(), 'no-stream', newEvents(1))).revision).toBe(0n);
    expect(stored()).toBe(5);
  });

  it("at 'stream-exists' an append whose answer is lost is not repeated", async () => {
    const stream = newStream();
    await store.append(stream, 'no-stream', newEvents(1));
    double.loseNextAnswer();
    const append = store.append(stream, 'stream-exists', newEvents(1));
    await expect(append).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(stored()).toBe(2);
  });

  it('a server that is away: every call is StoreUnavailable, and works again when it is back', async () => {
    const { position } = await store.append(newStream(), 'no-stream', newEvents(1));
    await double.refuse();
    const { signal } = new AbortController();
    const away = { code: 'store-unavailable' };
    await expect(store.readAll({ limit: 1 })).rejects.toMatchObject(away);
    await expect(all(store.readStream('any'))).rejects.toMatchObject(away);
    await expect(store.subscribe({ signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject(away);
    await expect(store.append(newStream(), 0n, [])).rejects.toMatchObject(away);
    await double.accept();
    const repeated = async (): Promise<number> =>
      store.readAll({ limit: 9 }).then(
        ({ length }) => length,
        () => sleep(100).then(repeated),
      );
    expect(await repeated()).toBe(1);
    expect(await store.readAll({ after: position, limit: 9 })).toEqual([]);
  }, 60_000);

  it.each<[string, Parameters<EventStoreDbDouble['deny']>[0]]>([
    ['PERMISSION_DENIED', { code: 7, details: 'Access Denied' }],
    ['UNAUTHENTICATED', { code: 16, details: 'Unauthenticated' }],
  ])('%s: every call is AccessDenied', async (_, status) => {
    const { position: after } = await store.append(newStream(), 'no-stream', newEvents(1));
    double.deny(status);
    const { signal } = new AbortController();
    const denied = { name: 'AccessDenied', code: 'access-denied' };
    await expect(store.append(newStream(), 'no-stream', newEvents(1))).rejects.toMatchObject(denied);
    await expect(store.append(newStream(), 'no-stream', [])).rejects.toMatchObject(denied);
    await expect(all(store.readStream('any'))).rejects.toMatchObject(denied);
    await expect(store.readAll({ limit: 1 })).rejects.toMatchObject(denied);
    await expect(store.readAll({ after, limit: 1 })).rejects.toMatchObject(denied);
    for (const options of [{ signal }, { after, signal }])
      await expect(store.subscribe(options)[Symbol.asyncIterator]().next()).rejects.toMatchObject(denied);
    double.deny();
    expect(await store.readAll({ limit: 9 })).toHaveLength(1);
  });

  it.each(['cut', 'endSubscriptions'] as const)('%s: a subscription ends with StoreUnavailable', async (end) => {
    const { signal } = new AbortController();
    const items = store.subscribe({ signal })[Symbol.asyncIterator]();
    expect(await items.next()).toEqual({ done: false, value: { caughtUp: undefined } });
    const next = items.next();
    double[end]();
    await expect(next).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it.each([0n, 1n])('an event missing in the index at %s is an error in both directions', async (missing) => {
    const stream = newStream();
    await store.append(stream, 'no-stream', newEvents(4));
    double.hide(stream, missing);
    const damaged = { code: 'stream-damaged', stream, missing };
    await expect(all(store.readStream(stream))).rejects.toMatchObject(damaged);
    await expect(all(store.readStream(stream, { from: missing, limit: 1 }))).rejects.toMatchObject(damaged);
    await expect(all(store.readStream(stream, { backwards: true }))).rejects.toMatchObject(damaged);
    await expect(all(store.readStream(stream, { from: missing, backwards: true }))).rejects.toMatchObject(damaged);
    expect(await all(store.readStream(stream, { from: missing + 1n }))).toHaveLength(3 - Number(missing));
  });

  it('an event that no ledger wrote is refused by name', async () => {
    const raw = new Raw(double.url, false);
    for (const event of [
      jsonEvent({ type: 'foreign', data: {}, metadata: { a: 'b' } }),
      binaryEvent({ type: 'foreign', data: new Uint8Array() }),
      binaryEvent({ type: 'foreign', data: new Uint8Array(), metadata: { a: 1 } }),
    ]) {
      const stream = newStream();
      await raw.client.appendToStream(stream, event);
      const foreign = { code: 'not-an-event-log', message: expect.stringContaining(`${stream}@0`) as string };
      await expect(all(store.readStream(stream))).rejects.toMatchObject(foreign);
    }
    await expect(store.readAll({ limit: 9 })).rejects.toMatchObject({ code: 'not-an-event-log' });
    await raw.client.dispose();
  });

  it('nothing stays open: no call left half way, no aborted subscription, no connection', async () => {
    const stream = newStream();
    await store.append(stream, 'no-stream', newEvents(2_000));
    for (let n = 0; n < 20; n += 1) {
      expect(await store.readAll({ limit: 1 })).toHaveLength(1);
      for await (const _ of store.readStream(stream, { limit: 3 * (n + 1) })) {
        await sleep(5); // all have arrived
        break;
      }
      const abort = new AbortController();
      for await (const _ of store.subscribe({ signal: abort.signal })) abort.abort();
    }
    await until(() => double.subscriptions === 0);
    expect(openCalls(store)).toBe(0);
    await store.close();
    await until(() => double.connections === 0);
    const closed = { code: 'store-unavailable', message: 'the event store is closed' };
    await expect(store.append(stream, 1_999n, newEvents(1))).rejects.toMatchObject(closed);
    await expect(all(store.readStream(stream))).rejects.toMatchObject(closed);
    await expect(store.readAll({ limit: 1 })).rejects.toMatchObject(closed);
  });

  it('close ends a waiting subscription with an error', async () => {
    const items = store.subscribe({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    await items.next();
    const next = items.next();
    await store.close();
    await expect(next).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('close is not taken for the end of what is being read', async () => {
    const stream = newStream();
    await store.append(stream, 'no-stream', newEvents(5_000));
    const reading = (async () => {
      for await (const { revision } of store.readStream(stream)) if (revision === 0n) await store.close();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('meta may be a Buffer', async () => {
    const stream = newStream();
    const meta = Buffer.from('{"a":"ü"}');
    await store.append(stream, 'no-stream', [newEvent({ meta })]);
    for await (const event of store.readStream(stream)) expect(Buffer.from(event.meta)).toEqual(meta);
  });

  it('tells the password to nobody', async () => {
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const server = double.url.replace('esdb://', 'esdb://admin:open%40sesame@');
    const secured = await openEventStoreDb(`${server}&unknownOption=1`);
    expect((await secured.append(newStream(), 'no-stream', newEvents(1))).revision).toBe(0n);
    await double.restart();
    await secured.close();
    const unreachable = await openEventStoreDb('esdb://admin:sesame@127.0.0.1:1?tls=false', { tries: 1 });
    const errors = [
      await unreachable.append(newStream(), 'no-stream', newEvents(1)).catch(inspect),
      await openEventStoreDb('esdb://admin:sesame@127.0.0.1:x?tls').catch(inspect),
    ];
    await unreachable.close();
    expect(errors[1]).toContain('the EventStoreDB connection string is malformed');
    expect(warned).toHaveBeenCalled();
    expect(inspect([errors, warned.mock.calls])).not.toContain('sesame');
    warned.mockRestore();
  });
});

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 4_000; !holds(); await sleep(10)) if (Date.now() > end) throw new Error('still not so');
};

/** The client's own list of calls it has not seen the end of. */
const openCalls = (store: EventStore): number =>
  (store as unknown as { client: { disposableStreams: Set<unknown> } }).client.disposableStreams.size;

let version: string | undefined;

(realEventStoreDb ? describe : describe.skip)('real EventStoreDB', () => {
  let real: RealEventStoreDb;
  beforeAll(async () => {
    real = await startRealEventStoreDb();
    version = real.version;
  }, 90_000);
  afterAll(() => real.stop());
  describeEventStoreContract('real EventStoreDB', { open: () => open(real.url) });
  describeRules(() => real.url);
  describeForeignPositions(() => real.url);
  if (ownEventStoreDb)
    describeRestart(
      () => real.url,
      () => real.process!.restart(),
    );
});

afterAll(() => {
  const real = version ? `REAL EventStoreDB ${version}` : 'REAL EVENTSTOREDB DID NOT START';
  loudly(
    `event store contract: SQLite file (its own spec), EventStoreDB double, ${realEventStoreDb ? real : REAL_NOT_RUN}`,
  );
});
