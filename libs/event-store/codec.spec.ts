import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { z } from 'zod';
import { CATALOGUE, type EventDefinition } from '@ledger/domain/catalogue';
import { personal, text, token } from '@ledger/domain/schema/fields';
import { protectedFields } from '@ledger/domain/schema/protected-fields';
import { canonicalBytes, parseJsonBytes } from '@ledger/integrity/canonical';
import { leafHash } from '@ledger/integrity/leaf';
import { seal, type SealedEntry } from '@ledger/privacy/disclosures';
import type { DataKey, KeyVault } from '@ledger/privacy/key-vault';
import { openSqliteKeyVault } from '@ledger/privacy/sqlite/sqlite-key-vault';
import { anyWords, arbitraryOf, conspicuousWords } from '../../test/support/arbitraries';
import { Codec, EncodingRefused, type DecodedEvent, type Envelope } from './codec';
import type { NewEvent, Position, RecordedEvent } from './port';
import { LEDGER_UPCASTERS, Upcasters } from './upcasters';

type Payload = Record<string, unknown>;

/** For each type; most fields are common to many. */
const RUNS = 8;

const STREAM = 'incident-6f4be1a0-0000-4000-8000-000000000001';
const ENVELOPE: Envelope = {
  id: '6f4be1a0-0000-4000-8000-000000000002',
  stream: STREAM,
  recordedAt: '2031-02-03T04:05:06.789Z',
  commandId: '6f4be1a0-0000-4000-8000-000000000003',
  correlationId: '6f4be1a0-0000-4000-8000-000000000004',
  causationId: '6f4be1a0-0000-4000-8000-000000000005',
  recordedBy: '6f4be1a0-0000-4000-8000-000000000006',
};

let folder: string;
let vault: KeyVault;
let codec: Codec;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codec-'));
  vault = openSqliteKeyVault(join(folder, 'keys'));
  codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true });
});

/** One key per subject in a stream; a fresh one for each text. */
const keyRing = () => {
  const known = new Map<string, DataKey>();
  return (subject: string | undefined): DataKey => {
    if (subject === undefined) return vault.take();
    const key = known.get(subject) ?? vault.take();
    known.set(subject, key);
    return key;
  };
};

const recorded = (event: NewEvent, stream = STREAM): RecordedEvent => {
  const coordinates = { ...event, stream, revision: 0n };
  return { ...coordinates, position: '1' as Position, leaf: leafHash(coordinates) };
};
const written = (type: string, payload: Payload, keyOf = keyRing(), by = codec): RecordedEvent =>
  recorded(by.encode({ type, payload }, ENVELOPE, keyOf));

interface Stored extends Payload {
  _enc: SealedEntry[];
  _sd: string[];
}
const stored = (event: NewEvent) => parseJsonBytes(event.data) as Stored;
/** The same event with other data, as a careless or hostile writer would leave it. */
const tampered = (event: RecordedEvent, change: (data: Stored) => unknown): RecordedEvent => {
  const data = stored(event);
  return recorded({ ...event, data: canonicalBytes(change(data) ?? data) });
};

const payloadOf = (event: DecodedEvent): Payload => {
  if (!event.readable) throw new Error(event.problem);
  return event.payload;
};
const problemOf = (event: DecodedEvent): string => {
  if (event.readable) throw new Error('it is readable');
  return event.problem;
};

const pointTo = (payload: Payload, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, step) => (node as Payload)[step], payload);
const withValues = (payload: Payload, values: Iterable<[string, unknown]>): Payload => {
  const copy = structuredClone(payload);
  for (const [pointer, value] of values) {
    const steps = pointer.split('/').slice(1);
    const last = steps.pop()!;
    (steps.reduce<unknown>((node, step) => (node as Payload)[step], copy) as Payload)[last] = value;
  }
  return copy;
};

const payloads = (definition: EventDefinition, words = anyWords) =>
  arbitraryOf(definition.schema, words) as fc.Arbitrary<Payload>;

const MOMENT = {
  shape: 'moment',
  when: {
    text: 'one afternoon',
    earliest: '2031-01-01T12:00:00.000Z',
    latest: '2031-01-01T18:00:00.000Z',
    zone: 'Europe/London',
    precision: 'part-of-day',
    qualifier: 'approximate',
    basis: 'stated-by-processor',
  },
};
const uuid = (last: number) => `6f4be1a0-0000-4000-9000-${String(last).padStart(12, '0')}`;
const PROCESSOR = { role: 'processor', id: 'example-processor', name: 'Example Processing Ltd' };
const COUNCIL = { role: 'controller', id: 'example-council', name: 'Example Council' };
const NOTICE: Payload = {
  incidentId: uuid(1),
  factId: uuid(2),
  occurred: MOMENT,
  known: [{ by: COUNCIL, when: MOMENT.when, basis: 'the letter lay on the table' }],
  source: { document: 'letter-1', locator: 'second page' },
  actor: PROCESSOR,
  manner: 'stated',
  via: [COUNCIL],
  statement: 'A tape is missing.',
  note: 'Typed by hand.',
  channel: 'letter',
  stated: ['A tape is missing.', 'It was encrypted.', 'Nobody was told.'],
  contact: { subject: uuid(3), details: 'breach@processor.example' },
};
const TYPE = 'processor-notification-received';

describe.each([...CATALOGUE.values()])('$type', (definition) => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(payloads(definition), (payload) => {
        expect(payloadOf(codec.decode(written(definition.type, payload)))).toEqual(payload);
      }),
      { numRuns: RUNS },
    );
  });

  it('holds no protected value in clear, names the place of each one, and has one key for each subject and one for its text', () => {
    fc.assert(
      fc.property(payloads(definition, conspicuousWords), (payload) => {
        const event = written(definition.type, payload);
        const bytes = Buffer.concat([event.data, event.meta]).toString('utf8');
        const values = JSON.stringify(payload).match(/secret [0-9a-f-]{36}/g) ?? [];
        expect(values.filter((value) => bytes.includes(value) || bytes.includes(value.slice(7)))).toEqual([]);
        expect(bytes).not.toMatch(/secret|ß|證據/);

        const fields = protectedFields(definition.schema, payload);
        const { _enc = [], _sd = [] } = stored(event);
        expect(fields).toHaveLength(values.length);
        expect(_enc.flatMap((entry) => entry.fields).sort()).toEqual(fields.map(({ pointer }) => pointer).sort());
        const owners = new Set(fields.map(({ subject }) => subject));
        expect([_enc.length, new Set(_enc.map(({ kid }) => kid)).size]).toEqual([owners.size, owners.size]);
        expect(_sd).toEqual([..._sd].sort());
      }),
      { numRuns: RUNS },
    );
  });

  it('shows exactly the fields under destroyed keys as erased, whichever keys they are', () => {
    fc.assert(
      fc.property(payloads(definition), fc.infiniteStream(fc.boolean()), (payload, lots) => {
        const event = written(definition.type, payload);
        const gone = (stored(event)._enc ?? []).filter(() => lots.next().value);
        vault.destroy(gone.map(({ kid }) => kid));
        const erased = gone
          .flatMap(({ fields }) => fields)
          .map((pointer): [string, unknown] => [pointer, { hidden: 'erased' }]);
        expect(payloadOf(codec.decode(event))).toEqual(withValues(payload, erased));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('writing', () => {
  it('gives meta seven fields, all of them strings', () => {
    const meta = parseJsonBytes(written(TYPE, NOTICE).meta) as Record<string, unknown>;
    const { recordedAt, commandId, correlationId, causationId, recordedBy } = ENVELOPE;
    const salt = expect.stringMatching(/^[\w-]{22}$/) as string;
    expect(meta).toEqual({ schema: `${TYPE}/1`, recordedAt, commandId, correlationId, causationId, recordedBy, salt });
  });

  it('writes RFC 8785 bytes', () => {
    const event = written(TYPE, NOTICE);
    expect(event.data).toEqual(canonicalBytes(parseJsonBytes(event.data)));
    expect(event.meta).toEqual(canonicalBytes(parseJsonBytes(event.meta)));
  });

  it('makes equal payloads different in every byte that depends on salt', () => {
    const [one, two] = [written(TYPE, NOTICE), written(TYPE, NOTICE)];
    expect(stored(one)._sd.filter((digest) => stored(two)._sd.includes(digest))).toEqual([]);
    expect(one.leaf).not.toEqual(two.leaf);
  });

  it('uses the key of a subject again in the stream, and a fresh one for each text', () => {
    const keyOf = keyRing();
    const keysBySubject = (event: RecordedEvent) => {
      const decoded = codec.decode(event);
      return new Map(decoded.readable ? decoded.keys.map(({ kid, subject }) => [subject, kid]) : []);
    };
    const first = keysBySubject(written(TYPE, NOTICE, keyOf));
    const second = keysBySubject(written(TYPE, NOTICE, keyOf));
    expect([...first.keys()]).toEqual([
      undefined,
      'controller:example-council',
      'processor:example-processor',
      `contact:${uuid(3)}`,
    ]);
    for (const [subject, kid] of first)
      if (subject === undefined) expect(second.get(subject)).not.toBe(kid);
      else expect(second.get(subject)).toBe(kid);
  });

  it('leaves an event without protected fields plain', () => {
    const event = written('keys-destroyed', { incidentId: uuid(1), kids: ['k_1'] });
    expect(stored(event)).toEqual({ incidentId: uuid(1), kids: ['k_1'] });
  });

  it('keeps what the source blacked out in clear: there is nothing to protect', () => {
    const redacted = { details: { redacted: 'in-source' } };
    const event = written(TYPE, { ...NOTICE, contact: redacted });
    expect(stored(event)['contact']).toEqual(redacted);
    expect(payloadOf(codec.decode(event))['contact']).toEqual(redacted);
  });

  const refused = (type: string, payload: Payload) => {
    const keyOf = jest.fn(keyRing());
    expect(() => codec.encode({ type, payload }, ENVELOPE, keyOf)).toThrow(EncodingRefused);
    expect(keyOf).not.toHaveBeenCalled();
  };

  it('refuses a type that the catalogue does not hold', () => refused('claim-whispered', NOTICE));

  it.each<[string, Payload]>([
    ['a missing field', { ...NOTICE, statement: undefined }],
    ['an unknown field', { ...NOTICE, colour: 'red' }],
    ['a reserved field', { ...NOTICE, _enc: [] }],
    ['a value outside its list', { ...NOTICE, manner: 'shouted' }],
    ['a value of another type', { ...NOTICE, statement: 7 }],
    ['a name in the place of a pseudonym', { ...NOTICE, actor: { role: 'person', id: 'somebody' } }],
    ['a lone surrogate', { ...NOTICE, statement: 'a\ud800b' }],
    ['a hidden text', { ...NOTICE, statement: { hidden: 'erased' } }],
    ['a hidden text in a list', { ...NOTICE, stated: ['A tape is missing.', { hidden: 'key-missing' }] }],
    ['a hidden name', { ...NOTICE, actor: { ...PROCESSOR, name: { hidden: 'erased' } } }],
  ])('refuses %s', (_, payload) => refused(TYPE, payload));

  it('names every bad path of a refused payload', () => {
    const payload = { ...NOTICE, manner: 'shouted', known: [], source: { document: 'no spaces here' } };
    expect(() => written(TYPE, payload)).toThrow(/\/known.*\/source\/document.*\/manner/);
  });
});

describe('reading', () => {
  it('shows an event of unknown type as unreadable, with its coordinates', () => {
    const event = { ...written(TYPE, NOTICE), type: 'claim-whispered' };
    const decoded = codec.decode(event);
    expect(problemOf(decoded)).toMatch('not known');
    expect(decoded).toMatchObject({ id: event.id, stream: STREAM, revision: 0n, leaf: event.leaf });
    expect(decoded.meta.commandId).toBe(ENVELOPE.commandId);
  });

  it.each([
    ['newer than ours', `${TYPE}/2`, 'newer than this version'],
    ['of another type', 'claim-made/1', 'not one of'],
    ['without a version', TYPE, 'not one of'],
    ['of version nought', `${TYPE}/0`, 'not one of'],
    ['of half a version', `${TYPE}/1.5`, 'not one of'],
    ['with more behind it', `${TYPE}/1/2`, 'not one of'],
  ])('shows a schema %s as unreadable', (_, schema, problem) => {
    const event = written(TYPE, NOTICE);
    const meta = { ...(parseJsonBytes(event.meta) as object), schema };
    expect(problemOf(codec.decode({ ...event, meta: canonicalBytes(meta) }))).toMatch(problem);
  });

  it('names every bad path of a payload that does not fit', () => {
    const event = tampered(written(TYPE, NOTICE), (data) => ({
      ...data,
      manner: 'shouted',
      channel: 'pigeon',
      colour: 1,
    }));
    const problem = problemOf(codec.decode(event));
    expect(problem).toContain('/manner');
    expect(problem).toContain('/channel');
    expect(problem).toContain('colour');
  });

  it('does not mistake a damaged payload for an event', () => {
    for (const data of ['', 'null', '[]', '"text"', '{', '{"_enc":7}', '{"_enc":[{}]}', '{"_sd":[1]}'])
      expect(codec.decode({ ...written(TYPE, NOTICE), data: Buffer.from(data) }).readable).toBe(false);
  });

  it('opens an event nowhere but in its own place', () => {
    const event = written(TYPE, NOTICE);
    for (const elsewhere of [{ id: uuid(9) }, { stream: 'incident-elsewhere' }])
      expect(problemOf(codec.decode({ ...event, ...elsewhere }))).toMatch('does not decrypt');
  });

  it.each<[string, (data: Stored) => unknown]>([
    ['a changed ciphertext', (data) => void ((data._enc[0] as { ct: string }).ct = data._enc[1]!.ct)],
    ['a missing entry', (data) => void data._enc.shift()],
    ['a missing digest', (data) => void data._sd.shift()],
    ['a digest too many', (data) => void data._sd.push('x'.repeat(43))],
    ['a digest that stands twice', (data) => void data._sd.push(data._sd[0]!)],
    ['digests without entries', ({ _enc, ...data }) => data],
    ['digests of another kind', (data) => ({ ...data, _sd_alg: 'md5' })],
    ['an entry that stands twice', (data) => void data._enc.push(data._enc[0]!)],
    ['a clear value in the place of a disclosed one', (data) => ({ ...data, statement: 'No tape is missing.' })],
    ['a clear value in the place of a disclosed list entry', (data) => ({ ...data, stated: ['No', null, null] })],
    ['a list that lost its places', (data) => ({ ...data, stated: [null, null] })],
    ['an erasure that never was', (data) => ({ ...data, quoted: { hidden: 'erased' } })],
  ])('shows %s as unreadable', (_, change) => {
    expect(codec.decode(tampered(written(TYPE, NOTICE), change)).readable).toBe(false);
  });

  it('refuses a second text sealed under the same key and put in the place of the first', () => {
    const event = written(TYPE, NOTICE);
    const [text] = stored(event)._enc;
    const key = { kid: text!.kid, key: vault.find(text!.kid) as Uint8Array };
    const others = text!.fields.map((pointer) => ({ pointer, value: 'No tape is missing.' }));
    const { entry } = seal(others, key, { id: event.id, stream: STREAM, type: TYPE });
    const swapped = tampered(event, (data) => void data._enc.splice(0, 1, entry));
    expect(problemOf(codec.decode(swapped))).toMatch('does not match its digest');
  });

  it('refuses a second text for the same field under a key of its own, digests and all', () => {
    const event = written(TYPE, NOTICE);
    const other = [{ pointer: '/statement', value: 'No tape is missing.' }];
    const { entry, digests } = seal(other, vault.take(), { id: event.id, stream: STREAM, type: TYPE });
    const doubled = tampered(event, (data) => ({
      ...data,
      _enc: [...data._enc, entry],
      _sd: [...data._sd, ...digests],
    }));
    expect(problemOf(codec.decode(doubled))).toMatch('/statement is taken');
    vault.destroy([entry.kid]);
    expect(problemOf(codec.decode(doubled))).toMatch('/statement is taken');
  });

  it.each([
    '/__proto__/polluted',
    '/constructor/prototype/polluted',
    '/statement/kid',
    '/nowhere/at-all',
    '/__proto__',
    '',
  ])('follows no pointer that leads out of the payload: %j', (pointer) => {
    const entry = { alg: 'A256GCM', ct: '', fields: [pointer], iv: '', kid: 'k_unknown' } as const;
    const event = tampered(written(TYPE, NOTICE), (data) => {
      data._enc.push(entry);
      data._sd.push('x'.repeat(43));
    });
    expect(codec.decode(event).readable).toBe(false);
    expect(({} as Payload)['polluted']).toBeUndefined();
  });
});

describe('erasure', () => {
  const kidOf = (event: RecordedEvent, pointer: string): string =>
    stored(event)._enc.find(({ fields }) => fields.includes(pointer))!.kid;

  it('leaves the stored bytes and the leaf as they were', () => {
    const event = written(TYPE, NOTICE);
    const before = structuredClone(event);
    vault.destroy(stored(event)._enc.map(({ kid }) => kid));
    expect(codec.decode(event).readable).toBe(true);
    expect(event).toEqual(before);
    expect(leafHash(event)).toEqual(before.leaf);
  });

  it('takes one subject everywhere in the event and nobody else', () => {
    const event = written(TYPE, NOTICE);
    vault.destroy([kidOf(event, '/via/0/name')]);
    const erased = { ...COUNCIL, name: { hidden: 'erased' } };
    expect(payloadOf(codec.decode(event))).toEqual({
      ...NOTICE,
      known: [{ ...(NOTICE['known'] as object[])[0], by: erased }],
      via: [erased],
    });
  });

  it('tells an erased field from one that was never there', () => {
    const withNote = written(TYPE, NOTICE);
    const without = written(TYPE, { ...NOTICE, note: undefined });
    vault.destroy([withNote, without].map((event) => kidOf(event, '/statement')));
    expect(payloadOf(codec.decode(withNote))['note']).toEqual({ hidden: 'erased' });
    expect(payloadOf(codec.decode(without))).not.toHaveProperty('note');
    expect(payloadOf(codec.decode(without))['statement']).toEqual({ hidden: 'erased' });
  });

  it('leaves the entries of a list in their places', () => {
    const event = written(TYPE, NOTICE);
    vault.destroy([kidOf(event, '/stated/0')]);
    expect(payloadOf(codec.decode(event))['stated']).toEqual(Array(3).fill({ hidden: 'erased' }));
  });

  it('goes on naming the keys in use, so that an erasure can be repeated', () => {
    const event = written(TYPE, NOTICE);
    const before = codec.decode(event);
    vault.destroy(stored(event)._enc.map(({ kid }) => kid));
    expect(codec.decode(event)).toMatchObject({ keys: (before as { keys?: unknown }).keys });
  });

  it('is not mistaken for a key that was lost', () => {
    const event = written(TYPE, NOTICE);
    const lost = kidOf(event, '/statement');
    const db = new Database(join(folder, 'keys'));
    db.prepare('DELETE FROM data_key WHERE kid = ?').run(lost);
    db.close();
    vault.destroy([kidOf(event, '/actor/name')]);
    const payload = payloadOf(codec.decode(event));
    expect(pointTo(payload, '/statement')).toEqual({ hidden: 'key-missing' });
    expect(pointTo(payload, '/stated/2')).toEqual({ hidden: 'key-missing' });
    expect(pointTo(payload, '/actor/name')).toEqual({ hidden: 'erased' });
    expect(pointTo(payload, '/contact/details')).toBe('breach@processor.example');
  });
});

describe('upcasting', () => {
  const owner = (holder: Payload) => `owner:${String(holder['id'])}`;
  const version = (number: number, shape: z.ZodRawShape): EventDefinition => ({
    type: 'thing-found',
    version: number,
    description: 'A made-up event with a history.',
    schema: z.strictObject(shape),
  });
  const description = 'Made up.';
  const id = token(description);
  const ONE = version(1, {
    id,
    colour: token(description),
    remark: text(100, description),
    owner: personal(100, description, owner),
  });
  const TWO = version(2, {
    id,
    hue: token(description),
    remarks: z.array(text(100, description)),
    owner: personal(100, description, owner),
  });
  const THREE = version(3, {
    id,
    hue: token(description),
    remarks: z.array(text(100, description)),
    belongsTo: z.strictObject({ id, name: personal(100, description, owner) }),
  });
  const steps = new Map<string, (payload: Payload) => Payload>([
    ['thing-found/1', ({ colour, remark, ...rest }) => ({ ...rest, hue: colour, remarks: [remark] })],
    ['thing-found/2', ({ owner: name, ...rest }) => ({ ...rest, belongsTo: { id: rest['id'], name } })],
  ]);
  const codecFor = (definition: EventDefinition, upcasters = new Upcasters(steps)) =>
    new Codec(new Map([[definition.type, definition]]), upcasters, vault);

  const WRITTEN_AS_ONE = { id: 'thing-1', colour: 'red', remark: 'It was under the stairs.', owner: 'Example Owner' };
  const WRITTEN_AS_TWO = { id: 'thing-1', hue: 'red', remarks: ['It was under the stairs.'], owner: 'Example Owner' };
  const AS_THREE = {
    id: 'thing-1',
    hue: 'red',
    remarks: ['It was under the stairs.'],
    belongsTo: { id: 'thing-1', name: 'Example Owner' },
  };

  it.each([
    [1, ONE, WRITTEN_AS_ONE],
    [2, TWO, WRITTEN_AS_TWO],
    [3, THREE, AS_THREE],
  ] as const)(
    'lifts version %i to today’s, one step at a time, and leaves the stored bytes alone',
    (_, definition, payload) => {
      const event = written('thing-found', payload, keyRing(), codecFor(definition));
      const before = structuredClone(event);
      expect(payloadOf(codecFor(THREE).decode(event))).toEqual(AS_THREE);
      expect(event).toEqual(before);
    },
  );

  it('takes the same steps after an erasure', () => {
    const event = written('thing-found', WRITTEN_AS_ONE, keyRing(), codecFor(ONE));
    vault.destroy(stored(event)._enc.map(({ kid }) => kid));
    expect(payloadOf(codecFor(THREE).decode(event))).toEqual({
      ...AS_THREE,
      remarks: [{ hidden: 'erased' }],
      belongsTo: { id: 'thing-1', name: { hidden: 'erased' } },
    });
  });

  it('goes on knowing whose key is whose after a field has moved', () => {
    const event = written('thing-found', WRITTEN_AS_ONE, keyRing(), codecFor(ONE));
    const [words, name] = stored(event)._enc;
    const decoded = codecFor(THREE).decode(event);
    expect(decoded).toMatchObject({
      keys: [
        { kid: words!.kid, subject: undefined },
        { kid: name!.kid, subject: 'owner:thing-1' },
      ],
    });
  });

  it('shows an event as unreadable when a step loses a protected field, whose key nobody could name any more', () => {
    const forgetful = new Upcasters(
      new Map([...steps, ['thing-found/2', () => ({ ...AS_THREE, belongsTo: { id: 'x', name: 'y' } })]]),
    );
    const event = written('thing-found', WRITTEN_AS_ONE, keyRing(), codecFor(ONE));
    expect(problemOf(codecFor(THREE, forgetful).decode(event))).toMatch('protects no field');
  });

  it('shows an event as unreadable when a step is missing', () => {
    const event = written('thing-found', WRITTEN_AS_ONE, keyRing(), codecFor(ONE));
    const onlyLast = new Upcasters(new Map([...steps].slice(1)));
    expect(problemOf(codecFor(THREE, onlyLast).decode(event))).toMatch('no step from thing-found/1 to thing-found/2');
  });

  it('shows an event as unreadable when a step makes something else of it than today’s schema', () => {
    const wrong = new Upcasters(new Map([...steps, ['thing-found/1', (payload: Payload) => payload]]));
    const event = written('thing-found', WRITTEN_AS_ONE, keyRing(), codecFor(ONE));
    expect(problemOf(codecFor(THREE, wrong).decode(event))).toMatch(/\/hue.*\/remarks/);
  });

  it('shows an event of a newer version as unreadable', () => {
    const event = written('thing-found', AS_THREE, keyRing(), codecFor(THREE));
    expect(problemOf(codecFor(TWO).decode(event))).toMatch('newer than this version');
  });

  it('takes no step within the same version', () => {
    const step = jest.fn();
    const lifted = new Upcasters(new Map([['thing-found/3', step]])).lift('thing-found/3', AS_THREE, THREE);
    expect(lifted).toBe(AS_THREE);
    expect(step).not.toHaveBeenCalled();
  });
});
