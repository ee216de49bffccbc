import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { Logger } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { EventStoreError, StoreUnavailable } from '@ledger/event-store/errors';
import { activityOf } from '../observability/activity';
import { upper } from './common/names';
import { variableIssues } from './variable-issues';

const log = new Logger('GraphQL');

/**
 * What goes wrong outside a result union, each with a stable `extensions.code`: malformed and refused queries, limits, the
 * store. Unknown errors are logged with their cause and shown as INTERNAL: no text, path or stack of ours leaks.
 */
export const errorFormatter: NonNullable<MercuriusDriverConfig['errorFormatter']> = (
  { data, errors: given = [] },
  context,
) => {
  const { issues, others } = variableIssues(given.flatMap(unfolded));
  const told = others.map(shown);
  const errors = [...(issues.length === 0 ? [] : [badVariables(issues)]), ...told];
  activityOf(context.reply?.request.raw)?.problems.push(
    ...issues.map(({ code, path }) => ({ code, path })),
    ...told.map(({ extensions }, index) => ({ code: String(extensions['code']), ours: isOurs(others[index]) })),
  );
  return { statusCode: data == null ? statusOf(given) : 200, response: { data: data ?? null, errors } };
};

/** Mercurius wraps everything that is wrong with a query into one error of its own. */
const unfolded = (error: GraphQLError): readonly GraphQLError[] => {
  const inner = (error.originalError as { errors?: unknown } | undefined)?.errors;
  if (!Array.isArray(inner)) return [error];
  return inner.map((one: unknown) =>
    one instanceof GraphQLError
      ? one
      : new GraphQLError(error.message, { originalError: error.originalError, extensions: detail(one) }),
  );
};

const detail = (one: unknown) => (one instanceof Error ? { detail: one.message } : {});

/** Within an execution the answer is 200, as GraphQL over HTTP has it; what failed before it says so in the status too. */
const statusOf = (errors: readonly GraphQLError[]): number => {
  const [first] = errors;
  if (first === undefined || first.path !== undefined) return 200;
  const { originalError } = first;
  const status = (originalError as { statusCode?: number } | undefined)?.statusCode;
  if (status !== undefined) return status;
  return originalError === undefined || originalError instanceof GraphQLError ? 200 : 500;
};

/** Errors of Mercurius, Fastify and the checks before them carry a status; those below 500 are about the request. */
const isOurs = (error: GraphQLError | undefined): boolean => {
  const cause = error?.originalError;
  if (cause instanceof GraphQLError || cause === undefined || cause === null) return false;
  return ((cause as { statusCode?: number }).statusCode ?? 500) >= 500;
};

/** The error as callers see it. */
export const shown = (error: GraphQLError): GraphQLError => {
  const cause = error.originalError;
  const as = (message: string, extensions: Record<string, unknown>) =>
    new GraphQLError(message, {
      nodes: error.nodes,
      source: error.source,
      positions: error.positions,
      path: error.path,
      extensions,
    });
  if (cause instanceof StoreUnavailable)
    return as(
      'The event store cannot be reached. A command may have been carried out: send it again with the same commandId.',
      { code: 'STORE_UNAVAILABLE' },
    );
  if (cause instanceof GraphQLError || cause === undefined || cause === null) {
    const extensions = { ...cause?.extensions, ...error.extensions };
    return as(error.message, { ...extensions, code: extensions['code'] ?? 'BAD_QUERY' });
  }
  if (!isOurs(error)) {
    const { statusCode: status = 500, code = '' } = cause as { statusCode?: number; code?: string };
    const known = error.extensions['code'] ?? BY_CODE[code] ?? BY_STATUS[status] ?? 'BAD_REQUEST';
    return as(error.message, { ...error.extensions, code: known });
  }
  log.error(cause);
  return as('Something went wrong on our side; nothing more is told here.', {
    code: cause instanceof EventStoreError ? upper(cause.code) : 'INTERNAL',
  });
};

/** For what is not formatted elsewhere, such as the source of a subscription. */
export const shownError = (thrown: unknown): GraphQLError =>
  shown(
    thrown instanceof GraphQLError
      ? thrown
      : new GraphQLError('', { originalError: thrown instanceof Error ? thrown : new Error(String(thrown)) }),
  );

const BY_CODE: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
};
const BY_STATUS: Readonly<Record<number, string>> = { 413: 'TOO_LARGE', 415: 'NOT_JSON' };

type Issue = ReturnType<typeof variableIssues>['issues'][number];

const badVariables = (issues: readonly Issue[]): GraphQLError =>
  new GraphQLError(
    issues.map(({ variable, path, message }) => `${[`$${variable}`, ...path].join('.')}: ${message}`).join('; '),
    { extensions: { code: 'INVALID_INPUT', issues } },
  );
