import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../ledger/config';
import { createApp } from '../../ledger/create-app';
import type { Terminal } from '../command';
import type { Ask, GraphQLBody } from './view';

export interface Asked {
  readonly ask: Ask;
  close(): Promise<void>;
}

/** One query at a time, and our own: it may cost what it costs. Its errors come back as answers. */
const OURS_ALONE = { maxQueryCost: 1_000_000, maxQueryDepth: 50, logLevel: 'silent' };

/** The whole server of a ledger, in this process and not listening, once its views have come up to the end of the log. */
export const ledgerInProcess = async (config: Config, terminal: Terminal): Promise<Asked> => {
  const { app, resources, ...ledger } = await createApp({ ...config, ...OURS_ALONE });
  try {
    await app.init();
    const server = app.getHttpAdapter().getInstance();
    await server.ready();
    const reading = terminal.progress('Building the read models', 'events');
    while (!resources.views.isLive()) {
      const stopped = resources.views.health().find(({ status }) => status === 'stopped');
      if (stopped !== undefined)
        throw new Error(`the read model ${stopped.name} has stopped: ledgerctl doctor says more`);
      reading(resources.views.head());
      await sleep(20);
    }
    return {
      async ask(body) {
        const answer = await server.inject({ method: 'POST', url: '/graphql', payload: { ...body } });
        return answer.json<GraphQLBody>();
      },
      close: () => ledger.close(),
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
};

/** A server that runs somewhere. */
export const ledgerAt = (url: string): Asked => ({
  async ask(body) {
    const response = await fetch(`${url.replace(/\/+$/, '').replace(/\/graphql$/, '')}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((cause: unknown) => {
      throw new Error(`${url} does not answer`, { cause });
    });
    return (await response.json()) as GraphQLBody;
  },
  close: () => Promise.resolve(),
});
