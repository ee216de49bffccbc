import 'reflect-metadata';
import { COMMANDS } from './commands';
import { ledgerctl } from './program';

process.umask(0o077); // what it writes is for its own user only
process.stdout.on('error', () => process.exit(1)); // nobody reads on
void ledgerctl(COMMANDS, process.argv.slice(2), { env: process.env, out: process.stdout, err: process.stderr }).then(
  // A pipe whose reader is slow still holds some of the result.
  (status) => process.stdout.write('', () => process.exit(status)),
);
