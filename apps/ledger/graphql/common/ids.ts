import { GraphQLError } from 'graphql';
import type { Named } from '@ledger/domain/schema/fields';

/** Ids at the edge: opaque, at most 64 characters, prefixed by what they name. */
export const PREFIXES = {
  incident: 'inc',
  fact: 'fact',
  gap: 'gap',
  'contested-question': 'question',
  agreement: 'agreement',
  'contact-point': 'contact',
} as const satisfies Record<Named, string>;
export type Prefix = (typeof PREFIXES)[Named];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const toId = (prefix: Prefix, uuid: string): string => `${prefix}_${uuid}`;

/** The UUID inside, or undefined when this is no id of that kind. */
export const fromId = (prefix: Prefix, id: string): string | undefined => {
  const uuid = id.startsWith(`${prefix}_`) ? id.slice(prefix.length + 1) : '';
  return UUID.test(uuid) ? uuid : undefined;
};

/** For arguments of queries: a malformed id is refused, never answered with null. */
export const idArgument = (prefix: Prefix, id: string, argument: string): string => {
  const uuid = fromId(prefix, id);
  if (uuid === undefined) throw badArgument(argument, `must be an id that begins with ${prefix}_`);
  return uuid;
};

export const badArgument = (argument: string, reason: string, code = 'BAD_ARGUMENT'): GraphQLError =>
  new GraphQLError(`${argument} ${reason}`, {
    extensions: { code, issues: [{ path: [argument], code, message: reason }] },
  });
