import { startLedger } from '../support/ledger-server';
import { SCHEMA_FILE, writeSchema } from './committed-schema';

/** Not a test of anything: `npm run schema` writes the schema of the running code into the repository. */
it(`writes ${SCHEMA_FILE}`, async () => {
  const ledger = await startLedger();
  writeSchema(ledger.schema);
  await ledger.stop();
});
