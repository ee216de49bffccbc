import { MAX_APPEND_DATA, MAX_EVENT_META } from '@ledger/event-store/check-append';
import { isCaughtUp } from '@ledger/event-store/port';
import type { EventStore, ExpectedRevision, NewEvent, Position, RecordedEvent } from '@ledger/event-store/port';
import { canonicalBytes } from '@ledger/integrity/canonical';
import { leafHash } from '@ledger/integrity/leaf';
import { randomBytes, randomUUID } from 'node:crypto';

export interface OpenedStore {
  readonly store: EventStore;
  /** Closes the store and opens the same log again. */
  reopen(): Promise<EventStore>;
  /** Closes what is open and removes the log if it is ours to remove. */
  dispose(): Promise<void>;
}

/** `open` may hand out the same log again and again, with events of others in it: no case assumes an empty one. */
export interface EventStoreHarness {
  open(): Promise<OpenedStore>;
  /** Tries to change or remove a stored event by the store's own means; must be refused. */
  rawMutation?(opened: OpenedStore, kind: 'update' | 'delete', event: RecordedEvent): Promise<void>;
  /** Changes the stored data of an event behind the store's back. */
  tamper?(opened: OpenedStore, event: RecordedEvent): Promise<void>;
}

export const newStream = (): string => `contract-${randomUUID()}`;

export const newEvent = (given: Partial<NewEvent> & { metaValues?: Record<string, string> } = {}): NewEvent => ({
  id: given.id ?? randomUUID(),
  type: given.type ?? 'thing-done',
  data: given.data ?? canonicalBytes({ done: randomUUID() }),
  meta:
    given.meta ??
    canonicalBytes({
      recordedAt: '2026-01-01T00:00:00.000Z',
      salt: randomBytes(16).toString('base64url'),
      schema: 'thing-done/1',
      ...given.metaValues,
    }),
});

export const newEvents = (count: number): NewEvent[] => Array.from({ length: count }, () => newEvent());

export const all = async (events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> => {
  const list: RecordedEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
};

const ids = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);
const revisions = (events: readonly RecordedEvent[]): bigint[] => events.map(({ revision }) => revision);
const positions = (events: readonly RecordedEvent[]): Position[] => events.map(({ position }) => position);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sorted = (list: readonly string[]): string[] => [...list].sort();

/** The end of the log as it is now: whatever lies before it is not ours. */
const endOfLog = async (store: EventStore): Promise<Position> =>
  (await store.append(newStream(), 'no-stream', [newEvent()])).position!;

const allAfter = async (store: EventStore, start: Position, mine: ReadonlySet<string>): Promise<RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  for (let after = start; ;) {
    const page = await store.readAll({ after, limit: 7 });
    if (page.length === 0) return found;
    found.push(...page.filter(({ stream }) => mine.has(stream)));
    after = page.at(-1)!.position;
  }
};

/** Our events up to the first caught-up mark, and the mark. */
const history = async (store: EventStore, after: Position, mine: ReadonlySet<string>) => {
  const abort = new AbortController();
  const events: RecordedEvent[] = [];
  let mark: Position | undefined;
  for await (const item of store.subscribe({ after, signal: abort.signal })) {
    if (isCaughtUp(item)) {
      mark = item.caughtUp;
      abort.abort();
    } else if (mine.has(item.stream)) events.push(item);
  }
  return { events, mark };
};

/** The rules of `libs/event-store/port.ts`. Every adapter passes all of them. */
export const describeEventStoreContract = (name: string, harness: EventStoreHarness): void => {
  describe(`event store contract: ${name}`, () => {
    let opened: OpenedStore;
    let store: EventStore;
    beforeAll(async () => {
      opened = await harness.open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());

    const present = async (count = 3): Promise<string> => {
      const stream = newStream();
      await store.append(stream, 'no-stream', newEvents(count));
      return stream;
    };

    describe('expected revision', () => {
      const absentCases: [ExpectedRevision, 'conflict' | bigint][] = [
        ['no-stream', 0n],
        ['stream-exists', 'conflict'],
        [0n, 'conflict'],
        [5n, 'conflict'],
        [-1n, 'conflict'],
        [2n ** 53n + 1n, 'conflict'],
      ];
      it.each(absentCases)('an absent stream expected at %s: %s', async (expected, outcome) => {
        const stream = newStream();
        const append = store.append(stream, expected, [newEvent()]);
        if (outcome === 'conflict') {
          await expect(append).rejects.toMatchObject({
            code: 'wrong-expected-revision',
            stream,
            expected,
            actual: 'no-stream',
          });
          expect(await all(store.readStream(stream))).toEqual([]);
        } else {
          expect((await append).revision).toBe(outcome);
          expect(await all(store.readStream(stream))).toHaveLength(1);
        }
      });

      const presentCases: [ExpectedRevision, 'conflict' | bigint][] = [
        ['no-stream', 'conflict'],
        ['stream-exists', 3n],
        [2n, 3n],
        [0n, 'conflict'],
        [1n, 'conflict'],
        [3n, 'conflict'],
        [2n ** 53n + 1n, 'conflict'],
      ];
      it.each(presentCases)('a stream at 2 expected at %s: %s', async (expected, outcome) => {
        const stream = await present();
        const append = store.append(stream, expected, [newEvent()]);
        if (outcome === 'conflict') {
          await expect(append).rejects.toMatchObject({
            code: 'wrong-expected-revision',
            stream,
            expected,
            actual: 2n,
          });
          expect(await all(store.readStream(stream))).toHaveLength(3);
        } else {
          expect((await append).revision).toBe(outcome);
          expect(revisions(await all(store.readStream(stream)))).toEqual([0n, 1n, 2n, 3n]);
        }
      });

      it('no-stream succeeds once: the second time is a conflict', async () => {
        const stream = newStream();
        await store.append(stream, 'no-stream', [newEvent()]);
        await expect(store.append(stream, 'no-stream', [newEvent()])).rejects.toMatchObject({ actual: 0n });
      });

      it('of many writers at one revision exactly one wins, with all of its events', async () => {
        const stream = await present(1);
        const batches = Array.from({ length: 20 }, () => newEvents(2));
        const outcomes = await Promise.allSettled(batches.map((batch) => store.append(stream, 0n, batch)));
        const winners = batches.filter((_, index) => outcomes[index]!.status === 'fulfilled');
        expect(winners).toHaveLength(1);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected')
            expect(outcome.reason).toMatchObject({ code: 'wrong-expected-revision', actual: 2n });
        expect(ids(await all(store.readStream(stream, { from: 1n })))).toEqual(ids(winners[0]!));
      });
    });

    describe('append', () => {
      it('stores a batch whole, in order, each event at its own position', async () => {
        const start = await endOfLog(store);
        const stream = newStream();
        const batch = newEvents(5);
        const result = await store.append(stream, 'no-stream', batch);
        const stored = await all(store.readStream(stream));
        expect(ids(stored)).toEqual(ids(batch));
        expect(revisions(stored)).toEqual([0n, 1n, 2n, 3n, 4n]);
        expect(new Set(positions(stored)).size).toBe(5);
        expect(sorted(positions(stored))).toEqual(positions(stored));
        expect(stored[0]!.position > start).toBe(true);
        expect(result).toEqual({ revision: 4n, position: stored[4]!.position });
      });

      it('stores nothing of a refused batch, in the stream or in the log', async () => {
        const stream = await present();
        const start = await endOfLog(store);
        await expect(store.append(stream, 1n, newEvents(3))).rejects.toMatchObject({ actual: 2n });
        const broken = [newEvent(), newEvent(), newEvent({ type: '' })];
        await expect(store.append(stream, 2n, broken)).rejects.toMatchObject({ code: 'invalid-append' });
        expect(await all(store.readStream(stream))).toHaveLength(3);
        expect(await allAfter(store, start, new Set([stream]))).toEqual([]);
      });

      it('answers a repeated append as the first time and stores nothing, whatever followed', async () => {
        const stream = newStream();
        const [first, second] = [newEvents(2), newEvents(3)];
        const results = [await store.append(stream, 'no-stream', first), await store.append(stream, 1n, second)];
        await store.append(stream, 4n, newEvents(2));
        expect(await store.append(stream, 'no-stream', first)).toEqual(results[0]);
        expect(await store.append(stream, 1n, second)).toEqual(results[1]);
        expect(await all(store.readStream(stream))).toHaveLength(7);
      });

      it('recognises a repeat that was sent before the first was answered', async () => {
        const stream = newStream();
        const batch = newEvents(2);
        const answers = await Promise.all([1, 2, 3].map(() => store.append(stream, 'no-stream', batch)));
        expect(answers.map(({ revision }) => revision)).toEqual([1n, 1n, 1n]);
        expect(await all(store.readStream(stream))).toHaveLength(2);
      });

      it('refuses a batch of which only a part was stored before', async () => {
        const stream = newStream();
        const [a, b] = [newEvent(), newEvent()];
        await store.append(stream, 'no-stream', [a]);
        await expect(store.append(stream, 'no-stream', [a, b])).rejects.toMatchObject({ actual: 0n });
        await store.append(stream, 0n, [newEvent()]);
        await expect(store.append(stream, 'no-stream', [a, b])).rejects.toMatchObject({ actual: 1n });
        await expect(store.append(stream, 'no-stream', [b])).rejects.toMatchObject({ actual: 1n });
      });

      it('stores the same ids again at a newer revision and in another stream: an id is not a key', async () => {
        const stream = newStream();
        const event = newEvent();
        await store.append(stream, 'no-stream', [event]);
        expect((await store.append(stream, 0n, [event])).revision).toBe(1n);
        expect((await store.append(newStream(), 'no-stream', [event])).revision).toBe(0n);
        expect(ids(await all(store.readStream(stream)))).toEqual([event.id, event.id]);
      });

      it('an empty append checks the revision, stores nothing and answers with the head', async () => {
        const absent = newStream();
        expect(await store.append(absent, 'no-stream', [])).toEqual({ revision: -1n, position: undefined });
        await expect(store.append(absent, 'stream-exists', [])).rejects.toMatchObject({ actual: 'no-stream' });
        await expect(store.append(absent, 0n, [])).rejects.toMatchObject({ actual: 'no-stream' });
        expect((await store.append(absent, 'no-stream', [newEvent()])).revision).toBe(0n);

        const stream = newStream();
        const head = await store.append(stream, 'no-stream', newEvents(3));
        expect(await store.append(stream, 2n, [])).toEqual(head);
        expect(await store.append(stream, 'stream-exists', [])).toEqual(head);
        for (const expected of ['no-stream', 1n, 3n] as const)
          await expect(store.append(stream, expected, [])).rejects.toMatchObject({ expected, actual: 2n });
        expect(await all(store.readStream(stream))).toHaveLength(3);
      });

      it('takes thousands of small events at once', async () => {
        const stream = newStream();
        const batch = newEvents(5000);
        expect((await store.append(stream, 'no-stream', batch)).revision).toBe(4999n);
        expect(ids(await all(store.readStream(stream)))).toEqual(ids(batch));
      }, 30_000);

      it('takes exactly 1 MiB of data, in one event or in sum, and refuses one byte more', async () => {
        const half = Buffer.alloc(MAX_APPEND_DATA / 2, 0xff);
        const whole = randomBytes(MAX_APPEND_DATA);
        const stream = newStream();
        await store.append(stream, 'no-stream', [newEvent({ data: whole })]);
        await store.append(stream, 0n, [newEvent({ data: half }), newEvent({ data: half })]);
        const tooLarge = { code: 'append-too-large', part: 'data', size: MAX_APPEND_DATA + 1, limit: MAX_APPEND_DATA };
        const one = [newEvent({ data: Buffer.concat([whole, Buffer.of(0)]) })];
        await expect(store.append(stream, 2n, one)).rejects.toMatchObject(tooLarge);
        const three = [newEvent({ data: half }), newEvent({ data: half }), newEvent({ data: Buffer.of(0) })];
        await expect(store.append(stream, 2n, three)).rejects.toMatchObject(tooLarge);
        const stored = await all(store.readStream(stream));
        expect(stored.map(({ data }) => data.byteLength)).toEqual([whole.length, half.length, half.length]);
        expect(Buffer.compare(stored[0]!.data, whole)).toBe(0);
      }, 30_000);

      it('takes exactly 16 KiB of meta an event, however many, and refuses one byte more', async () => {
        const room = MAX_EVENT_META - canonicalBytes({ a: '' }).length;
        const meta = (size: number): Uint8Array => canonicalBytes({ a: 'x'.repeat(size) });
        const stream = newStream();
        await store.append(stream, 'no-stream', [newEvent({ meta: meta(room) }), newEvent({ meta: meta(room) })]);
        await expect(store.append(stream, 1n, [newEvent({ meta: meta(room + 1) })])).rejects.toMatchObject({
          code: 'append-too-large',
          part: 'meta',
          size: MAX_EVENT_META + 1,
        });
        expect((await all(store.readStream(stream))).map((event) => event.meta.byteLength)).toEqual([16384, 16384]);
      });

      const bytes = (text: string): Uint8Array => Buffer.from(text);
      it.each<[string, Partial<NewEvent>, string]>([
        ['an empty type', { type: '' }, 'events[0].type'],
        ['a system type', { type: '$>' }, 'events[0].type'],
        ['a type that is no Unicode text', { type: 'a\ud800' }, 'events[0].type'],
        ['an id that is no UUID', { id: 'one' }, 'events[0].id'],
        ['an upper-case id', { id: '7F3A9C00-0000-4000-8000-00000000000A' }, 'events[0].id'],
        ['meta that is no JSON', { meta: bytes('{') }, 'events[0].meta'],
        ['meta that is no UTF-8', { meta: Buffer.of(0x22, 0xff, 0x22) }, 'events[0].meta'],
        ['meta that is no object', { meta: bytes('["a"]') }, 'events[0].meta'],
        ['a number in meta', { meta: bytes('{"a":1}') }, 'events[0].meta'],
        ['a nested object in meta', { meta: bytes('{"a":{}}') }, 'events[0].meta'],
        ['meta that is not canonical', { meta: bytes('{"b":"","a":""}') }, 'events[0].meta'],
        ['a lone surrogate in meta', { meta: bytes('{"a":"\\ud800"}') }, 'events[0].meta'],
      ])('refuses %s', async (_, given, field) => {
        const stream = newStream();
        await expect(store.append(stream, 'no-stream', [newEvent(given)])).rejects.toMatchObject({
          code: 'invalid-append',
          field,
        });
        expect(await all(store.readStream(stream))).toEqual([]);
      });

      it.each(['', '$all', 'a\udc00'])('refuses the stream name %j', async (stream) => {
        await expect(store.append(stream, 'no-stream', [newEvent()])).rejects.toMatchObject({
          code: 'invalid-append',
          field: 'stream',
        });
      });
    });

    describe('what is read', () => {
      it('is what was written, byte for byte, after reopening too', async () => {
        const own = await harness.open();
        try {
          const stream = `${newStream()}-Zoë-日本-😀`;
          const batch = [
            newEvent({ data: Buffer.of(0, 0xff, 0xc3, 0x28, 0), type: 'not-json' }),
            newEvent({ data: Buffer.from('{"n":9007199254740993, "s":"é"}') }),
            newEvent({ data: Buffer.alloc(0) }),
            newEvent({
              metaValues: { 'ключ-😀': 'e\u0301 is not é, \u0000 \u2028 \\ "', empty: '', correlationId: 'c-1' },
            }),
          ];
          const before = await endOfLog(own.store);
          await own.store.append(stream, 'no-stream', batch);
          const flat = (events: readonly NewEvent[]) =>
            events.map(({ id, type, data, meta }) => ({ id, type, data: hex(data), meta: hex(meta) }));
          for (const open of [async () => own.store, () => own.reopen()]) {
            const reading = await open();
            const stored = await all(reading.readStream(stream));
            expect(flat(stored)).toEqual(flat(batch));
            expect(flat(await allAfter(reading, before, new Set([stream])))).toEqual(flat(batch));
            expect(stored.every((event) => event.stream === stream)).toBe(true);
          }
        } finally {
          await own.dispose();
        }
      });

      it('carries the leaf hash of what was written', async () => {
        const stream = newStream();
        const batch = newEvents(3);
        await store.append(stream, 'no-stream', batch);
        const leaves = (await all(store.readStream(stream))).map(({ leaf }) => hex(leaf));
        expect(leaves).toEqual(batch.map((event, n) => hex(leafHash({ ...event, stream, revision: BigInt(n) }))));
      });

      it('has revisions as bigint and positions as printable text that sorts in log order', async () => {
        const start = await endOfLog(store);
        const streams = await Promise.all([present(), present(), present()]);
        const events = await allAfter(store, start, new Set(streams));
        expect(events).toHaveLength(9);
        expect(events.every(({ revision }) => typeof revision === 'bigint')).toBe(true);
        expect(positions(events).every((position) => /^[\x21-\x7e]+$/.test(position))).toBe(true);
        expect(sorted(positions(events))).toEqual(positions(events));
      });

      if (harness.rawMutation)
        it.each(['update', 'delete'] as const)('cannot be changed through the store: %s is refused', async (kind) => {
          const stream = await present();
          const before = await all(store.readStream(stream));
          await expect(harness.rawMutation!(opened, kind, before[1]!)).rejects.toThrow();
          expect(await all(store.readStream(stream))).toEqual(before);
        });

      if (harness.tamper)
        it('is never an event that was changed behind the back of the store: that is an error naming it', async () => {
          const own = await harness.open();
          try {
            const stream = newStream();
            const secret = 'a name nobody may see';
            const start = await endOfLog(own.store);
            await own.store.append(stream, 'no-stream', [
              newEvent(),
              newEvent({ data: Buffer.from(secret) }),
              newEvent(),
            ]);
            const event = (await all(own.store.readStream(stream)))[1]!;
            await harness.tamper!(own, event);
            const tampered = { code: 'event-tampered', stream, revision: 1n, eventId: event.id };
            for (const reading of [
              () => all(own.store.readStream(stream)),
              () => all(own.store.readStream(stream, { backwards: true })),
              () => allAfter(own.store, start, new Set([stream])),
              () => history(own.store, start, new Set([stream])),
            ]) {
              const error: unknown = await reading().catch((reason: unknown) => reason);
              expect(error).toMatchObject(tampered);
              expect(String(error)).not.toContain(secret);
            }
            expect(await all(own.store.readStream(stream, { limit: 1 }))).toHaveLength(1);
          } finally {
            await own.dispose();
          }
        });
    });

    describe('readStream', () => {
      let stream: string;
      beforeAll(async () => {
        stream = await present(5);
      });

      it.each<[string, Parameters<EventStore['readStream']>[1], bigint[]]>([
        ['everything, forwards', undefined, [0n, 1n, 2n, 3n, 4n]],
        ['everything, backwards', { backwards: true }, [4n, 3n, 2n, 1n, 0n]],
        ['from (inclusive) forwards', { from: 3n }, [3n, 4n]],
        ['from the head', { from: 4n }, [4n]],
        ['past the head: nothing', { from: 5n }, []],
        ['far past the head: nothing', { from: 2n ** 53n + 1n }, []],
        ['from (inclusive) backwards', { from: 2n, backwards: true }, [2n, 1n, 0n]],
        ['from 0 backwards', { from: 0n, backwards: true }, [0n]],
        ['past the head backwards: from the head', { from: 9n, backwards: true }, [4n, 3n, 2n, 1n, 0n]],
        ['limit forwards', { limit: 2 }, [0n, 1n]],
        ['limit and from', { from: 1n, limit: 2 }, [1n, 2n]],
        ['limit backwards: the last ones', { backwards: true, limit: 2 }, [4n, 3n]],
        ['limit, from and backwards', { from: 2n, backwards: true, limit: 2 }, [2n, 1n]],
        ['a limit beyond the end', { from: 3n, limit: 100 }, [3n, 4n]],
      ])('%s', async (_, options, expected) => {
        expect(revisions(await all(store.readStream(stream, options)))).toEqual(expected);
      });

      it('an absent stream is empty, in both directions', async () => {
        expect(await all(store.readStream(newStream()))).toEqual([]);
        expect(await all(store.readStream(newStream(), { backwards: true, limit: 1 }))).toEqual([]);
      });

      it('knows only the stream of exactly that name', async () => {
        const twin = stream.toUpperCase();
        expect(await all(store.readStream(twin))).toEqual([]);
        expect((await store.append(twin, 'no-stream', [newEvent()])).revision).toBe(0n);
        expect(await all(store.readStream(stream))).toHaveLength(5);
      });

      it('may be left half read, and read again', async () => {
        for await (const event of store.readStream(stream)) if (event.revision === 1n) break;
        expect(await all(store.readStream(stream))).toHaveLength(5);
        expect((await store.append(newStream(), 'no-stream', [newEvent()])).revision).toBe(0n);
      });
    });

    describe('a read that means nothing', () => {
      const firstOf = (after: Position) =>
        store.subscribe({ after, signal: new AbortController().signal })[Symbol.asyncIterator]().next();

      it.each([0, -1, 0.5, 1.5, NaN, -Infinity, 2 ** 53])('is refused: limit %d', async (limit) => {
        const refused = { name: 'InvalidRead', code: 'invalid-read', field: 'limit' };
        await expect(all(store.readStream(await present(), { limit }))).rejects.toMatchObject(refused);
        await expect(all(store.readStream(newStream(), { limit }))).rejects.toMatchObject(refused);
        await expect(store.readAll({ limit })).rejects.toMatchObject(refused);
      });

      it.each([false, true])('is refused: a negative revision, backwards %s', async (backwards) => {
        const refused = { code: 'invalid-read', field: 'from' };
        for (const stream of [await present(), newStream()])
          await expect(all(store.readStream(stream, { from: -1n, backwards }))).rejects.toMatchObject(refused);
      });

      it.each([
        '',
        '17',
        'abc',
        '0x000000000000000001',
        '-0000000000000000001',
        '000000000000000000001',
        '9'.repeat(20),
      ])('is refused: after %j, which has not the form of a position', async (text) => {
        const after = text as Position;
        const refused = { code: 'invalid-read', field: 'after' };
        await expect(store.readAll({ after, limit: 1 })).rejects.toMatchObject(refused);
        await expect(firstOf(after)).rejects.toMatchObject(refused);
      });

      it('is refused: after a position before the first event', async () => {
        await present();
        const after = '0'.repeat(20) as Position;
        const refused = { code: 'invalid-read', field: 'after' };
        await expect(store.readAll({ after, limit: 1 })).rejects.toMatchObject(refused);
        await expect(firstOf(after)).rejects.toMatchObject(refused);
      });

      it('is never taken for the end of the log: after a position beyond it', async () => {
        const after = String(2n ** 63n - 1n).padStart(20, '0') as Position;
        const refused = { code: expect.stringMatching(/^(invalid-read|store-unavailable)$/) as string };
        await expect(store.readAll({ after, limit: 1 })).rejects.toMatchObject(refused);
        await expect(firstOf(after)).rejects.toMatchObject(refused);
      });

      it('takes Infinity for no limit', async () => {
        expect(await all(store.readStream(await present(), { limit: Infinity }))).toHaveLength(3);
        const after = await endOfLog(store);
        await present();
        expect((await store.readAll({ after, limit: Infinity })).length).toBeGreaterThanOrEqual(3);
      });
    });

    describe('readAll and subscribe', () => {
      it('resume after every stored position: exclusive, nothing lost, nothing twice', async () => {
        const start = await endOfLog(store);
        const mine = new Set([newStream(), newStream(), newStream()]);
        for (const count of [1, 3, 2]) {
          for (const stream of mine)
            await store.append(stream, count === 1 ? 'no-stream' : 'stream-exists', newEvents(count));
        }
        const log = await allAfter(store, start, mine);
        expect(log).toHaveLength(18);
        for (const [index, { position }] of log.entries()) {
          const rest = ids(log.slice(index + 1));
          expect(ids(await allAfter(store, position, mine))).toEqual(rest);
          expect(ids((await history(store, position, mine)).events)).toEqual(rest);
        }
      }, 30_000);

      it('resume after reopening', async () => {
        const own = await harness.open();
        try {
          const stream = newStream();
          const start = await endOfLog(own.store);
          await own.store.append(stream, 'no-stream', newEvents(4));
          const log = await allAfter(own.store, start, new Set([stream]));
          const again = await own.reopen();
          expect(ids(await allAfter(again, log[1]!.position, new Set([stream])))).toEqual(ids(log.slice(2)));
          expect((await again.append(stream, 3n, [newEvent()])).position! > log[3]!.position).toBe(true);
        } finally {
          await own.dispose();
        }
      });

      it('readAll gives at most `limit` events', async () => {
        const start = await endOfLog(store);
        await present(5);
        const page = await store.readAll({ after: start, limit: 3 });
        expect(page).toHaveLength(3);
        expect(sorted(positions(page))).toEqual(positions(page));
      });

      it('readAll after the end gives nothing', async () => {
        const stream = newStream();
        const { position } = await store.append(stream, 'no-stream', [newEvent()]);
        expect(await allAfter(store, position!, new Set([stream]))).toEqual([]);
      });

      it('a caught-up mark follows the last historical event, and live events follow the mark', async () => {
        const start = await endOfLog(store);
        const stream = newStream();
        const stored = await store.append(stream, 'no-stream', newEvents(3));
        const abort = new AbortController();
        const seen: string[] = [];
        for await (const item of store.subscribe({ after: start, signal: abort.signal })) {
          if (isCaughtUp(item)) {
            seen.push('caught up');
            expect(item.caughtUp! >= stored.position!).toBe(true);
            await store.append(stream, 2n, newEvents(2));
          } else if (item.stream === stream) {
            seen.push(item.revision.toString());
            if (item.revision === 4n) abort.abort();
          }
        }
        expect(seen).toEqual(['0', '1', '2', 'caught up', '3', '4']);
      });

      it('catching up with nothing to catch up on gives the mark at once', async () => {
        const { position } = await store.append(newStream(), 'no-stream', [newEvent()]);
        const { events, mark } = await history(store, position!, new Set());
        expect(events).toEqual([]);
        expect(mark! >= position!).toBe(true);
      });

      it('a waiting subscription is woken by an append', async () => {
        const start = await endOfLog(store);
        const stream = newStream();
        const abort = new AbortController();
        const seen: string[] = [];
        for await (const item of store.subscribe({ after: start, signal: abort.signal })) {
          if (isCaughtUp(item)) setTimeout(() => void store.append(stream, 'no-stream', [newEvent()]), 50);
          else if (item.stream === stream) {
            seen.push(item.id);
            abort.abort();
          }
        }
        expect(seen).toEqual(ids(await all(store.readStream(stream))));
        expect(seen).toHaveLength(1);
      });

      it('abort ends a waiting subscription normally, and a new one works', async () => {
        const { position } = await store.append(newStream(), 'no-stream', [newEvent()]);
        for await (const item of store.subscribe({ after: position, signal: AbortSignal.abort() }))
          throw new Error(`yielded ${Object.keys(item).join()} after abort`);
        for (const _ of [1, 2]) {
          const abort = new AbortController();
          let marks = 0;
          for await (const item of store.subscribe({ after: position, signal: abort.signal })) {
            if (!isCaughtUp(item)) continue;
            marks += 1;
            setTimeout(() => abort.abort(), 50);
          }
          expect(marks).toBe(1);
        }
      });

      it.each([1n, 4n])('abort while event %s of 0 to 4 is being handled yields nothing more', async (end) => {
        const start = await endOfLog(store);
        const stream = await present(5);
        const abort = new AbortController();
        const seen: (bigint | 'caught up')[] = [];
        for await (const item of store.subscribe({ after: start, signal: abort.signal })) {
          if (isCaughtUp(item)) seen.push('caught up');
          else if (item.stream === stream) seen.push(item.revision);
          if (seen.at(-1) === end) abort.abort();
        }
        expect(seen).toEqual([0n, 1n, 2n, 3n, 4n].slice(0, Number(end) + 1));
      });

      it('many writers on many streams: a live reader sees every event once, in log order, without a gap', async () => {
        const start = await endOfLog(store);
        const streams = Array.from({ length: 12 }, newStream);
        const mine = new Set(streams);
        const total = streams.length * 20 * 2;
        const abort = new AbortController();
        const seen: RecordedEvent[] = [];
        const reader = (async () => {
          for await (const item of store.subscribe({ after: start, signal: abort.signal })) {
            if (isCaughtUp(item) || !mine.has(item.stream)) continue;
            seen.push(item);
            if (seen.length === total) setTimeout(() => abort.abort(), 100); // time for an event too many
          }
        })();
        const writer = async (stream: string): Promise<string[]> => {
          const written: string[] = [];
          for (let n = 0; n < 20; n++) {
            const batch = newEvents(2);
            await store.append(stream, n === 0 ? 'no-stream' : BigInt(n * 2 - 1), batch);
            written.push(...ids(batch));
          }
          return written;
        };
        const written = await Promise.all(streams.map(writer));
        await reader;
        expect(sorted(ids(seen))).toEqual(sorted(written.flat()));
        expect(sorted(positions(seen))).toEqual(positions(seen));
        expect(new Set(positions(seen)).size).toBe(total);
        for (const [index, stream] of streams.entries())
          expect(ids(seen.filter((event) => event.stream === stream))).toEqual(written[index]);
        expect(ids(await allAfter(store, start, mine))).toEqual(ids(seen));
      }, 30_000);
    });
  });
};
