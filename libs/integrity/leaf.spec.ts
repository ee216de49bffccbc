import { createHash } from 'node:crypto';
import { canonicalBytes } from './canonical';
import { leafBytes, leafHash, type LeafInput } from './leaf';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Expected bytes and hash computed with Python's hashlib, not with the code under test. */
const EVENT: LeafInput = {
  id: '7f3a9c00-0000-4000-8000-000000000001',
  stream: 'thing-Zoë',
  type: 'thing-done',
  revision: 9007199254740993n,
  data: Buffer.from('{"name":"Zoë","total":"128.49"}'),
  meta: Buffer.from(
    '{"recordedAt":"2026-01-01T00:00:00.000Z","salt":"AAECAwQFBgcICQoLDA0ODw","schema":"thing-done/1"}',
  ),
};
const LEAF =
  '{"at":"2026-01-01T00:00:00.000Z","data":"KKrhejOpb2kxZCOMScKu9jjpiZqS6BlEfZlQkSg2KOE",' +
  '"id":"7f3a9c00-0000-4000-8000-000000000001","meta":"s2Cpu9VXeH2V1kpIPVHFtmAzKIyDB6-pmjFypGknwSU",' +
  '"rev":"9007199254740993","stream":"thing-Zoë","type":"thing-done","v":1}';
const HASH = 'c31628178c347f2d54f1196426a60bf514b2c486a33de509b0504cb6cd65f62b';

describe('leaf', () => {
  it('is exactly these bytes, and this hash', () => {
    expect(text(leafBytes(EVENT))).toBe(LEAF);
    expect(hex(leafHash(EVENT))).toBe(HASH);
  });

  it('is in canonical form, whatever the names hold', () => {
    const odd = { ...EVENT, stream: 'a"b\\c\u2028\u0007é😀', type: 'x\ty' };
    expect(text(leafBytes(odd))).toBe(text(canonicalBytes(JSON.parse(text(leafBytes(odd))))));
  });

  it('agrees with the published vector: canonical form, and SHA-256 with the RFC 6962 prefix', () => {
    const leaf0 =
      '{"at":"2026-01-01T00:00:00.000Z","data":"T2JkLO4aIia1WORuxLH2fRXdx2VIehkujGcaVSFjIsQ",' +
      '"id":"00000000-0000-4000-8000-000000000000","meta":"LNZFvvTVwJpkso2RTmlAMqzbC1-xs4m7BAHhJJUo75o",' +
      '"rev":"0","stream":"order-7f3a9c","type":"OrderPlaced","v":1}';
    const fields = JSON.parse(leaf0) as Record<string, unknown>;
    expect(text(canonicalBytes(fields))).toBe(leaf0);
    expect(Object.keys(JSON.parse(text(leafBytes(EVENT))) as object)).toEqual(Object.keys(fields));
    expect(createHash('sha256').update(Buffer.of(0)).update(leaf0).digest('hex')).toBe(
      '913d40af98da7415dfd61ccb17fd7d8ca94ccf244cc08885c8b8c7a09540f0d6',
    );
  });

  it.each(['data', 'meta'] as const)('changes when any bit of %s changes, unless that cannot even be read', (part) => {
    for (let bit = 0; bit < EVENT[part].length * 8; bit++) {
      const bytes = Uint8Array.from(EVENT[part]);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      let hash: string;
      try {
        hash = hex(leafHash({ ...EVENT, [part]: bytes }));
      } catch {
        hash = 'unreadable';
      }
      expect(hash).not.toBe(HASH);
      if (part === 'data') expect(hash).toHaveLength(64);
    }
  });

  it.each<[string, Partial<LeafInput>]>([
    ['id', { id: '7f3a9c00-0000-4000-8000-000000000002' }],
    ['stream', { stream: 'thing-Zoe' }],
    ['type', { type: 'thing-undone' }],
    ['revision', { revision: 9007199254740992n }],
  ])('changes when the %s changes', (_, change) => {
    expect(hex(leafHash({ ...EVENT, ...change }))).not.toBe(HASH);
  });

  it('shows nothing of the payload: equal payloads under other salts have other digests', () => {
    const other = { ...EVENT, meta: canonicalBytes({ salt: 'AAECAwQFBgcICQoLDA0ODg' }) };
    const digest = (event: LeafInput): unknown => (JSON.parse(text(leafBytes(event))) as { data: unknown }).data;
    expect(digest(other)).not.toBe(digest(EVENT));
    expect(text(leafBytes(EVENT))).not.toContain('128.49');
  });

  it('of an event without salt and time is still defined', () => {
    expect(leafHash({ ...EVENT, meta: canonicalBytes({}) })).toHaveLength(32);
  });

  it('of meta that is no JSON is an error', () => {
    expect(() => leafHash({ ...EVENT, meta: Buffer.from('{') })).toThrow(SyntaxError);
  });
});
