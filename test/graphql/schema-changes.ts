import { buildSchema, findBreakingChanges, findDangerousChanges, isAbstractType, type GraphQLSchema } from 'graphql';

export interface SchemaChanges {
  /** A client that worked may not work any more. */
  readonly breaking: readonly string[];
  /** A client that expected nothing new may stumble: a member of a union, a value of an enum, an optional argument. */
  readonly dangerous: readonly string[];
}

/** What the change from one printed schema to another means for clients. */
export const schemaChanges = (before: string, after: string): SchemaChanges => {
  const [old, now] = [buildSchema(before), buildSchema(after)];
  const told = (changes: readonly { readonly type: string; readonly description: string }[]) =>
    changes.map(({ type, description }) => `${type}: ${description}`);
  return {
    breaking: told(findBreakingChanges(old, now)),
    dangerous: [...told(findDangerousChanges(old, now)), ...newImplementations(old, now)],
  };
};

/** graphql-js says nothing of a new type behind an interface that was there before. */
const newImplementations = (old: GraphQLSchema, now: GraphQLSchema): string[] =>
  Object.values(now.getTypeMap()).flatMap((type) => {
    const known = old.getType(type.name);
    if (!('getInterfaces' in type) || known !== undefined) return [];
    return type
      .getInterfaces()
      .filter(({ name }) => isAbstractType(old.getType(name)))
      .map(({ name }) => `TYPE_ADDED_TO_INTERFACE: ${type.name} was added behind ${name}.`);
  });
