import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { isLoopback, type Config } from './config';
import { onlyLocalNames } from './http/local-names';
import { MalformedRequests } from './http/malformed-requests';
import { LedgerModule } from './ledger.module';
import { openLedger, type LedgerResources } from './ledger-resources';

export interface LedgerApp {
  readonly app: NestFastifyApplication;
  readonly resources: LedgerResources;
  /** Listens and answers the address, without a slash at the end. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** The server, not yet listening. `now` is the clock of recording; tests fix it. */
export const createApp = async (config: Config, now?: () => Date): Promise<LedgerApp> => {
  const resources = await openLedger(config, now);
  const limits = { maxCost: config.maxQueryCost, maxDepth: config.maxQueryDepth };
  const app = await NestFactory.create<NestFastifyApplication>(
    LedgerModule.forRoot(resources, limits),
    new FastifyAdapter({ bodyLimit: MAX_BODY_BYTES }),
    { logger: ['error', 'warn'] },
  );
  app.useGlobalFilters(new MalformedRequests());
  if (isLoopback(config.host)) app.getHttpAdapter().getInstance().addHook('onRequest', onlyLocalNames);
  return {
    app,
    resources,
    async listen() {
      await app.listen(config.port, config.host);
      const { port } = app.getHttpServer().address() as { port: number };
      return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    },
    async close() {
      await app.close();
      await resources.close();
    },
  };
};
