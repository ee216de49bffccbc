import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyRequest } from 'fastify';
import {
  getOperationAST,
  GraphQLError,
  Location,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql';
import mercurius from 'mercurius';
import { checkLimits, oneOperation, type Limits } from './limits';

/** Published: longer documents are refused before they are looked at. Values belong into variables. */
export const MAX_TOKENS = 4000;

const WEBSOCKET_PING_MS = 30_000;

const parseOptions = { maxTokens: MAX_TOKENS };
const validationRules = [oneOperation];

/** What may come in over HTTP and WebSocket, and how much of it. */
export const transport = (
  limits: Limits,
): Pick<
  MercuriusDriverConfig,
  'graphql' | 'validationRules' | 'allowBatchedQueries' | 'additionalRouteOptions' | 'subscription' | 'hooks'
> => ({
  graphql: { parseOptions },
  validationRules,
  allowBatchedQueries: false,
  additionalRouteOptions: { preHandler: (request, _, done) => done(refusal(request)) },
  subscription: {
    // No preflight protects a WebSocket: any page could open one from the browser of whoever can reach this server.
    verifyClient: ({ origin, req }, next) => next(isSameOrigin(origin, req.headers.host), 403),
    keepAlive: WEBSOCKET_PING_MS,
  },
  hooks: {
    preValidation: (_, document) => mustBeText(document),
    preExecution: (schema, document, _, variables) => {
      if (getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION)
        throw new GraphQLError('subscriptions are answered over a WebSocket (graphql-transport-ws)', {
          extensions: { code: 'NEEDS_WEBSOCKET' },
        });
      checkLimits(schema, document, variables, limits);
    },
    // Mercurius neither limits nor validates the document of a subscription.
    preSubscriptionParsing: (_, source) => void parse(source, parseOptions),
    preSubscriptionExecution: (schema, document) => {
      mustBeText(document);
      const [fault] = validate(schema, document, [...specifiedRules, ...validationRules]);
      if (fault !== undefined)
        throw new GraphQLError(fault.message, {
          nodes: fault.nodes,
          extensions: { code: 'BAD_QUERY', ...fault.extensions },
        });
      checkLimits(schema, document, {}, limits);
    },
  },
});

/** Mercurius would also take a syntax tree written as JSON, to which no limit of the parser applies. */
const mustBeText = (document: DocumentNode | null): void => {
  if (!(document?.loc instanceof Location))
    throw new GraphQLError('the query is not written in GraphQL', { extensions: { code: 'BAD_QUERY' } });
};

/**
 * JSON by POST or a WebSocket, and nothing else: what a foreign page can make a browser send without asking first (a
 * link, a form, plain text) never reaches a resolver.
 */
const refusal = (request: FastifyRequest & { readonly ws?: unknown }): Error | undefined => {
  if (request.method === 'GET')
    return request.ws === true ? undefined : refused('queries are sent by POST', 'POST_ONLY', 405);
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    return refused('the body must be application/json', 'NOT_JSON', 415);
  const body = request.body as { query?: unknown } | null;
  return request.validationError !== undefined || (typeof body?.query === 'string' && body.query.trim() !== '')
    ? undefined
    : refused('the body holds no query', 'NO_QUERY', 400);
};

const refused = (message: string, code: string, status: number): Error =>
  new mercurius.ErrorWithProps(message, { code }, status);

const isSameOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
