import { InvalidRead } from './errors';
import type { Position } from './port';

const LAST_POSITION = String(2n ** 63n - 1n).padStart(20, '0');

/** The same refusals in every adapter, made before anything is asked. */
export const checkRead = ({ from, limit, after }: { from?: bigint; limit?: number; after?: Position }): void => {
  if (from !== undefined && from < 0n) throw new InvalidRead('from', 'must be a revision, 0 or more');
  if (limit !== undefined && !(limit >= 1 && (limit === Infinity || Number.isSafeInteger(limit))))
    throw new InvalidRead('limit', 'must be a whole number, 1 or more, or Infinity');
  if (after !== undefined && !(/^\d{20}$/.test(after) && after <= LAST_POSITION))
    throw new InvalidRead('after', 'must be a position: 20 digits, at most 2^63 - 1');
};

/** A position of the right form, which this log has not given. */
export const foreignPosition = (): InvalidRead => new InvalidRead('after', 'is not a position of this log');
