import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isLeafType,
  isListType,
  Kind,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';
import { DEFAULT_PAGE, MAX_PAGE } from './common/connection';

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

/** Plain values come with their object. */
const objectEstimator: ComplexityEstimator = ({ field, childComplexity }) =>
  isLeafType(getNamedType(field.type)) ? 0 : 1 + childComplexity;

/** A list without pages is short in most records; how long it is cannot be seen from the query. */
const SHORT_LIST = 5;
const UNPAGED = /(Edge|^TimelineEntry|^StanceTaken|^Agreement|^SubProcessor|^ContactPoint)$/;

/** Pages and lists of ids cost what one of theirs costs, as often as there may be some. */
const listEstimator: ComplexityEstimator = ({ field, args, childComplexity }) => {
  if (Array.isArray(args['ids'])) return args['ids'].length * (1 + childComplexity);
  const { name } = getNamedType(field.type);
  if (!name.endsWith('Connection'))
    return isListType(getNullableType(field.type)) && UNPAGED.test(name) && field.name !== 'edges'
      ? 1 + SHORT_LIST * childComplexity
      : undefined;
  // A size out of bounds is refused where the page is read; here it must not pay for the rest of the query.
  const asked = Number(args['first'] ?? args['last'] ?? DEFAULT_PAGE);
  return PAGE_COST + Math.min(Math.max(asked, 1), MAX_PAGE) * childComplexity;
};

/** To find a page costs something even when little of it is selected. */
const PAGE_COST = 100;

/**
 * The published rule (`docs/guides/errors.md`): every object costs 1; a page 100, and what is below it as often as it may
 * have edges; a list of ids each of its objects; one of entries without pages five. Plain values are free. Of fragments on different types the dearest
 * counts. No document may open into more selections than the limit. Depth counts nested selections with fragments opened.
 * Answers the cost; throws TOO_DEEP and TOO_COSTLY, which say what it would have been. The document must be valid.
 */
export const checkLimits = (
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown> | null | undefined,
  { maxCost, maxDepth }: Limits,
): number => {
  const { depth, selections } = measure(document);
  if (depth > maxDepth)
    throw new GraphQLError(`the query is ${depth} levels deep; at most ${maxDepth} are answered`, {
      extensions: { code: 'TOO_DEEP', depth, maxDepth },
    });
  // Fragments in fragments can open into more selections than anybody could count one by one.
  if (selections > maxCost) throw tooCostly(selections, maxCost);
  const cost = getComplexity({
    schema,
    query: document,
    variables: variables ?? {},
    estimators: [listEstimator, objectEstimator],
    maxQueryNodes: Infinity,
  });
  if (cost > maxCost) throw tooCostly(cost, maxCost);
  return cost;
};

const tooCostly = (cost: number, maxCost: number): GraphQLError =>
  new GraphQLError(`the query costs ${cost}; at most ${maxCost} is answered`, {
    extensions: { code: 'TOO_COSTLY', cost, maxCost },
  });

interface Size {
  readonly depth: number;
  /** How many, with fragments opened wherever they are spread. */
  readonly selections: number;
}
const NOTHING: Size = { depth: 0, selections: 0 };

const measure = (document: DocumentNode): Size => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = new Map<SelectionSetNode, Size>();
  const below = (set: SelectionSetNode | undefined): Size => {
    if (set === undefined) return NOTHING;
    const known = measured.get(set);
    if (known !== undefined) return known;
    const size = set.selections.reduce<Size>((sofar, selection) => {
      const isField = selection.kind === Kind.FIELD;
      const within = below(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments.get(selection.name.value)?.selectionSet
          : selection.selectionSet,
      );
      return {
        depth: Math.max(sofar.depth, within.depth + (isField ? 1 : 0)),
        selections: sofar.selections + 1 + within.selections,
      };
    }, NOTHING);
    measured.set(set, size);
    return size;
  };
  return document.definitions.reduce<Size>((sofar, definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return sofar;
    const { depth, selections } = below(definition.selectionSet);
    return { depth: Math.max(sofar.depth, depth), selections: sofar.selections + selections };
  }, NOTHING);
};
