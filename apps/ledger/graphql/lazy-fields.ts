import { isObjectType, type GraphQLSchema } from 'graphql';

/**
 * Lets an object hold a function where a value costs a look-up: it is called when the field is selected. graphql-js does
 * so by default; the resolvers that Nest puts in its place do not.
 */
export const callLazyFields = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (resolve === undefined) continue;
      field.resolve = (source, args, context, info): unknown => {
        const value: unknown = resolve(source, args, context, info);
        return typeof value === 'function' ? (value as () => unknown)() : value;
      };
    }
  }
  return schema;
};
