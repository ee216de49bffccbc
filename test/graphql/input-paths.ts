import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';

type Path = readonly (string | number)[];

/** What is put where a text or an id may stand; the rest is made up so that it fits. */
export interface Filling {
  readonly text: string;
  /** Of a type with `@oneOf`: which of its fields. */
  readonly choice: number;
}

const FITTING: Readonly<Record<string, unknown>> = {
  UUID: '5f0c3f0e-3c39-4b58-9a35-0d0f6c4f7f11',
  Revision: '0',
  Int: 1,
  Boolean: false,
};

/** A value with every field that the type has, one entry in each list, and the ways to its texts and ids. */
export const filled = (type: GraphQLInputObjectType, filling: Filling) => {
  const texts: Path[] = [];
  const value = (of: GraphQLInputType, path: Path): unknown => {
    const nullable = getNullableType(of);
    if (isListType(nullable)) return [value(nullable.ofType, [...path, 0])];
    if (isInputObjectType(nullable)) return object(nullable, path);
    if (isEnumType(nullable)) return nullable.getValues()[0]?.name;
    if (nullable.name in FITTING) return FITTING[nullable.name];
    texts.push(path);
    return filling.text;
  };
  const object = (of: GraphQLInputObjectType, path: Path): object => {
    const all = Object.values(of.getFields());
    const fields = of.isOneOf ? all.slice(filling.choice, filling.choice + 1) : all;
    return Object.fromEntries(fields.map((field) => [field.name, value(field.type, [...path, field.name])]));
  };
  return { input: object(type, []), texts };
};

/** The input type of a mutation's one argument. */
export const inputTypeOf = (type: GraphQLInputType): GraphQLInputObjectType => {
  const named = getNamedType(type);
  if (!isNonNullType(type) || !isInputObjectType(named)) throw new Error(`${String(type)} is no required input object`);
  return named;
};
