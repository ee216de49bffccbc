import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import * as Shared from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import * as Pb from '@eventstore/db-client/generated/streams_pb';
import * as grpc from '@grpc/grpc-js';
import type { Message } from 'google-protobuf';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

/**
 * An EventStoreDB in memory, behind the client's own gRPC stubs, on loopback. It answers as EventStoreDB 23.10.6 does:
 * `test/stores/eventstoredb.spec.ts` runs one table against both. It shows that the adapter survives lost connections
 * and answers; it shows nothing about disks, clusters, access rights or speed.
 */
export interface EventStoreDbDouble {
  readonly url: string;
  /** What is stored, in log order, system events included. */
  readonly log: readonly StoredEvent[];
  readonly connections: number;
  readonly subscriptions: number;
  /** Breaks every connection, as a crash of the server or of the network would. */
  cut(): void;
  /** Ends every subscription with status OK. */
  endSubscriptions(): void;
  /** Breaks every connection and refuses new ones until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** Answers every read and append with this status from now on; with none, as before. */
  deny(status?: Partial<grpc.StatusObject>): void;
  /** Back on the same port with the same log. */
  restart(): Promise<void>;
  /** The next append that would be stored is stored, then the connections break in place of the answer. */
  loseNextAnswer(): void;
  /** The next append meets a broken connection and is not stored. */
  loseNextAppend(): void;
  /** Damages the index: the event is no longer found in its stream. */
  hide(stream: string, revision: bigint): void;
  stop(): Promise<void>;
}

export interface StoredEvent extends Proposal {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly created: bigint;
}

interface Proposal {
  readonly id: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly custom: Uint8Array;
  readonly data: Uint8Array;
}

type Expected = 'any' | 'no-stream' | 'stream-exists' | bigint;
type Outcome =
  | { readonly kind: 'stored'; readonly revision: bigint; readonly position: bigint }
  | { readonly kind: 'wrong'; readonly expected: Expected; readonly current: bigint | undefined }
  | { readonly kind: 'too-large' | 'bad-request' | 'deleted' };

const MAX_APPEND_SIZE = 1024 * 1024;
const MAX_REVISION = 2n ** 63n - 1n;

/** The rules of the log, without the wire. */
class MemoryLog {
  readonly events: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly deleted = new Set<string>();
  private recent = new WeakSet<StoredEvent>();
  private end = 548n;

  constructor() {
    this.store('$$$scavenges', [systemEvent('$metadata')]);
  }

  /** Without an exact expectation the server knows an id again only if it was stored since its start. */
  restart(): void {
    this.recent = new WeakSet();
  }

  stream(name: string): readonly StoredEvent[] {
    return this.streams.get(name) ?? [];
  }

  hide(name: string, revision: bigint): void {
    const stream = this.streams.get(name) ?? [];
    stream.splice(
      stream.findIndex((event) => event.revision === revision),
      1,
    );
  }

  isDeleted(name: string): boolean {
    return this.deleted.has(name);
  }

  /** A position that is not the start of a record cannot be read from; one beyond the last record can. */
  isReadable(position: bigint): boolean {
    return (
      position === 0n ||
      position > this.events.at(-1)!.position ||
      this.events.some((event) => event.position === position)
    );
  }

  append(name: string, expected: Expected, proposals: readonly Proposal[]): Outcome {
    const nameless = name === '' || proposals.some(({ metadata }) => !metadata.get('type'));
    if (nameless || (typeof expected === 'bigint' && expected > MAX_REVISION)) return { kind: 'bad-request' };
    if (proposals.reduce((sum, { data }) => sum + data.length, 0) > MAX_APPEND_SIZE) return { kind: 'too-large' };
    if (this.deleted.has(name)) return { kind: 'deleted' };
    const stream = this.stream(name);
    const head = BigInt(stream.length) - 1n;
    const wrong: Outcome = { kind: 'wrong', expected, current: head < 0n ? undefined : head };
    const repeated = this.repeated(stream, expected, proposals);
    if (repeated) return { kind: 'stored', revision: repeated.revision, position: repeated.position };
    if (expected === 'stream-exists' ? head < 0n : expected !== 'any' && toRevision(expected) !== head) return wrong;
    if (proposals.length > 0) return { kind: 'stored', ...this.store(name, proposals) };
    // Takes room in the log, though no event comes of it; an absent stream stays absent and is said to be at 0.
    const position = this.end;
    this.end += 128n;
    return { kind: 'stored', revision: head < 0n ? 0n : head, position };
  }

  /** The last event that an earlier append of these ids stored; a prefix of that append is a repetition too. */
  private repeated(
    stream: readonly StoredEvent[],
    expected: Expected,
    proposals: readonly Proposal[],
  ): StoredEvent | undefined {
    if (proposals.length === 0) return undefined;
    const first =
      expected === 'any' || expected === 'stream-exists'
        ? stream.findIndex((event) => event.id === proposals[0]!.id && this.recent.has(event))
        : Number(toRevision(expected)) + 1;
    if (first < 0) return undefined;
    const same = proposals.every(({ id }, index) => stream[first + index]?.id === id);
    return same ? stream[first + proposals.length - 1] : undefined;
  }

  tombstone(name: string): bigint {
    this.deleted.add(name);
    return this.store(name, [systemEvent('$streamDeleted')], MAX_REVISION).position;
  }

  private store(name: string, proposals: readonly Proposal[], at?: bigint): StoredEvent {
    const stream = this.streams.get(name) ?? [];
    this.streams.set(name, stream);
    const created = BigInt(Date.now()) * 10_000n;
    for (const proposal of proposals) {
      const event = { ...proposal, stream: name, revision: at ?? BigInt(stream.length), position: this.end, created };
      this.end += BigInt(140 + proposal.data.length + proposal.custom.length);
      stream.push(event);
      this.recent.add(event);
      this.events.push(event);
    }
    return this.events.at(-1)!;
  }
}

const toRevision = (expected: 'no-stream' | bigint): bigint => (expected === 'no-stream' ? -1n : expected);

const systemEvent = (type: string): Proposal => ({
  id: '00000000-0000-4000-8000-000000000000',
  metadata: new Map([
    ['type', type],
    ['content-type', 'application/json'],
  ]),
  custom: new Uint8Array(),
  data: Buffer.from('{}'),
});

type ReadCall = grpc.ServerWritableStream<Pb.ReadReq, Pb.ReadResp>;
interface Subscriber {
  readonly call: ReadCall;
  readonly push: () => void;
}

export const startEventStoreDbDouble = async (): Promise<EventStoreDbDouble> => {
  const log = new MemoryLog();
  const subscribers = new Set<Subscriber>();
  const sockets = new Set<Socket>();
  let lose: 'append' | 'answer' | undefined;
  let denied: Partial<grpc.StatusObject> | undefined;

  const cut = (): void => sockets.forEach((socket) => socket.destroy());

  /** Undefined when the connection broke: the caller is left without an answer. */
  const append = (name: string, expected: Expected, proposals: readonly Proposal[]): Outcome | undefined => {
    const fault = lose;
    if (fault === 'append') {
      lose = undefined;
      cut();
      return undefined;
    }
    const outcome = log.append(name, expected, proposals);
    for (const { push } of subscribers) push();
    if (fault !== 'answer' || outcome.kind !== 'stored') return outcome;
    lose = undefined;
    cut();
    return undefined;
  };

  const server = new grpc.Server();
  server.addService(StreamsService, {
    append(
      call: grpc.ServerReadableStream<Pb.AppendReq, Pb.AppendResp>,
      answer: grpc.sendUnaryData<Pb.AppendResp>,
    ): void {
      let options = new Pb.AppendReq.Options();
      const proposals: Proposal[] = [];
      call.on('error', ignore);
      call.on('data', (request: Pb.AppendReq) => {
        options = request.getOptions() ?? options;
        if (request.hasProposedMessage()) proposals.push(toProposal(request.getProposedMessage()!));
      });
      call.on('end', () => {
        if (denied) return answer(denied);
        const name = toName(options.getStreamIdentifier());
        const outcome = append(name, toExpected(options, options.getRevision()), proposals);
        if (outcome) answerAppend(name, outcome, answer);
      });
    },

    batchAppend(call: grpc.ServerDuplexStream<Pb.BatchAppendReq, Pb.BatchAppendResp>) {
      const open = new Map<string, { options: Pb.BatchAppendReq.Options; proposals: Proposal[] }>();
      call.on('error', ignore);
      call.on('data', (request: Pb.BatchAppendReq) => {
        const id = request.getCorrelationId()!.getString();
        const { options, proposals } = open.get(id) ?? { options: request.getOptions()!, proposals: [] };
        open.set(id, { options, proposals });
        proposals.push(...request.getProposedMessagesList().map(toProposal));
        if (!request.getIsFinal()) return;
        open.delete(id);
        const name = toName(options.getStreamIdentifier());
        const outcome = append(name, toExpected(options, options.getStreamPosition()), proposals);
        if (!outcome) return;
        const response = toBatchResponse(outcome);
        response.setCorrelationId(request.getCorrelationId()).setStreamIdentifier(options.getStreamIdentifier());
        call.write(response);
      });
      call.on('end', () => call.end());
    },

    read(call: ReadCall) {
      call.on('error', ignore);
      if (denied) return void call.emit('error', denied);
      const options = call.request.getOptions()!;
      if (options.hasSubscription()) subscribe(call, options);
      else read(call, options);
    },

    tombstone(
      call: grpc.ServerUnaryCall<Pb.TombstoneReq, Pb.TombstoneResp>,
      answer: grpc.sendUnaryData<Pb.TombstoneResp>,
    ) {
      const position = log.tombstone(toName(call.request.getOptions()?.getStreamIdentifier())).toString();
      const where = new Pb.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position);
      answer(null, new Pb.TombstoneResp().setPosition(where));
    },

    delete: (_call: unknown, answer: grpc.sendUnaryData<Pb.DeleteResp>) => answer({ code: grpc.status.UNIMPLEMENTED }),
  });
  server.addService(ServerFeaturesService, {
    getSupportedMethods(_call: unknown, answer: grpc.sendUnaryData<SupportedMethods>) {
      const methods = ['append', 'batchappend', 'read', 'tombstone'].map((name) =>
        new SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
      );
      answer(null, new SupportedMethods().setEventStoreServerVersion('23.10.6').setMethodsList(methods));
    },
  });

  const read = (call: ReadCall, options: Pb.ReadReq.Options): void => {
    const backwards = options.getReadDirection() === Pb.ReadReq.Options.ReadDirection.BACKWARDS;
    const count = Number(options.getCount());
    const send = (events: readonly StoredEvent[]): void => {
      for (const event of events.slice(0, count)) call.write(toReadResponse(event));
      call.end();
    };
    if (options.hasStream()) {
      const from = options.getStream()!;
      const name = toName(from.getStreamIdentifier());
      if (count === 0 || (from.hasEnd() && !backwards)) return fail(call, 'Unexpected ReadStreamResult: Error');
      if (log.isDeleted(name)) return fail(call, `Event stream '${name}' is deleted.`, deletedTrailer(name));
      const stream = log.stream(name);
      if (stream.length === 0) {
        call.write(new Pb.ReadResp().setStreamNotFound(notFound(from)));
        return void call.end();
      }
      const at = from.hasEnd() ? MAX_REVISION : from.hasStart() ? 0n : BigInt(from.getRevision());
      return send(
        backwards ? stream.filter(({ revision }) => revision <= at).reverse() : stream.filter((e) => e.revision >= at),
      );
    }
    if (count === 0) return; // the real server never answers
    const from = options.getAll()!;
    const at = from.hasStart() ? 0n : from.hasEnd() ? MAX_REVISION : BigInt(from.getPosition()!.getCommitPosition());
    if (!log.isReadable(at)) return fail(call, 'Unexpected ReadAllResult: Error');
    // Backwards from a position means before it.
    send(
      backwards
        ? log.events.filter(({ position }) => position < at).reverse()
        : log.events.filter(({ position }) => position >= at),
    );
  };

  const subscribe = (call: ReadCall, options: Pb.ReadReq.Options): void => {
    const all = options.getAll();
    const name = toName(options.getStream()?.getStreamIdentifier());
    const source = (): readonly StoredEvent[] => (all ? log.events : log.stream(name));
    const after = startOf(options);
    if (all && after >= 0n && !log.isReadable(after)) return fail(call, 'Exception was thrown by handler.');
    const matches = toFilter(options.getFilter());
    let next = 0;
    const push = (): void => {
      const events = source();
      for (; next < events.length; next += 1) if (matches(events[next]!)) call.write(toReadResponse(events[next]!));
    };
    call.write(
      new Pb.ReadResp().setConfirmation(new Pb.ReadResp.SubscriptionConfirmation().setSubscriptionId('double')),
    );
    const events = source();
    const skip = events.findIndex((event) => (all ? event.position : event.revision) > after);
    next = skip < 0 ? events.length : skip;
    push();
    if (all || events.length > 0) call.write(new Pb.ReadResp().setCaughtUp(new Pb.ReadResp.CaughtUp()));
    const subscriber = { call, push };
    subscribers.add(subscriber);
    call.on('cancelled', () => subscribers.delete(subscriber));
    call.on('close', () => subscribers.delete(subscriber));
  };

  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  let listener: TcpServer;
  const listen = async (port: number): Promise<number> => {
    listener = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', ignore);
      injector.injectConnection(socket);
    });
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return (listener.address() as AddressInfo).port;
  };
  const refuse = async (): Promise<void> => {
    if (!listener.listening) return;
    listener.close();
    cut();
    await once(listener, 'close');
  };
  const port = await listen(0);
  const accept = async (): Promise<void> => void (await listen(port));

  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    log: log.events,
    get connections() {
      return sockets.size;
    },
    get subscriptions() {
      return subscribers.size;
    },
    cut,
    endSubscriptions: () => {
      const ended = [...subscribers];
      subscribers.clear(); // an event written after the end would take the place of the status
      for (const { call } of ended) call.end();
    },
    refuse,
    accept,
    deny: (status) => void (denied = status),
    restart: async () => {
      log.restart();
      await refuse();
      await accept();
    },
    loseNextAnswer: () => void (lose = 'answer'),
    loseNextAppend: () => void (lose = 'append'),
    hide: (stream, revision) => log.hide(stream, revision),
    stop: async () => {
      await refuse();
      server.forceShutdown();
    },
  };
};

const ignore = (): void => undefined;

const toName = (identifier: Shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

const toProposal = (message: Pb.AppendReq.ProposedMessage | Pb.BatchAppendReq.ProposedMessage): Proposal => ({
  id: message.getId()!.getString(),
  metadata: new Map(message.getMetadataMap().getEntryList()),
  custom: message.getCustomMetadata_asU8(),
  data: message.getData_asU8(),
});

const toExpected = (options: Pb.AppendReq.Options | Pb.BatchAppendReq.Options, revision: string): Expected =>
  options.hasAny()
    ? 'any'
    : options.hasNoStream()
      ? 'no-stream'
      : options.hasStreamExists()
        ? 'stream-exists'
        : BigInt(revision) === 2n ** 64n - 1n
          ? 'no-stream'
          : BigInt(revision);

/** Exclusive: of the stream a revision, of $all a position; -1 for the start. */
const startOf = (options: Pb.ReadReq.Options): bigint => {
  const from = options.getAll() ?? options.getStream()!;
  if (from.hasStart()) return -1n;
  if (from.hasEnd()) return MAX_REVISION;
  return BigInt('getPosition' in from ? from.getPosition()!.getCommitPosition() : from.getRevision());
};

const toFilter = (filter: Pb.ReadReq.Options.FilterOptions | undefined): ((event: StoredEvent) => boolean) => {
  const expression = filter?.getEventType() ?? filter?.getStreamIdentifier();
  if (!expression) return () => true;
  const regex = new RegExp(expression.getRegex());
  const prefixes = expression.getPrefixList();
  return ({ stream, metadata }) => {
    const subject = filter?.hasEventType() ? (metadata.get('type') ?? '') : stream;
    return prefixes.length > 0 ? prefixes.some((prefix) => subject.startsWith(prefix)) : regex.test(subject);
  };
};

const toReadResponse = (event: StoredEvent): Pb.ReadResp => {
  const record = new Pb.ReadResp.ReadEvent.RecordedEvent()
    .setId(new Shared.UUID().setString(event.id))
    .setStreamIdentifier(new Shared.StreamIdentifier().setStreamName(Buffer.from(event.stream)))
    .setStreamRevision(event.revision.toString())
    .setCommitPosition(event.position.toString())
    .setPreparePosition(event.position.toString())
    .setData(event.data)
    .setCustomMetadata(event.custom);
  for (const [key, value] of event.metadata) record.getMetadataMap().set(key, value);
  record.getMetadataMap().set('created', event.created.toString());
  return new Pb.ReadResp().setEvent(
    new Pb.ReadResp.ReadEvent().setEvent(record).setCommitPosition(event.position.toString()),
  );
};

const notFound = (from: Pb.ReadReq.Options.StreamOptions): Pb.ReadResp.StreamNotFound =>
  new Pb.ReadResp.StreamNotFound().setStreamIdentifier(from.getStreamIdentifier());

const trailer = (fields: Readonly<Record<string, string>>): grpc.Metadata => {
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries(fields)) metadata.set(key, value);
  return metadata;
};
const deletedTrailer = (name: string): grpc.Metadata => trailer({ exception: 'stream-deleted', 'stream-name': name });

const fail = (call: ReadCall, details: string, metadata?: grpc.Metadata): void => {
  const code = metadata ? grpc.status.FAILED_PRECONDITION : grpc.status.UNKNOWN;
  call.emit('error', { code, details, ...(metadata && { metadata }) });
};

const answerAppend = (name: string, outcome: Outcome, answer: grpc.sendUnaryData<Pb.AppendResp>): void => {
  const response = new Pb.AppendResp();
  switch (outcome.kind) {
    case 'stored': {
      const position = outcome.position.toString();
      return answer(
        null,
        response.setSuccess(
          new Pb.AppendResp.Success()
            .setCurrentRevision(outcome.revision.toString())
            .setPosition(new Pb.AppendResp.Position().setCommitPosition(position).setPreparePosition(position)),
        ),
      );
    }
    case 'wrong': {
      const wrong = new Pb.AppendResp.WrongExpectedVersion();
      if (outcome.current === undefined) wrong.setCurrentNoStream(new Shared.Empty());
      else wrong.setCurrentRevision(outcome.current.toString());
      if (outcome.expected === 'no-stream') wrong.setExpectedNoStream(new Shared.Empty());
      else if (outcome.expected === 'stream-exists') wrong.setExpectedStreamExists(new Shared.Empty());
      else wrong.setExpectedRevision(outcome.expected.toString());
      return answer(null, response.setWrongExpectedVersion(wrong));
    }
    case 'too-large':
      return answer({
        code: grpc.status.INVALID_ARGUMENT,
        details: `Maximum Append Size of ${MAX_APPEND_SIZE} Exceeded.`,
        metadata: trailer({
          exception: 'maximum-append-size-exceeded',
          'maximum-append-size': String(MAX_APPEND_SIZE),
        }),
      });
    case 'deleted':
      return answer({
        code: grpc.status.FAILED_PRECONDITION,
        details: `Event stream '${name}' is deleted.`,
        metadata: deletedTrailer(name),
      });
    case 'bad-request':
      return answer({ code: grpc.status.UNKNOWN, details: 'Exception was thrown by handler.' });
  }
};

const toBatchResponse = (outcome: Outcome): Pb.BatchAppendResp => {
  const response = new Pb.BatchAppendResp();
  const refuse = (message: string, details: Message): Pb.BatchAppendResp => {
    const any = new Any();
    any.pack(details.serializeBinary(), `event_store.client.${message}`);
    return response.setError(new Status().setMessage(message).setDetails(any));
  };
  switch (outcome.kind) {
    case 'stored': {
      const position = outcome.position.toString();
      return response.setSuccess(
        new Pb.BatchAppendResp.Success()
          .setCurrentRevision(outcome.revision.toString())
          .setPosition(new Shared.AllStreamPosition().setCommitPosition(position).setPreparePosition(position)),
      );
    }
    case 'wrong': {
      const wrong = new Shared.WrongExpectedVersion();
      if (outcome.current === undefined) wrong.setCurrentNoStream(new Empty());
      else wrong.setCurrentStreamRevision(outcome.current.toString());
      if (outcome.expected === 'no-stream') wrong.setExpectedNoStream(new Empty());
      else if (outcome.expected === 'stream-exists') wrong.setExpectedStreamExists(new Empty());
      else wrong.setExpectedStreamPosition(outcome.expected.toString());
      return refuse('WrongExpectedVersion', wrong);
    }
    case 'too-large':
      return refuse(
        'MaximumAppendSizeExceeded',
        new Shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_SIZE),
      );
    case 'deleted':
      return refuse('StreamDeleted', new Shared.StreamDeleted());
    case 'bad-request':
      return refuse('BadRequest', new Shared.BadRequest().setMessage('bad request'));
  }
};
