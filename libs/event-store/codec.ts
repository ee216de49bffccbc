import { randomBytes } from 'node:crypto';
import type { EventDefinition } from '@ledger/domain/catalogue';
import type { DomainEvent } from '@ledger/domain/decision';
import { isHidden } from '@ledger/domain/schema/fields';
import { protectedFields } from '@ledger/domain/schema/protected-fields';
import { canonicalBytes, parseJsonBytes } from '@ledger/integrity/canonical';
import { open, seal, SealBroken, type Disclosed, type SealedEntry } from '@ledger/privacy/disclosures';
import type { DataKey, KeyVault } from '@ledger/privacy/key-vault';
import type { NewEvent, RecordedEvent } from './port';
import type { Upcasters } from './upcasters';

/** Stored event, v1: these names and no others. Storage format: the envelope is final. */
export interface Meta {
  /** `type/version`. */
  readonly schema: string;
  /** Set by the server: UTC, milliseconds. */
  readonly recordedAt: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  /** Random user id; the name is held outside the log. */
  readonly recordedBy: string;
  /** 16 random bytes, base64url: salts the payload's digest in the leaf. */
  readonly salt: string;
}

export interface Envelope extends Omit<Meta, 'schema' | 'salt'> {
  readonly id: string;
  readonly stream: string;
}

/** A key in use in one event, and whose it is; `subject` is absent for the fact's own text key. */
export interface KeyUse {
  readonly kid: string;
  readonly subject: string | undefined;
}

interface Coordinates extends Pick<RecordedEvent, 'id' | 'stream' | 'type' | 'revision' | 'position' | 'leaf'> {
  readonly meta: Meta;
}

export interface ReadableEvent extends Coordinates {
  readonly readable: true;
  /** Satisfies the schema of its type today; a protected value is a string or `Hidden`. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly keys: readonly KeyUse[];
}

/** An event that is there and cannot be understood. Shown as that, never dropped, never guessed at. */
export interface UnreadableEvent extends Coordinates {
  readonly readable: false;
  readonly problem: string;
}

export type DecodedEvent = ReadableEvent | UnreadableEvent;

/** Writing something that the catalogue does not allow: a bug of ours, nothing is appended. */
export class EncodingRefused extends Error {
  constructor(type: string, reason: string) {
    super(`${type} cannot be encoded: ${reason}`);
    this.name = 'EncodingRefused';
  }
}

/** The one point between the log and everything else. */
export class Codec {
  constructor(
    private readonly catalogue: ReadonlyMap<string, EventDefinition>,
    private readonly upcasters: Upcasters,
    private readonly vault: KeyVault,
  ) {}

  /**
   * Fails closed: unknown types, payloads outside their schema and hidden values are refused.
   * `keyOf` gives the key of a subject in this stream, or a fresh one for the fact's own text.
   */
  encode(event: DomainEvent, envelope: Envelope, keyOf: (subject: string | undefined) => DataKey): NewEvent {
    const definition = this.catalogue.get(event.type);
    if (definition === undefined) throw new EncodingRefused(event.type, 'its type is not in the catalogue');
    const checked = definition.schema.safeParse(event.payload);
    if (!checked.success) throw new EncodingRefused(event.type, badPaths(checked.error.issues));
    const context = { id: envelope.id, stream: envelope.stream, type: event.type };
    const clear = JSON.parse(JSON.stringify(checked.data)) as Record<string, unknown>;

    const bySubject = new Map<string | undefined, Disclosed[]>();
    for (const { pointer, value, subject } of protectedFields(definition.schema, checked.data)) {
      if (isHidden(value)) throw new EncodingRefused(event.type, `${pointer} is hidden`);
      bySubject.set(subject, [...(bySubject.get(subject) ?? []), { pointer, value }]);
      take(clear, pointer);
    }
    const sealed = [...bySubject].map(([subject, fields]) => seal(fields, keyOf(subject), context));
    const protection =
      sealed.length === 0
        ? {}
        : {
            _enc: sealed.map(({ entry }) => entry),
            _sd: sealed.flatMap(({ digests }) => digests).sort(),
            _sd_alg: 'sha-256',
          };

    const { recordedAt, commandId, correlationId, causationId, recordedBy } = envelope;
    const meta: Meta = {
      schema: `${event.type}/${definition.version}`,
      recordedAt,
      commandId,
      correlationId,
      causationId,
      recordedBy,
      salt: randomBytes(16).toString('base64url'),
    };
    return {
      id: envelope.id,
      type: event.type,
      data: canonicalBytes({ ...clear, ...protection }),
      meta: canonicalBytes(meta),
    };
  }

  /** Parse → decrypt and check digests → upcast → assert the schema. The adapter has checked the leaf hash before. */
  decode(recorded: RecordedEvent): DecodedEvent {
    const meta = parseJsonBytes(recorded.meta) as Meta;
    const { id, stream, type, revision, position, leaf } = recorded;
    const coordinates = { id, stream, type, revision, position, leaf, meta };
    const unreadable = (problem: string): UnreadableEvent => ({ ...coordinates, readable: false, problem });

    const definition = this.catalogue.get(type);
    if (definition === undefined) return unreadable('its type is not known to this version of the software');
    try {
      const { payload, kids } = this.disclose(parseJsonBytes(recorded.data) as Record<string, unknown>, recorded);
      const places = new Map<string, string>();
      const current = fill(this.upcasters.lift(meta.schema, payload, definition), '', places);
      const checked = definition.schema.safeParse(current);
      if (!checked.success) return unreadable(`it does not fit its schema: ${badPaths(checked.error.issues)}`);
      const keys = new Map<string, KeyUse>();
      for (const { pointer, value, subject } of protectedFields(definition.schema, checked.data)) {
        const kid = places.get(pointer);
        if (kid !== undefined) keys.set(kid, { kid, subject });
        else if (isHidden(value)) return unreadable(`${pointer} is said to be hidden, under no key`);
      }
      // A key that nobody can name could not be destroyed when its subject asks for that.
      for (const kid of kids) if (!keys.has(kid)) return unreadable(`key ${kid} protects no field of its schema`);
      return { ...coordinates, readable: true, payload: checked.data, keys: [...keys.values()] };
    } catch (error) {
      return unreadable(error instanceof Error ? error.message : String(error));
    }
  }

  /** The payload with a slot in each protected place, and the keys in use. */
  private disclose(data: Record<string, unknown>, context: { id: string; stream: string; type: string }) {
    const {
      _enc = [],
      _sd = [],
      _sd_alg = 'sha-256',
      ...payload
    } = data as { _enc?: SealedEntry[]; _sd?: string[]; _sd_alg?: string };
    if (_sd_alg !== 'sha-256') throw new SealBroken('its digests are of an unknown kind');
    const unused = new Set(_sd);
    if (unused.size !== _sd.length) throw new SealBroken('a digest stands twice');
    let unopened = 0;
    for (const entry of _enc) {
      const key = this.vault.find(entry.kid);
      if (typeof key === 'string') {
        unopened += entry.fields.length;
        const hidden = { hidden: key === 'destroyed' ? 'erased' : 'key-missing' };
        for (const pointer of entry.fields) put(payload, pointer, new Slot(entry.kid, hidden));
      } else {
        for (const { pointer, value } of open(entry, key, context, unused))
          put(payload, pointer, new Slot(entry.kid, value));
      }
    }
    if (unused.size !== unopened) throw new SealBroken('digests and disclosures do not add up');
    return { payload: payload as Record<string, unknown>, kids: new Set(_enc.map(({ kid }) => kid)) };
  }
}

const badPaths = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): string =>
  issues.map(({ path, message }) => `/${path.map(String).join('/')} ${message}`).join('; ');

/** Stands where a protected value belongs while an old payload is lifted, and remembers its key wherever it moves. */
class Slot {
  constructor(
    readonly kid: string,
    readonly value: unknown,
  ) {}
}

/** Puts the values into their slots and notes in `places` which key protects which pointer. */
const fill = (node: unknown, pointer: string, places: Map<string, string>): unknown => {
  if (node instanceof Slot) {
    places.set(pointer, node.kid);
    return node.value;
  }
  if (Array.isArray(node)) return node.map((entry, index) => fill(entry, `${pointer}/${index}`, places));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, child]) => [key, fill(child, `${pointer}/${key}`, places)]),
  );
};

type Container = Record<string, unknown>;

const holderOf = (root: Container, pointer: string): { holder: Container; key: string } => {
  const steps = pointer.split('/').slice(1);
  const key = steps.pop() as string;
  const holder = steps.reduce((node, step) => {
    const next = Object.hasOwn(node, step) ? node[step] : undefined;
    if (typeof next !== 'object' || next === null) throw new SealBroken(`${pointer} leads nowhere`);
    return next as Container;
  }, root);
  return { holder, key };
};

/** Takes a protected value out of the clear payload. In a list a null keeps its place. */
const take = (root: Container, pointer: string): void => {
  const { holder, key } = holderOf(root, pointer);
  if (Array.isArray(holder)) holder[Number(key)] = null;
  else delete holder[key];
};

/** Only where `take` left room: a disclosure never replaces what stands in clear or was disclosed before. */
const put = (root: Container, pointer: string, slot: Slot): void => {
  const { holder, key } = holderOf(root, pointer);
  const free = Array.isArray(holder) ? holder[Number(key)] === null : !(key in holder);
  if (!free) throw new SealBroken(`${pointer} is taken`);
  holder[key] = slot;
};
