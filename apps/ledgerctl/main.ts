import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { requireNode } from '../ledger/process';
import { demo } from './demo';

const USAGE = `Usage: npm run demo -- [--exit]

  --exit   stop after printing; status 0 only if all of it worked
`;

const main = async (): Promise<number> => {
  requireNode();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { exit: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help || positionals.join(' ') !== 'demo') {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  await demo({ stay: !values.exit });
  return 0;
};

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
