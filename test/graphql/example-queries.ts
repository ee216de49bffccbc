import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  getNullableType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  Kind,
  parse,
  parseValue,
  print,
  TypeInfo,
  typeFromAST,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type GraphQLInputType,
  type GraphQLSchema,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { EXAMPLE_QUERIES } from '../../apps/ledger/http/example-queries';

const root = join(__dirname, '../..');

export interface DocumentedQuery {
  readonly title: string;
  readonly query: string;
  /** From a block of JSON behind the query. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

const markdown = (): string[] => {
  const guides = join(root, 'docs/guides');
  const names = existsSync(guides) ? readdirSync(guides).map((name) => join(guides, name)) : [];
  return [join(root, 'README.md'), ...names].filter((file) => file.endsWith('.md') && existsSync(file));
};

const BLOCK = /^```graphql[^\n]*\n([\s\S]*?)^```(?:\s*```json[^\n]*\n([\s\S]*?)^```)?/gm;

/** The console's examples and every fenced `graphql` block of the README and the guides. */
export const documentedQueries = (): DocumentedQuery[] => [
  ...EXAMPLE_QUERIES.map(({ title, query }) => ({ title: `console: ${title}`, query })),
  ...markdown().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(BLOCK)].map(([, query = '', json], index) => ({
      title: `${relative(root, file)}, block ${index + 1}`,
      query,
      ...(json === undefined ? {} : { variables: JSON.parse(json) as Record<string, unknown> }),
    })),
  ),
];

export const operationOf = (query: string) => getOperationAST(parse(query))?.operation;

/** The same query with every literal argument in a variable of its own. */
export const withVariables = (schema: GraphQLSchema, { query, variables = {} }: DocumentedQuery) => {
  const types = new TypeInfo(schema);
  const values: Record<string, unknown> = { ...variables };
  const definitions: VariableDefinitionNode[] = [];
  const document = visit(
    parse(query),
    visitWithTypeInfo(types, {
      Argument(node) {
        const type = types.getInputType();
        if (!type || !isConstant(node.value)) return undefined;
        const name = `v${definitions.length}`;
        values[name] = valueFromASTUntyped(node.value);
        definitions.push(variableDefinition(name, String(type)));
        return { ...node, value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } };
      },
    }),
  );
  const extended = visit(document, {
    OperationDefinition: (node) => ({
      ...node,
      variableDefinitions: [...(node.variableDefinitions ?? []), ...definitions],
    }),
  });
  return { query: print(extended), variables: values, count: definitions.length };
};

/** The same query with the value of every variable written where it is used. */
export const withLiterals = (schema: GraphQLSchema, { query, variables = {} }: DocumentedQuery): string => {
  const literals = new Map<string, ValueNode>();
  const document = visit(parse(query), {
    VariableDefinition(node) {
      const type = typeFromAST(schema, node.type as never);
      if (!isInputType(type)) throw new Error(`${print(node)} is no input`);
      const name = node.variable.name.value;
      const literal = name in variables ? literalOf(variables[name], type) : node.defaultValue;
      if (literal) literals.set(name, literal);
      return null;
    },
  });
  const used = visit(document, {
    Argument: (node) => (node.value.kind === Kind.VARIABLE && !literals.has(node.value.name.value) ? null : undefined),
    Variable: (node) => literals.get(node.name.value) as never,
  });
  return print(used);
};

/** A JSON value as it is written in a query: of an enum by its name. */
const literalOf = (value: unknown, type: GraphQLInputType): ValueNode => {
  const nullable = getNullableType(type);
  if (value === null || value === undefined) return { kind: Kind.NULL };
  if (isEnumType(nullable)) return { kind: Kind.ENUM, value: value as string };
  if (isListType(nullable))
    return { kind: Kind.LIST, values: [value].flat().map((entry) => literalOf(entry, nullable.ofType)) };
  if (!isInputObjectType(nullable)) return parseValue(JSON.stringify(value));
  const fields = Object.entries(value as Record<string, unknown>).map(([name, entry]) => ({
    kind: Kind.OBJECT_FIELD as const,
    name: { kind: Kind.NAME as const, value: name },
    value: literalOf(entry, nullable.getFields()[name]?.type as GraphQLInputType),
  }));
  return { kind: Kind.OBJECT, fields };
};

const isConstant = (value: ValueNode): boolean => {
  let constant = true;
  visit(value, {
    Variable() {
      constant = false;
    },
  });
  return constant;
};

const variableDefinition = (name: string, type: string): VariableDefinitionNode => {
  const [operation] = parse(`query ($${name}: ${type}) { x }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(type);
  return operation.variableDefinitions?.[0] as VariableDefinitionNode;
};
