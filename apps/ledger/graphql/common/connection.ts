import { createHash } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { badArgument } from './ids';

export const DEFAULT_PAGE = 50;
export const MAX_PAGE = 200;

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field({ description: 'Whether more follows the last edge.' })
  hasNextPage: boolean;
  @Field({ description: 'Whether something precedes the first edge.' })
  hasPreviousPage: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  startCursor: string | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null on an empty page.' })
  endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `First so many after \`after\`: 1 to ${MAX_PAGE}; ${DEFAULT_PAGE} when neither first nor last is given.`,
  })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the edge before the page.' })
  after?: string | null;
  @Field(() => Int, {
    nullable: true,
    description: `Last so many before \`before\`: 1 to ${MAX_PAGE}. Not together with first.`,
  })
  last?: number | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the edge after the page.' })
  before?: string | null;
}

export interface Page<T> {
  readonly edges: readonly (T & { readonly cursor: string })[];
  readonly pageInfo: PageInfo;
}

/** What a cursor must be used under again: same list, order, filter and view. */
export type ListIdentity = Readonly<Record<string, unknown>>;

const mark = (identity: ListIdentity): string =>
  createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 12);

const toCursor = (list: string, key: number): string => Buffer.from(`${list}:${key}`).toString('base64url');

const fromCursor = (identity: ListIdentity, cursor: string, argument: string): number => {
  const [found, key] = Buffer.from(cursor, 'base64url').toString().split(':');
  if (!/^\d+$/.test(key ?? '')) throw badArgument(argument, 'is not a cursor of this ledger');
  if (found !== mark(identity))
    throw badArgument(argument, 'comes from another list, order, filter or view', 'CURSOR_MISMATCH');
  return Number(key);
};

/** How many, and from which end; refused above the maximum, never cut silently. */
export const pageSize = ({ first, last, after, before }: PageArgs): { size: number; backwards: boolean } => {
  if (first != null && last != null) throw badArgument('last', 'cannot be given together with first');
  if (last != null && after != null) throw badArgument('after', 'goes with first');
  if (last == null && before != null) throw badArgument('before', 'goes with last');
  const size = first ?? last ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) throw badArgument(last == null ? 'first' : 'last', `must be from 1 to ${MAX_PAGE}`);
  return { size, backwards: last != null };
};

/** The same for lists that are read piece by piece: their pages go forwards only. */
export const forwards = (page: PageArgs): { size: number } => {
  const { size, backwards } = pageSize(page);
  if (backwards) throw badArgument('last', 'is not offered here: pages go forwards');
  return { size };
};

/** The key of the edge before the page, when paging forwards. */
export const afterKey = (identity: ListIdentity, { after }: PageArgs): number | undefined =>
  after == null ? undefined : fromCursor(identity, after, 'after');

/** One page of a list that is at hand in full, in its order; `keyOf` must be unique. */
export const pageOf = <T extends object>(
  items: readonly T[],
  keyOf: (item: T) => number,
  identity: ListIdentity,
  args: PageArgs,
): Page<T> => {
  const { size, backwards } = pageSize(args);
  const cursor = backwards ? args.before : args.after;
  const key = cursor == null ? undefined : fromCursor(identity, cursor, backwards ? 'before' : 'after');
  const at = key === undefined ? undefined : items.findIndex((item) => keyOf(item) === key);
  if (at === -1)
    throw badArgument(backwards ? 'before' : 'after', 'names an entry that is no longer in this list', 'CURSOR_STALE');
  const from = backwards ? Math.max(0, (at ?? items.length) - size) : at === undefined ? 0 : at + 1;
  const to = backwards ? (at ?? items.length) : Math.min(items.length, from + size);
  return page(items.slice(from, to), keyOf, identity, to < items.length, from > 0);
};

/** One page of a list read piece by piece: `items` holds up to one more than the page. */
export const pageFrom = <T extends object>(
  items: readonly T[],
  keyOf: (item: T) => number,
  identity: ListIdentity,
  args: PageArgs,
): Page<T> => {
  const { size } = pageSize(args);
  return page(items.slice(0, size), keyOf, identity, items.length > size, args.after != null);
};

const page = <T extends object>(
  items: readonly T[],
  keyOf: (item: T) => number,
  identity: ListIdentity,
  hasNextPage: boolean,
  hasPreviousPage: boolean,
): Page<T> => {
  const list = mark(identity);
  const edges = items.map((item) => ({ ...item, cursor: toCursor(list, keyOf(item)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
};

/** The edge type of a node type, for lists whose edges carry nothing else. */
export const edgeOf = (node: Type<unknown>, name: string, what: string): Type<{ cursor: string; node: unknown }> => {
  @ObjectType(`${name}Edge`, { description: `One of the ${what}.` })
  class Edge {
    @Field({ description: 'Where it stands in the list.' })
    cursor: string;
    @Field(() => node, { description: 'What stands there.' })
    node: unknown;
  }
  return Edge;
};

/** The connection type over an edge type. */
export const connectionOver = (edge: Type<unknown>, name: string, what: string): Type<Page<object>> => {
  @ObjectType(`${name}Connection`, { description: `A page of the ${what}.` })
  class Connection {
    @Field(() => [edge], { description: 'In the order of the list.' })
    edges: (object & { cursor: string })[];
    @Field(() => PageInfo, { description: 'Where the page lies.' })
    pageInfo: PageInfo;
  }
  return Connection;
};

/** Both. */
export const connectionOf = (node: Type<unknown>, name: string, what: string): Type<Page<object>> =>
  connectionOver(edgeOf(node, name, what), name, what);
