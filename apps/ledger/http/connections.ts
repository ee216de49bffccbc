import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** RFC 6455: the server is going away. A client of GraphQL comes back by itself, which after a `complete` it would not. */
const GOING_AWAY = 1001;

interface WebSockets {
  readonly clients: Iterable<{ close(code: number): void }>;
  on(event: 'connection', opened: (socket: unknown, request: IncomingMessage) => void): unknown;
}

/** Everybody who is connected, and how they are let go. */
export class Connections {
  private readonly sockets = new Set<Socket>();
  private webSockets: WebSockets | undefined;
  private ending = false;

  /** `onWebSocket` hears of each one that is opened, with the request that asked for it. */
  constructor(fastify: FastifyInstance, onWebSocket: (request: IncomingMessage) => void) {
    fastify.server.on('connection', (socket) => this.track(socket));
    // Where a name stands for several addresses, Fastify listens on the others by servers of its own.
    fastify.addHook('onRequest', ({ raw }, _, done) => {
      this.track(raw.socket);
      done();
    });
    const found = (server: WebSockets): void => {
      if (server === this.webSockets) return;
      this.webSockets = server;
      server.on('connection', (_, request) => onWebSocket(request));
    };
    fastify.addHook('onRoute', function () {
      // Mercurius keeps it to its own part of the server.
      if ('websocketServer' in this) found(this.websocketServer as WebSockets);
    });
    fastify.addHook('onSend', (_, reply, payload, done) => {
      if (this.ending) void reply.header('connection', 'close');
      done(null, payload);
    });
    // A WebSocket that is refused leaves a connection that nobody listens to any more.
    fastify.addHook('onResponse', ({ raw }, _, done) => {
      if (raw.headers.upgrade !== undefined) raw.socket.destroySoon();
      done();
    });
  }

  /**
   * Nobody new is let in, subscriptions are ended and requests in flight answered. `close` closes the server. After
   * `seconds` whoever is left is cut off; then the answer is false.
   */
  async end(close: () => Promise<void>, seconds: number): Promise<boolean> {
    this.ending = true;
    for (const socket of this.webSockets?.clients ?? []) socket.close(GOING_AWAY);
    const closed = close().then(() => true);
    const inTime = await Promise.race([closed, sleep(seconds * 1000, false, { ref: false })]);
    if (!inTime) for (const socket of this.sockets) socket.destroy();
    await closed;
    return inTime;
  }

  private track(socket: Socket): void {
    if (this.sockets.has(socket) || !(socket instanceof Socket)) return; // what is injected has none
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}
