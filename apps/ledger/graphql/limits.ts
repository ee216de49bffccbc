import {
  getNamedType,
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { getComplexity, simpleEstimator, type ComplexityEstimator } from 'graphql-query-complexity';
import { DEFAULT_PAGE } from './common/connection';

/** One document, one operation: what runs must not depend on a name beside it. */
export const oneOperation = (context: ValidationContext): ASTVisitor => ({
  Document(node) {
    const operations = node.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    if (operations.length > 1)
      context.reportError(
        new GraphQLError('a document holds exactly one operation', {
          nodes: operations,
          extensions: { code: 'ONE_OPERATION' },
        }),
      );
  },
});

export interface Limits {
  readonly maxCost: number;
  readonly maxDepth: number;
}

/** A page costs what one edge costs, as often as the page may have edges. */
const pageEstimator: ComplexityEstimator = ({ field, args, childComplexity }) =>
  getNamedType(field.type).name.endsWith('Connection')
    ? 1 + Number(args['first'] ?? args['last'] ?? DEFAULT_PAGE) * childComplexity
    : undefined;

/**
 * The published rule: every field costs 1, a page as often what is below it as it may have edges. Depth counts nested
 * selections with fragments opened. Throws; what it would have cost is told.
 */
export const checkLimits = (
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown> | null | undefined,
  { maxCost, maxDepth }: Limits,
): void => {
  const depth = depthOf(document);
  if (depth > maxDepth)
    throw new GraphQLError(`the query is ${depth} levels deep; at most ${maxDepth} are answered`, {
      extensions: { code: 'TOO_DEEP', depth, maxDepth },
    });
  const cost = getComplexity({
    schema,
    query: document,
    variables: variables ?? {},
    estimators: [pageEstimator, simpleEstimator({ defaultComplexity: 1 })],
  });
  if (cost > maxCost)
    throw new GraphQLError(`the query costs ${cost}; at most ${maxCost} is answered`, {
      extensions: { code: 'TOO_COSTLY', cost, maxCost },
    });
};

const depthOf = (document: DocumentNode): number => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = new Map<SelectionSetNode, number>();
  const below = (selections: SelectionSetNode | undefined): number => {
    if (selections === undefined) return 0;
    const known = measured.get(selections);
    if (known !== undefined) return known;
    const depths = selections.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return 1 + below(selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) return below(selection.selectionSet);
      return below(fragments.get(selection.name.value)?.selectionSet);
    });
    const depth = Math.max(0, ...depths);
    measured.set(selections, depth);
    return depth;
  };
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  return Math.max(0, ...operations.map(({ selectionSet }) => below(selectionSet)));
};
