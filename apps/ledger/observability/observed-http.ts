import type { IncomingMessage } from 'node:http';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { activity, beginActivity, endActivity, now } from './activity';
import type { Observation, RequestEnd } from './observation';

const CORRELATION_HEADER = 'x-correlation-id';

/** Begins an activity with each request and tells it when it is over. */
export class ObservedHttp {
  private readonly webSockets = new WeakSet<IncomingMessage>();

  constructor(private readonly observation: Observation) {}

  observe(adapter: FastifyAdapter): void {
    // Before all other hooks, some of which answer by themselves.
    adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      const { raw, id } = request;
      void reply.header(CORRELATION_HEADER, id);
      if (raw.headers.upgrade !== undefined)
        raw.socket.once('close', () => this.end(request, this.webSockets.has(raw) ? 101 : 'refused'));
      activity.run(beginActivity(raw, id), done);
    });
    const fastify = adapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, { statusCode }, done) => {
      this.end(request, statusCode);
      done();
    });
    fastify.addHook('onRequestAbort', (request, done) => {
      this.end(request, 'aborted');
      done();
    });
  }

  /** An address that is none is refused before there are hooks. */
  readonly onBadAddress = (_: Error, request: FastifyRequest, reply: FastifyReply): void => {
    beginActivity(request.raw, request.id);
    void reply
      .code(400)
      .header(CORRELATION_HEADER, request.id)
      .send({ data: null, errors: [{ message: 'This is no address.', extensions: { code: 'BAD_REQUEST' } }] });
    this.end(request, 400);
  };

  /** It is over when its connection is. */
  readonly onWebSocket = (request: IncomingMessage): void => void this.webSockets.add(request);

  private end({ method, raw, is404, routeOptions: { url } }: FastifyRequest, status: RequestEnd['status']): void {
    const ended = endActivity(raw);
    if (ended === undefined) return;
    const seconds = (now() - ended.from) / 1000;
    this.observation.request({ method, route: is404 ? undefined : url, status, seconds }, ended);
  }
}
