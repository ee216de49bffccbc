import { Field, ID, InterfaceType } from '@nestjs/graphql';

/** Every object says its own type, so this never throws, whatever a row looks like. */
export const resolveType = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && '__typename' in value ? (value.__typename as string) : undefined;

@InterfaceType('Node', { description: 'Something that never changes, with an id for ever.', resolveType })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque, at most 64 characters.' })
  id: string;
}
