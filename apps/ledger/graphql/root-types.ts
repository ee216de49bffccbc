import type { GraphQLSchema } from 'graphql';

/** Nest makes the root types itself and describes none of them. */
export const describeRoots = (schema: GraphQLSchema): GraphQLSchema => {
  const [query, mutation, subscription] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ];
  if (query) query.description = 'What the record says. Under `ledger(asOf:)` everything inherits one moment.';
  if (mutation)
    mutation.description =
      'Commands, one for each thing that can be recorded. They add to the record; nothing changes or removes what is there.';
  if (subscription)
    subscription.description = 'What is recorded from here on, over a WebSocket (graphql-transport-ws).';
  return schema;
};
