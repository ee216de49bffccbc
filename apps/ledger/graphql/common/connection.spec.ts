import { GraphQLError } from 'graphql';
import { pageOf, type ListIdentity, type PageArgs } from './connection';

const items = Array.from({ length: 100 }, (_, key) => ({ key }));
const cut = (list: typeof items, identity: ListIdentity, args: PageArgs) =>
  pageOf(list, ({ key }) => key, identity, args);
const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions['code'] : error;
  }
  return undefined;
};

test('a cursor is read once, however long the list is: what it belongs to may be a long filter', () => {
  let read = 0;
  const identity = { list: 'some', toJSON: () => (read++, 'some') };
  const after = cut(items, identity, { first: 99 }).pageInfo.endCursor;
  read = 0;
  expect(cut(items, identity, { first: 1, after }).edges).toMatchObject([{ key: 99 }]);
  expect(read).toBeLessThanOrEqual(2);
});

test('what is no cursor, or one of another list, is refused as that by an empty list too', () => {
  const other = cut(items, { list: 'other' }, { first: 1 }).pageInfo.endCursor;
  for (const list of [items, []]) {
    expect(codeOf(() => cut(list, { list: 'some' }, { after: 'none' }))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => cut(list, { list: 'some' }, { after: other }))).toBe('CURSOR_MISMATCH');
  }
});
