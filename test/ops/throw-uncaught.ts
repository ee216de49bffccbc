/** Child of `log.spec.ts`: throws where nobody catches. */
import { createLog } from '../../apps/ledger/observability/log';
import { endOnFault } from '../../apps/ledger/process';

endOnFault(createLog('info'));
setImmediate(() => {
  throw new RangeError(process.argv[3]);
});
