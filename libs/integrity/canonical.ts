import canonicalizeJson from 'canonicalize';

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** RFC 8785 (JCS) bytes of a JSON value. Throws on NaN, infinities and lone surrogates, which have no canonical form. */
export const canonicalBytes = (value: unknown): Uint8Array => {
  const text = canonicalizeJson(value);
  if (text === undefined) throw new TypeError('value has no canonical JSON form');
  return utf8.encode(text);
};

/** Parses UTF-8 JSON bytes; throws on malformed UTF-8 or JSON. It does not check that the bytes are canonical. */
export const parseJsonBytes = (bytes: Uint8Array): unknown => JSON.parse(strictUtf8.decode(bytes));
