import type { LoggerService } from '@nestjs/common';
import type { FastifyBaseLogger } from 'fastify';
import { GraphQLError } from 'graphql';
import pino, { type DestinationStream, type Logger } from 'pino';
import { EventStoreError } from '@ledger/event-store/errors';
import { AnotherLog, ViewsTaken } from '@ledger/projections/runner';
import { activity } from './activity';

export type Log = Logger;

/**
 * JSON lines on standard error; standard output is for people. Nothing personal may stand in a line: no payload, no name,
 * no address of a client, no URL, no words that somebody sent. So nobody hands an error to it but through `described`.
 */
export const createLog = (level: string, destination: DestinationStream = pino.destination(2)): Log =>
  pino(
    {
      level,
      base: null, // the name of the machine may be somebody's
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => described(error) },
      mixin: () => {
        const correlationId = activity.getStore()?.correlationId;
        return correlationId === undefined ? {} : { correlationId };
      },
    },
    destination,
  );

/** Errors whose words are ours: they name streams and ids, never what somebody wrote. */
const OURS = [EventStoreError, AnotherLog, ViewsTaken] as const;

/**
 * What may be told of an error: its kind, its code and where it happened. The words of others quote what they were given
 * (`Unexpected token 'J', "Jane Doe" is not valid JSON`), and a stack begins with them.
 */
export const described = (error: unknown, causes = 3): object => {
  if (!isError(error)) return { type: typeof error };
  const { name, message, code, stack, cause } = error;
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    ...(OURS.some((kind) => error instanceof kind) && { message }),
    stack: frames(stack ?? '', message),
    ...(cause !== undefined && causes > 0 && { cause: described(cause, causes - 1) }),
  };
};

/** Wherever it was made: a library may bring a kind of its own. */
export const isError = (error: unknown): error is Error & { readonly code?: unknown } =>
  typeof (error as Error | undefined)?.message === 'string' && typeof (error as Error).name === 'string';

const frames = (stack: string, message: string): string => {
  const words = stack.indexOf(message);
  if (words < 0) return '';
  return stack
    .slice(words + message.length)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
};

/** Nest's own lines, and those of whoever uses its Logger, whose messages must be words of ours. */
export const forNest = (log: Log): LoggerService => {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...more: unknown[]): void => {
      const by = more.at(-1);
      if (isError(message)) log[level]({ by, err: message }, 'failed');
      else log[level]({ by }, String(message));
    };
  return {
    log: at('debug'), // how the modules were put together
    debug: at('debug'),
    verbose: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
};

/**
 * For Fastify and Mercurius, which quote URLs, headers and messages: what they warn of is told without their words. What a
 * subscription was refused for is no error of ours.
 */
export const forFastify = (log: Log): FastifyBaseLogger => {
  const at =
    (level: 'warn' | 'error' | 'fatal') =>
    (first: unknown): void => {
      const { err: given = first } = (first ?? {}) as { err?: unknown };
      const err: unknown = Array.isArray(given) ? given[0] : given;
      const { originalError = err } = (err ?? {}) as { originalError?: unknown };
      log[originalError instanceof GraphQLError ? 'debug' : level]({ by: 'fastify', err: originalError }, 'failed');
    };
  const nothing = (): void => undefined;
  const logger = {
    level: log.level,
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: nothing,
    debug: nothing,
    trace: nothing,
    silent: nothing,
    child: (): unknown => logger,
  };
  return logger as unknown as FastifyBaseLogger;
};
