import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  GraphQLError,
  isObjectType,
  isRequiredArgument,
  parseValue,
  print,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { WrongUse } from '../command';
import { isConnection, Selections } from './selection';

type Values = Readonly<Record<string, unknown>>;

/** Sends one request to a ledger and answers the body. */
export type Ask = (body: { readonly query: string; readonly variables?: Values }) => Promise<GraphQLBody>;

export interface GraphQLBody {
  readonly data?: Values | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Values }[];
}

export interface ViewRequest {
  readonly view: string;
  /** Its id, as the schema takes it. */
  readonly incidentId?: string | undefined;
  readonly recorded?: string | undefined;
  readonly sequence?: string | undefined;
  readonly knownAt?: string | undefined;
  readonly knownBy?: string | undefined;
  /** Further arguments of the list, as they are written in GraphQL. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** What an export says of itself: everything but its rows. */
export interface ViewHead {
  readonly view: string;
  readonly incident?: string;
  readonly arguments?: Values;
  readonly requested: unknown;
  /** The moment that it shows: what to cite. */
  readonly resolved: Values;
  /** What the list says of itself beside its rows. */
  readonly totals?: Values;
}

/** A list of one moment. */
export interface ExportedView {
  readonly head: ViewHead;
  /** All of them, asked for while they are taken. */
  readonly rows: AsyncIterable<Values>;
}

/** Whatever the server says no to. */
class AskedInVain extends Error {
  constructor(
    message: string,
    readonly extensions: Values,
  ) {
    super(message);
  }
}

const LARGEST_PAGE = 200;

type Send = (query: string, variables?: Values) => Promise<Values>;

/**
 * Any list of the schema under `ledger`, or under one incident, as of one moment: page by page, with every plain value
 * that the schema holds for it. The moment is fixed before the first page.
 */
export const exportView = async (ask: Ask, request: ViewRequest): Promise<ExportedView> => {
  const send: Send = async (query, variables = {}) => {
    const { data, errors } = await ask({ query, variables });
    if (errors?.[0] !== undefined)
      throw new AskedInVain(errors.map(({ message }) => message).join('; '), errors[0].extensions ?? {});
    return data ?? {};
  };
  const introspection = await send(getIntrospectionQuery({ descriptions: false }));
  const schema = buildClientSchema(introspection as unknown as IntrospectionQuery);
  const list = listAskedFor(schema, request);
  const moment = await momentOf(send, schema, request);
  const pages = pagesOf(send, pageQuery(schema, list, request, moment.resolved), list, request);
  const first = await pages.next();
  const { edges: _, pageInfo: __, ...totals } = (first.value ?? {}) as Partial<Page>;
  return {
    head: {
      view: list.name,
      ...(request.incidentId !== undefined && { incident: request.incidentId }),
      ...(Object.keys(request.arguments).length > 0 && { arguments: request.arguments }),
      ...moment,
      ...(Object.keys(totals).length > 0 && { totals }),
    },
    rows: rowsOf(first, pages),
  };
};

async function* rowsOf(
  first: IteratorResult<Page, void>,
  pages: AsyncIterator<Page, void>,
): AsyncGenerator<Values, void> {
  for (let page = first; page.done !== true; page = await pages.next())
    for (const { cursor: _, ...row } of page.value.edges) yield row;
}

interface Moment {
  readonly requested: unknown;
  readonly resolved: Values;
}

/** Which moment is meant, and which one that is. */
const momentOf = async (send: Send, schema: GraphQLSchema, request: ViewRequest): Promise<Moment> => {
  const selections = new Selections(schema);
  const fields = fieldsOf(objectOf(fieldsOf(schema.getQueryType()!)['ledger']!));
  const points = ['requested', 'resolved'].map((name) => `${name} ${selections.of(objectOf(fields[name]!))}`);
  const asOf = literal({ recorded: request.recorded, sequence: request.sequence }, { known: knownIn(request) });
  const query = `{ ledger${inBrackets({ asOf })} { ${points.join(' ')} } }\n${selections.definitions()}`;
  return (await send(query))['ledger'] as Moment;
};

const knownIn = ({ knownAt, knownBy }: ViewRequest): string | undefined => literal({ at: knownAt, by: knownBy });

/** One page of the list as of the moment that was found: by its sequence, so that nothing comes in between. */
const pageQuery = (schema: GraphQLSchema, list: List, request: ViewRequest, { sequence }: Values): string => {
  const selections = new Selections(schema);
  const connection = fieldsOf(objectOf(list));
  const beside = Object.values(connection)
    .filter(({ name }) => name !== 'edges' && name !== 'pageInfo')
    .map((field) =>
      isObjectType(getNamedType(field.type)) ? `${field.name} ${selections.of(objectOf(field))}` : field.name,
    );
  const page = [
    ...beside,
    `edges ${selections.of(objectOf(connection['edges']!))}`,
    'pageInfo { hasNextPage endCursor }',
  ];
  const args = inBrackets({ first: '$first', after: '$after', ...request.arguments });
  const field = `${list.name}${args} { ${page.join(' ')} }`;
  const inIncident =
    request.incidentId === undefined ? field : `incident(id: ${JSON.stringify(request.incidentId)}) { ${field} }`;
  const asOf = literal({ sequence: String(sequence) }, { known: knownIn(request) });
  return `query Export($first: Int, $after: String) { ledger${inBrackets({ asOf })} { ${inIncident} } }\n${selections.definitions()}`;
};

/** Page after page, each as large as the server answers at once. */
async function* pagesOf(
  send: Send,
  query: string,
  { name }: List,
  { incidentId }: ViewRequest,
): AsyncGenerator<Page, void> {
  let size = LARGEST_PAGE;
  for (let after: string | null = null; ;) {
    try {
      const { ledger } = (await send(query, { first: size, after })) as { ledger: Record<string, unknown> };
      const holder = incidentId === undefined ? ledger : (ledger['incident'] as Record<string, unknown> | null);
      if (holder === null) throw new WrongUse(`no incident ${incidentId} is on record as of that moment`);
      const page = holder[name] as Page;
      yield page;
      if (!page.pageInfo.hasNextPage) return;
      after = page.pageInfo.endCursor;
    } catch (error) {
      const smaller = error instanceof AskedInVain ? affordable(size, error.extensions) : undefined;
      if (smaller === undefined) throw error;
      size = smaller;
    }
  }
}

type List = GraphQLField<unknown, unknown>;

interface Page {
  readonly edges: readonly Values[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const fieldsOf = (type: GraphQLObjectType): Readonly<Record<string, GraphQLField<unknown, unknown>>> =>
  type.getFields();
const objectOf = (field: GraphQLField<unknown, unknown>): GraphQLObjectType =>
  getNamedType(field.type) as GraphQLObjectType;

/** The list of that name: of the incident where one is asked for, else of the whole ledger. */
const listAskedFor = (schema: GraphQLSchema, { view, incidentId, arguments: given }: ViewRequest): List => {
  const ledger = objectOf(fieldsOf(schema.getQueryType()!)['ledger']!);
  const incident = objectOf(fieldsOf(ledger)['incident']!);
  const [from, other] = incidentId === undefined ? [ledger, incident] : [incident, ledger];
  const lists = (type: GraphQLObjectType) =>
    Object.values(fieldsOf(type)).filter(({ type: of }) => isConnection(getNamedType(of)));
  const list = lists(from).find(({ name }) => name.toLowerCase() === view.replaceAll(/[-_ ]/g, '').toLowerCase());
  if (list === undefined) {
    const elsewhere = lists(other).some(({ name }) => name === view);
    const hint = !elsewhere
      ? ''
      : incidentId === undefined
        ? ' It is one of an incident: give --incident.'
        : ' It is one of the whole ledger: leave --incident out.';
    throw new WrongUse(
      `there is no view ${view} here; there are ${lists(from)
        .map(({ name }) => name)
        .join(', ')}.${hint}`,
    );
  }
  const lacking = list.args.filter((each) => isRequiredArgument(each) && !(each.name in given));
  if (lacking.length > 0)
    throw new WrongUse(
      `${list.name} needs ${lacking.map(({ name, type }) => `--with ${name}=… (${String(type)})`).join(' and ')}`,
    );
  return list;
};

/** As many rows as the server answers at once; undefined when its refusal was about something else. */
const affordable = (size: number, { code, cost, maxCost }: Values): number | undefined =>
  code !== 'TOO_COSTLY' || size === 1
    ? undefined
    : Math.max(1, Math.min(size - 1, Math.floor((size * Number(maxCost)) / Number(cost))));

/** `{ a: "x" }` of what is given; undefined when that is nothing. `raw` is GraphQL already. */
const literal = (
  texts: Readonly<Record<string, string | undefined>>,
  raw: Readonly<Record<string, string | undefined>> = {},
): string | undefined => {
  const fields = [
    ...Object.entries(texts).flatMap(([name, text]) =>
      text === undefined ? [] : [`${name}: ${JSON.stringify(text)}`],
    ),
    ...Object.entries(raw).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
  ];
  return fields.length === 0 ? undefined : `{ ${fields.join(', ')} }`;
};

const inBrackets = (args: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return given.length === 0 ? '' : `(${given.join(', ')})`;
};

/** `by=[KIND]`: an argument of a list, as GraphQL writes it. */
export const readArgument = (text: string): [name: string, value: string] => {
  const [, name, value] = /^([A-Za-z]\w*)=(.+)$/s.exec(text) ?? [];
  try {
    if (name !== undefined && value !== undefined) return [name, print(parseValue(value, { noLocation: true }))];
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new WrongUse(`--with ${text}: ${error.message}`);
  }
  throw new WrongUse(`--with ${text}: must be an argument of the view and its value as in GraphQL, such as by=[KIND]`);
};
