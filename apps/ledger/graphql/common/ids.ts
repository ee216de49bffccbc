import { GraphQLError } from 'graphql';

/** Ids at the edge: opaque, at most 64 characters, prefixed by what they name. */
export type Prefix = 'inc' | 'fact' | 'gap';

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
