import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import { isLoopback, type Config } from './config';
import { Connections } from './http/connections';
import { onlyKnownProtocols } from './http/known-protocols';
import { onlyLocalNames } from './http/local-names';
import { MalformedRequests } from './http/malformed-requests';
import { Readiness } from './http/readiness';
import { LedgerModule } from './ledger.module';
import { openLedger, type LedgerResources } from './ledger-resources';
import { correlationIdOf } from './observability/activity';
import { createLog, forFastify, forNest, type Log } from './observability/log';
import { Metrics } from './observability/metrics';
import { Observation } from './observability/observation';
import { ObservedHttp } from './observability/observed-http';
import type { Traces } from './observability/traces';

export interface LedgerApp {
  readonly app: NestFastifyApplication;
  readonly resources: LedgerResources;
  readonly readiness: Readiness;
  readonly log: Log;
  /** Listens and answers the address, without a slash at the end. */
  listen(): Promise<string>;
  /**
   * Takes nothing new, answers what is in flight, for a bounded time, then lets go of everything. What was acknowledged is
   * in the log; of what was cut off the caller does not know, and may send it again.
   */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** The server, not yet listening. `now` is the clock of recording and `logTo` where the log goes; tests fix them. */
export const createApp = async (config: Config, now?: () => Date, logTo?: DestinationStream): Promise<LedgerApp> => {
  const log = createLog(config.logLevel, logTo);
  const observation = new Observation(log, new Metrics(), openTraces(config, log));
  const resources = await openLedger(config, now, observation);
  observation.watch(resources.views);
  const readiness = new Readiness(resources.views, resources.store);
  const limits = { maxCost: config.maxQueryCost, maxDepth: config.maxQueryDepth };
  const http = new ObservedHttp(observation);
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    loggerInstance: forFastify(log),
    genReqId: correlationIdOf,
    frameworkErrors: http.onBadAddress,
  });
  const fastify = adapter.getInstance();
  http.observe(adapter);
  const connections = new Connections(fastify, http.onWebSocket);
  const app = await NestFactory.create<NestFastifyApplication>(
    LedgerModule.forRoot(resources, limits, observation, readiness),
    adapter,
    { logger: forNest(log) },
  );
  app.useGlobalFilters(new MalformedRequests());
  if (isLoopback(config.host)) fastify.addHook('onRequest', onlyLocalNames);
  fastify.addHook('onRequest', onlyKnownProtocols);
  return {
    app,
    resources,
    readiness,
    log,
    async listen() {
      await app.listen(config.port, config.host);
      const { port } = app.getHttpServer().address() as { port: number };
      log.info({ port }, 'listening');
      return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    },
    async close() {
      readiness.stop();
      log.info('stopping');
      const inTime = await connections.end(() => app.close(), config.shutdownSeconds);
      if (!inTime) log.warn('requests in flight took too long: they were cut off');
      await resources.close();
      await observation.close();
      log.info('stopped');
    },
  };
};

/** The tracing libraries are loaded only where they are used. */
const openTraces = ({ tracesEndpoint }: Config, log: Log): Traces | undefined => {
  if (tracesEndpoint === undefined) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() wants an extension, which no bundler here resolves
  const traces = require('./observability/traces') as { openTraces(endpoint: string, log: Log): Traces };
  return traces.openTraces(tracesEndpoint, log);
};
