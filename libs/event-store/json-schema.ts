import { z } from 'zod';
import type { EventDefinition } from '@ledger/domain/catalogue';
import { fieldMeta, innerType } from '@ledger/domain/schema/fields';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The catalogue as one JSON Schema document: under `$defs` the payload in clear of every type, as `type/version`, the
 * shapes that they share, and the stored event. Protected fields carry `x-protected`. Rules across fields (the bounds of a
 * time, the pseudonym of a person) have no form in JSON Schema: what fits here is necessary, not sufficient.
 */
export const catalogueSchemas = (catalogue: ReadonlyMap<string, EventDefinition>): JsonSchema => {
  const events = Object.fromEntries(
    [...catalogue.values()].map((event) => [`${event.type}/${event.version}`, event] as const),
  );
  const schemas = z.object(Object.fromEntries(Object.entries(events).map(([name, { schema }]) => [name, schema])));
  const names = new Names(
    new Map(Object.entries(events).map(([id, { schema, description }]) => [schema, { id, description }])),
  );
  const { $defs } = z.toJSONSchema(schemas, { metadata: names, override: mark });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Events of the incident ledger',
    description:
      'A stored event, its data and meta parsed. The payloads in clear are under $defs, each as type/version. A field with x-protected never lies in the log in clear: "text" is encrypted under a key of the fact\'s own, "personal" under a key of the person or organisation that it names.',
    $ref: '#/$defs/StoredEvent',
    $defs: { ...STORED, ...Object.fromEntries(Object.entries($defs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
};

interface Name {
  readonly id?: string;
  readonly description?: string;
}

/** What a schema is called in `$defs`, where it is called something, and what is said of it. */
class Names extends z.core.$ZodRegistry<Name> {
  constructor(private readonly events: ReadonlyMap<z.core.$ZodType, Name>) {
    super();
  }

  override get<S extends z.core.$ZodType>(schema: S): z.core.$replace<Name, S> {
    const description = z.globalRegistry.get(schema)?.description;
    return this.events.get(schema) ?? { ...nameOf(schema), ...(description === undefined ? {} : { description }) };
  }
}

const nameOf = (schema: z.core.$ZodType): Name => {
  const meta = innerType(schema) === undefined ? fieldMeta(schema) : undefined;
  if (meta?.worded) return {}; // the shape that it words anew has the name
  if (meta?.enumeration !== undefined) return { id: meta.enumeration.name };
  const composed = schema instanceof z.ZodObject || schema instanceof z.ZodUnion;
  return meta !== undefined && composed && meta.protect === undefined
    ? { id: meta.object ?? meta.shape.charAt(0).toUpperCase() + meta.shape.slice(1) }
    : {};
};

const mark = ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void => {
  const meta = fieldMeta(zodSchema);
  if (meta?.protect !== undefined) {
    const inClear = jsonSchema.anyOf?.filter(({ properties }) => properties?.['hidden'] === undefined) ?? [];
    if (inClear.length === 1) Object.assign(jsonSchema, inClear[0]);
    if (inClear.length > 1) jsonSchema.anyOf = inClear;
    else delete jsonSchema.anyOf;
    jsonSchema['x-protected'] = meta.protect;
  }
  if (meta?.enumeration !== undefined && jsonSchema.enum !== undefined) {
    jsonSchema.oneOf = Object.entries(meta.enumeration.values).map(([value, description]) => ({
      const: value,
      description,
    }));
    delete jsonSchema.enum;
  }
};

const pattern = (expression: string, description: string): JsonSchema => ({
  type: 'string',
  pattern: expression,
  description,
});
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
const object = (description: string, properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** Stored event, v1, as `codec.ts` writes it. */
const STORED: Record<string, JsonSchema> = {
  StoredEvent: object('An event as it lies in the log, its data and meta parsed.', {
    id: pattern(UUID, 'Of the event.'),
    stream: { type: 'string', minLength: 1, description: 'The stream.' },
    type: pattern('^[a-z0-9]+(-[a-z0-9]+)*$', 'The event type.'),
    revision: pattern('^(0|[1-9][0-9]*)$', 'Place in the stream, from 0; a decimal string.'),
    data: { $ref: '#/$defs/StoredData' },
    meta: { $ref: '#/$defs/StoredMeta' },
  }),
  StoredMeta: object('Seven fields, all strings.', {
    schema: pattern('^[a-z0-9]+(-[a-z0-9]+)*/[1-9][0-9]*$', 'The schema that the payload satisfied: type/version.'),
    recordedAt: pattern(
      '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
      'When it was recorded, by the server: UTC, milliseconds.',
    ),
    commandId: { type: 'string', minLength: 1, description: 'The command that it came of.' },
    correlationId: { type: 'string', minLength: 1, description: 'The request that it came of.' },
    causationId: { type: 'string', minLength: 1, description: 'What caused it.' },
    recordedBy: { type: 'string', minLength: 1, description: 'Random id of the user; the name is held elsewhere.' },
    salt: pattern('^[A-Za-z0-9_-]{22}$', '16 random bytes, base64url: salts the digest of the data in the leaf.'),
  }),
  StoredData: {
    type: 'object',
    description: 'The payload without its protected fields, and beside it those fields encrypted and their digests.',
    properties: {
      _enc: { type: 'array', minItems: 1, items: { $ref: '#/$defs/SealedEntry' }, description: 'One entry per key.' },
      _sd: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: pattern('^[A-Za-z0-9_-]{43}$', 'base64url(SHA-256(disclosure)), RFC 9901.'),
        description: 'Digest of every disclosure, sorted.',
      },
      _sd_alg: { const: 'sha-256' },
    },
    dependentRequired: { _enc: ['_sd', '_sd_alg'], _sd: ['_enc', '_sd_alg'], _sd_alg: ['_enc', '_sd'] },
  },
  SealedEntry: object('Fields under one key: disclosures joined with "~", encrypted.', {
    alg: {
      const: 'A256GCM',
      description: 'AES-256-GCM; authenticated with it: id, kid, stream and type of the event.',
    },
    ct: pattern('^[A-Za-z0-9_-]+$', 'Ciphertext and tag, base64url.'),
    fields: {
      type: 'array',
      minItems: 1,
      items: pattern('^(/[^/]+)+$', 'RFC 6901 pointer into the payload.'),
      description: 'Places of the fields, in clear: an erased field is told from an absent one.',
    },
    iv: pattern('^[A-Za-z0-9_-]{16}$', '12 bytes, base64url.'),
    kid: { type: 'string', minLength: 1, description: 'Id of the key.' },
  }),
};
