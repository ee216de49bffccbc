import { canonicalBytes, parseJsonBytes } from '@ledger/integrity/canonical';
import { AppendTooLarge, InvalidAppend } from './errors';
import type { NewEvent } from './port';

/** The cluster's default counts only `data`, in sum over one append. */
export const MAX_APPEND_DATA = 1024 * 1024;
export const MAX_EVENT_META = 16 * 1024;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A lone surrogate has no UTF-8 form: it would come back as another name. */
const isName = (name: string): boolean => name !== '' && !name.startsWith('$') && !/\p{Surrogate}/u.test(name);

/** The same refusals in every adapter, made before anything is sent or written. */
export const checkAppend = (stream: string, events: readonly NewEvent[]): void => {
  if (!isName(stream)) throw new InvalidAppend('stream', 'must be a name that does not begin with $');
  let size = 0;
  events.forEach((event, index) => {
    if (!isName(event.type))
      throw new InvalidAppend(`events[${index}].type`, 'must be a name that does not begin with $');
    if (!UUID.test(event.id)) throw new InvalidAppend(`events[${index}].id`, 'must be a lower-case UUID');
    if (event.meta.byteLength > MAX_EVENT_META) throw new AppendTooLarge('meta', event.meta.byteLength, MAX_EVENT_META);
    checkMeta(event.meta, `events[${index}].meta`);
    size += event.data.byteLength;
  });
  if (size > MAX_APPEND_DATA) throw new AppendTooLarge('data', size, MAX_APPEND_DATA);
};

const checkMeta = (meta: Uint8Array, field: string): void => {
  let value: unknown;
  try {
    value = parseJsonBytes(meta);
  } catch (cause) {
    throw new InvalidAppend(field, `is not JSON: ${String(cause)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidAppend(field, 'is not an object');
  if (Object.values(value).some((entry) => typeof entry !== 'string'))
    throw new InvalidAppend(field, 'holds a value that is not a string');
  if (!isCanonical(value, meta)) throw new InvalidAppend(field, 'is not in RFC 8785 form');
};

const isCanonical = (value: unknown, bytes: Uint8Array): boolean => {
  try {
    return Buffer.compare(canonicalBytes(value), bytes) === 0;
  } catch {
    return false; // an escaped lone surrogate
  }
};
