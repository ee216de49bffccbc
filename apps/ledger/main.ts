import 'reflect-metadata';
import { readConfig } from './config';
import { createApp } from './create-app';
import { askedToStop, endOnFault, requireNode } from './process';

/** What is left to do when all requests have ended: projections, the store, the last traces. */
const GRACE_SECONDS = 5;

const main = async (): Promise<void> => {
  requireNode();
  process.umask(0o077); // what it writes is for its own user only
  const stopped = askedToStop();
  const config = readConfig(process.env);
  const ledger = await createApp(config);
  endOnFault(ledger.log);
  const address = await ledger.listen();
  process.stdout.write(`The ledger answers at ${address}/graphql; console: ${address}/console\n`);
  await stopped;
  setTimeout(() => process.exit(1), (config.shutdownSeconds + GRACE_SECONDS) * 1000).unref();
  await ledger.close();
};

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const inUse = (error as { code?: string }).code === 'EADDRINUSE';
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${inUse ? 'LEDGER_PORT: another program listens there already' : message}\n`);
    process.exit(1);
  },
);
