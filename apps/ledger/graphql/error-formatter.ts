import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { Logger } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import mercurius from 'mercurius';
import { StoreUnavailable, EventStoreError } from '@ledger/event-store/errors';

const log = new Logger('GraphQL');

/**
 * What goes wrong outside a result union, each with a stable `extensions.code`: malformed and refused queries, limits, the
 * store. Unknown errors are logged with their cause and shown as INTERNAL: no text, path or stack of ours leaks.
 */
export const errorFormatter: NonNullable<MercuriusDriverConfig['errorFormatter']> = (execution, context) => {
  const { statusCode } = mercurius.defaultErrorFormatter(execution, context);
  const errors = (execution.errors ?? []).map((error) => shown(error));
  return { statusCode: statusCode ?? 200, response: { data: execution.data ?? null, errors } };
};

const shown = (error: GraphQLError): GraphQLError => {
  const cause = error.originalError;
  const at = { nodes: error.nodes, path: error.path };
  if (cause instanceof StoreUnavailable)
    return new GraphQLError(
      'The event store cannot be reached. A command may have been carried out: send it again with the same commandId.',
      {
        ...at,
        extensions: { code: 'STORE_UNAVAILABLE' },
      },
    );
  if (cause instanceof GraphQLError || cause === undefined || cause === null) {
    const inner = cause ?? error;
    const code = (inner.extensions['code'] as string | undefined) ?? (error.extensions['code'] as string | undefined);
    return new GraphQLError(error.message, {
      ...at,
      extensions: { ...inner.extensions, ...issuesOf(error.message, code) },
    });
  }
  // Errors of Mercurius and Fastify carry a status; those below 500 are about the request.
  const status = (cause as { statusCode?: number }).statusCode ?? 500;
  if (status < 500) return new GraphQLError(error.message, { ...at, extensions: { code: 'BAD_REQUEST' } });
  log.error(cause instanceof EventStoreError ? `${cause.code}: ${cause.message}` : (cause.stack ?? cause.message));
  const code = cause instanceof EventStoreError ? cause.code.replaceAll('-', '_').toUpperCase() : 'INTERNAL';
  return new GraphQLError('Something went wrong on our side; nothing more is told here.', {
    ...at,
    extensions: { code },
  });
};

/** graphql-js says in words where a variable does not fit; callers get it as a path, as everywhere else. */
const issuesOf = (message: string, code: string | undefined): Record<string, unknown> => {
  if (code !== undefined) return { code };
  const found = /^Variable "\$(\w+)" got invalid value .*?(?: at "\1\.([^"]+)")?; (.*)$/s.exec(message);
  if (found === null) return { code: 'BAD_QUERY' };
  const path = (found[2] ?? '').split(/[.[\]]+/).filter((step) => step !== '');
  return { code: 'INVALID_INPUT', issues: [{ path, code: 'INVALID', message: found[3] }] };
};
