import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { canonicalBytes } from '@ledger/integrity/canonical';
import { disclosureDigest, open, seal, SealBroken, type Disclosed, type SealedEntry } from './disclosures';

const CONTEXT = {
  id: '3f1c2a54-0000-4000-8000-000000000001',
  stream: 'incident-3f1c2a54-0000-4000-8000-0000000000aa',
  type: 'claim-made',
};
const KEY = { kid: 'k_test', key: randomBytes(32) };
const FIELDS: Disclosed[] = [
  { pointer: '/statement', value: 'The tape was found “in a drawer” ~ nobody knows when. 證據' },
  { pointer: '/known/0/basis', value: 'from a letter' },
];

const sealed = () => seal(FIELDS, KEY, CONTEXT);

describe('the digest rule of RFC 9901', () => {
  it.each([
    [
      'the example of the standard',
      'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0',
      'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0',
    ],
    [
      'our own vector',
      'WyJ5aVh1T083RzFpZTVNM0RGLXdhYVlRIiwiZW1haWwiLCJhbGljZUBleGFtcGxlLmNvbSJd',
      '_HW6LqEpvU2_dcMgfhhMvJaYlDDCe2Ec0Yi2J1Xxrkk',
    ],
  ])('%s', (_, disclosure, digest) => {
    expect(disclosureDigest(disclosure)).toBe(digest);
  });
});

describe('sealed fields', () => {
  it('open to what was sealed, and use up their digests', () => {
    const values = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(fc.record({ pointer: fc.string(), value: values }), { minLength: 1 }), (fields) => {
        const { entry, digests } = seal(fields, KEY, CONTEXT);
        const unused = new Set([...digests, 'of another entry']);
        expect(open(entry, KEY.key, CONTEXT, unused)).toEqual(JSON.parse(JSON.stringify(fields)));
        expect([...unused]).toEqual(['of another entry']);
      }),
    );
  });

  it('name their pointers in clear, and nothing else', () => {
    const { entry } = sealed();
    expect(Object.keys(entry).sort()).toEqual(['alg', 'ct', 'fields', 'iv', 'kid']);
    expect(entry.fields).toEqual(['/statement', '/known/0/basis']);
  });

  it('never look the same twice: salt and nonce are fresh', () => {
    const [one, two] = [sealed(), sealed()];
    expect(one.entry.iv).not.toBe(two.entry.iv);
    expect(one.entry.ct).not.toBe(two.entry.ct);
    expect(one.digests.filter((digest) => two.digests.includes(digest))).toEqual([]);
  });
});

describe('a seal is broken by', () => {
  const { entry, digests } = sealed();
  const opening = (changed: Partial<SealedEntry>, context: Partial<typeof CONTEXT> = {}, key: Uint8Array = KEY.key) =>
    open({ ...entry, ...changed }, key, { ...CONTEXT, ...context }, new Set(digests));

  const flippedBits = (bytes: Buffer): Buffer[] =>
    Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      return copy;
    });

  it('nothing: the untouched entry opens', () => {
    expect(opening({})).toEqual(FIELDS);
  });

  it.each(['ct', 'iv'] as const)('one flipped bit of %s', (part) => {
    for (const bytes of flippedBits(Buffer.from(entry[part], 'base64url')))
      expect(() => opening({ [part]: bytes.toString('base64url') })).toThrow(SealBroken);
  });

  it.each(['ct', 'iv'] as const)('one flipped bit in the spelling of %s, also where it changes no byte', (part) => {
    for (const bytes of flippedBits(Buffer.from(entry[part], 'latin1')))
      expect(() => opening({ [part]: bytes.toString('latin1') })).toThrow(SealBroken);
  });

  it('one flipped bit of kid', () => {
    for (const kid of flippedBits(Buffer.from(entry.kid, 'latin1')))
      expect(() => opening({ kid: kid.toString('latin1') })).toThrow(SealBroken);
  });

  it.each(['id', 'stream', 'type'] as const)('one flipped bit of the event’s %s', (part) => {
    for (const bytes of flippedBits(Buffer.from(CONTEXT[part], 'latin1')))
      expect(() => opening({}, { [part]: bytes.toString('latin1') })).toThrow(SealBroken);
  });

  it('one flipped bit of the key', () => {
    for (const key of flippedBits(KEY.key)) expect(() => opening({}, {}, key)).toThrow(SealBroken);
  });

  it('a cipher that it does not name', () => {
    expect(() => opening({ alg: 'A128GCM' as 'A256GCM' })).toThrow(SealBroken);
  });

  it('a shortened tag or ciphertext', () => {
    const bytes = Buffer.from(entry.ct, 'base64url');
    for (let length = 0; length < bytes.length; length++)
      expect(() => opening({ ct: bytes.subarray(0, length).toString('base64url') })).toThrow(SealBroken);
  });

  it.each([
    ['one missing', ['/statement']],
    ['one too many', ['/statement', '/known/0/basis', '/note']],
    ['another order', ['/known/0/basis', '/statement']],
    ['another name', ['/statement', '/known/0/Basis']],
    ['none', []],
  ])('a list of fields with %s', (_, fields) => {
    expect(() => opening({ fields })).toThrow(SealBroken);
  });
});

describe('one text for every auditor', () => {
  it('refuses a second text under the same key, whose disclosures are not in the digests of the event', () => {
    const { digests } = sealed();
    const swapped = seal([{ pointer: '/statement', value: 'No tape was found.' }, FIELDS[1]!], KEY, CONTEXT);
    expect(() => open(swapped.entry, KEY.key, CONTEXT, new Set(digests))).toThrow(SealBroken);
  });

  it('refuses a second text under another key that has taken the first one’s id', () => {
    const { digests } = sealed();
    const other = { kid: KEY.kid, key: randomBytes(32) };
    const swapped = seal([{ pointer: '/statement', value: 'No tape was found.' }, FIELDS[1]!], other, CONTEXT);
    expect(() => open(swapped.entry, other.key, CONTEXT, new Set(digests))).toThrow(SealBroken);
  });

  it('refuses a disclosure that is used twice', () => {
    const [field] = FIELDS;
    const { entry, digests } = seal([field!], KEY, CONTEXT);
    const unused = new Set(digests);
    open(entry, KEY.key, CONTEXT, unused);
    expect(() => open(entry, KEY.key, CONTEXT, unused)).toThrow(SealBroken);
  });

  it('refuses the same text under a salt of its own', () => {
    const { digests } = sealed();
    expect(() => open(sealed().entry, KEY.key, CONTEXT, new Set(digests))).toThrow(SealBroken);
  });

  it('refuses bytes beside ASCII, which would otherwise read as the disclosure that they resemble', () => {
    const disclosure = Buffer.from('["0123456789abcdefghijkl","/statement","so"]').toString('base64url');
    const disguised = Buffer.from(disclosure, 'latin1').map((byte) => byte | 0x80);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', KEY.key, iv);
    cipher.setAAD(canonicalBytes({ ...CONTEXT, kid: KEY.kid }));
    const ct = Buffer.concat([cipher.update(disguised), cipher.final(), cipher.getAuthTag()]).toString('base64url');
    const entry: SealedEntry = {
      alg: 'A256GCM',
      ct,
      fields: ['/statement'],
      iv: iv.toString('base64url'),
      kid: KEY.kid,
    };
    expect(() => open(entry, KEY.key, CONTEXT, new Set([disclosureDigest(disclosure)]))).toThrow(SealBroken);
  });
});
