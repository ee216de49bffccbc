import 'reflect-metadata';
import { readConfig } from './config';
import { createApp } from './create-app';

const main = async (): Promise<void> => {
  process.umask(0o077); // what it writes is for its own user only
  const ledger = await createApp(readConfig(process.env));
  const address = await ledger.listen();
  process.stdout.write(`The ledger answers at ${address}/graphql; console: ${address}/console\n`);
  const stop = (): void => void ledger.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
