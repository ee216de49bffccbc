import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isFault } from '@ledger/domain/fault';
import { parseInstant } from '@ledger/domain/time/instant';

/** Every scalar parses to a canonical string: value objects are the domain's to make. */
const stringScalar = (
  name: string,
  description: string,
  parse: (text: string) => string | { readonly reason: string },
  specifiedByURL?: string,
) => {
  const parsed = (value: unknown, nodes?: ValueNode): string => {
    const result = typeof value === 'string' ? parse(value) : { reason: `${name} must be a string` };
    if (typeof result !== 'string') throw new GraphQLError(result.reason, { nodes });
    return result;
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    specifiedByURL,
    serialize: (value) => String(value),
    parseValue: (value) => parsed(value),
    parseLiteral: (node) => parsed(node.kind === Kind.STRING ? node.value : undefined, node),
  });
};

const matching = (pattern: RegExp, reason: string) => (text: string) => (pattern.test(text) ? text : { reason });

/** For times asked about. Times put on record come as `WhenInput`, whose faults are reported all at once. */
export const InstantScalar = stringScalar(
  'Instant',
  'An exact instant: RFC 3339 with an offset, at most milliseconds, given back in UTC with milliseconds. Example: `2021-11-03T15:45:00.000Z`.',
  (text) => {
    const instant = parseInstant(text);
    return isFault(instant) ? { reason: `Instant ${instant.message}` } : instant;
  },
  'https://www.rfc-editor.org/rfc/rfc3339',
);

export const UuidScalar = stringScalar(
  'UUID',
  'A UUID in lower or upper case, given back in lower case. Example: `5f0c3f0e-3c39-4b58-9a35-0d0f6c4f7f11`.',
  (text) =>
    matching(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      'UUID must be 32 hex digits in groups of 8-4-4-4-12',
    )(text.toLowerCase()),
  'https://www.rfc-editor.org/rfc/rfc9562',
);

export const PositionScalar = stringScalar(
  'Position',
  'Where an event lies in this store: opaque, at most 64 characters. For `consistentTo` and for resuming a subscription; cite the sequence instead, since copying a ledger to another store changes positions.',
  matching(/^[A-Za-z0-9_-]{22}$/, 'Position must be one that this ledger gave'),
);

export const RevisionScalar = stringScalar(
  'Revision',
  'Ordinal of an event in its own stream, from 0: decimal digits, since it may exceed 53 bits. Example: `"41"`.',
  matching(/^\d{1,19}$/, 'Revision must be decimal digits'),
);

export const SequenceScalar = stringScalar(
  'Sequence',
  'Ordinal of an event in this ledger, from 1: decimal digits. The same in every copy of the ledger: this is what to cite.',
  matching(/^\d{1,15}$/, 'Sequence must be decimal digits'),
);
