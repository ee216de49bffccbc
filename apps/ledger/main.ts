import 'reflect-metadata';
import { readConfig } from './config';
import { createApp } from './create-app';
import { askedToStop, requireNode } from './process';

const main = async (): Promise<void> => {
  requireNode();
  process.umask(0o077); // what it writes is for its own user only
  const stopped = askedToStop();
  const ledger = await createApp(readConfig(process.env));
  const address = await ledger.listen();
  process.stdout.write(`The ledger answers at ${address}/graphql; console: ${address}/console\n`);
  await stopped;
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
