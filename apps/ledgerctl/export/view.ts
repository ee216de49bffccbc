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

/** A list of one moment, whole. */
export interface ExportedView {
  readonly view: string;
  readonly incident?: string;
  readonly arguments?: Values;
  readonly requested: unknown;
  /** The moment that it shows: what to cite. */
  readonly resolved: Values;
  /** What the list says of itself beside its rows. */
  readonly totals?: Values;
  readonly rows: readonly Values[];
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

/**
 * Any list of the schema under `ledger`, or under one incident, as of one moment: page by page, with every plain value
 * that the schema holds for it. The moment is fixed before the first page.
 */
export const exportView = async (
  ask: Ask,
  request: ViewRequest,
  onRows: (rows: number) => void,
): Promise<ExportedView> => {
  const send = async (query: string, variables: Values = {}): Promise<Values> => {
    const { data, errors } = await ask({ query, variables });
    if (errors?.[0] !== undefined)
      throw new AskedInVain(errors.map(({ message }) => message).join('; '), errors[0].extensions ?? {});
    return data ?? {};
  };
  const schema = buildClientSchema(
    (await send(getIntrospectionQuery({ descriptions: false }))) as unknown as IntrospectionQuery,
  );
  const { list, holder } = find(schema, request);
  const selections = new Selections(schema);
  const known = literal({ at: request.knownAt, by: request.knownBy });

  const moment = fieldsOf(objectOf(fieldsOf(schema.getQueryType()!)['ledger']!));
  const asked = literal({ recorded: request.recorded, sequence: request.sequence }, { known });
  const points = ['requested', 'resolved'].map((name) => `${name} ${selections.of(objectOf(moment[name]!))}`).join(' ');
  const first = await send(`{ ledger${inBrackets({ asOf: asked })} { ${points} } }\n${selections.definitions()}`);
  const { requested, resolved } = first['ledger'] as { readonly requested: unknown; readonly resolved: Values };

  const connection = objectOf(list);
  const pages = new Selections(schema);
  const edge = pages.of(objectOf(fieldsOf(connection)['edges']!));
  const beside = Object.values(fieldsOf(connection))
    .filter(({ name, type }) => name !== 'edges' && name !== 'pageInfo' && getNamedType(type) !== undefined)
    .map((field) =>
      isObjectType(getNamedType(field.type)) ? `${field.name} ${pages.of(objectOf(field))}` : field.name,
    );
  const asOf = literal({ sequence: resolved['sequence'] as string }, { known });
  const page = `${list.name}${inBrackets({ first: '$first', after: '$after', ...request.arguments })} { ${beside.join(' ')} edges ${edge} pageInfo { hasNextPage endCursor } }`;
  const inHolder = holder === undefined ? page : `${holder}(id: ${JSON.stringify(request.incidentId)}) { ${page} }`;
  const query = `query Export($first: Int, $after: String) { ledger${inBrackets({ asOf })} { ${inHolder} } }\n${pages.definitions()}`;

  const rows: Values[] = [];
  let totals: Values = {};
  let size = LARGEST_PAGE;
  for (let after: string | null = null; ;) {
    let data: Values;
    try {
      data = await send(query, { first: size, after });
    } catch (error) {
      const smaller = error instanceof AskedInVain ? affordable(size, error.extensions) : undefined;
      if (smaller === undefined) throw error;
      size = smaller;
      continue;
    }
    const ledger = data['ledger'] as Record<string, Values | null>;
    const held = holder === undefined ? ledger : (ledger[holder] as Record<string, Values> | null);
    if (held === null) throw new WrongUse(`no incident ${request.incidentId} is on record as of that moment`);
    const { edges, pageInfo, ...rest } = held[list.name] as unknown as Page;
    totals = rest;
    for (const { cursor: _, ...row } of edges) rows.push(row);
    onRows(rows.length);
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  return {
    view: list.name,
    ...(request.incidentId !== undefined && { incident: request.incidentId }),
    ...(Object.keys(request.arguments).length > 0 && { arguments: request.arguments }),
    requested,
    resolved,
    ...(Object.keys(totals).length > 0 && { totals }),
    rows,
  };
};

interface Page {
  readonly edges: readonly Values[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const fieldsOf = (type: GraphQLObjectType): Readonly<Record<string, GraphQLField<unknown, unknown>>> =>
  type.getFields();
const objectOf = (field: GraphQLField<unknown, unknown>): GraphQLObjectType =>
  getNamedType(field.type) as GraphQLObjectType;

/** The list of that name: of the incident where one is asked for, else of the whole ledger. */
const find = (schema: GraphQLSchema, { view, incidentId, arguments: given }: ViewRequest) => {
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
  return { list, holder: incidentId === undefined ? undefined : 'incident' };
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
