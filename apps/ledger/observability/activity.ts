import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What was wrong with a request: a code and a place, never a message, since messages quote. */
export interface Problem {
  readonly code: string;
  /** Way to the field of an input. A client's own words may be among its steps. */
  readonly path?: readonly string[];
  /** The fault is ours. */
  readonly ours?: boolean;
}

/** One request, or one WebSocket connection, from its first byte to its last. */
export interface Activity {
  /** UUID. In the answer's header, in every line of the log, in what is recorded; without its dashes the id of the trace. */
  readonly correlationId: string;
  /** The caller's span in the same trace. */
  readonly caller: string | undefined;
  /** When it began; see `now`. */
  readonly from: number;
  /** The span of the command that is being carried out. */
  readonly span?: string;
  /** Known once a document was understood. */
  operation?: 'query' | 'mutation' | 'subscription';
  readonly problems: Problem[];
}

/** In ms since the epoch, finer than a millisecond, by a clock that does not jump while the process lives. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Whose work is being done right now. Nothing is request-scoped: this follows the promises. */
export const activity = new AsyncLocalStorage<Activity>();

const of = new WeakMap<object, Activity>();

/** `request` is Node's: Fastify has one of its own for each phase. */
export const activityOf = (request: object | undefined): Activity | undefined =>
  (request === undefined ? undefined : of.get(request)) ?? activity.getStore();

/** Each ends once, however many ways there are to end. */
export const endActivity = (request: object): Activity | undefined => {
  const ended = of.get(request);
  of.delete(request);
  return ended;
};

export const beginActivity = (request: { readonly headers: IncomingHttpHeaders }, correlationId: string): Activity => {
  const [, trace, span] = TRACEPARENT.exec(String(request.headers.traceparent)) ?? [];
  const caller = trace === traceIdOf(correlationId) ? span : undefined;
  const begun = { correlationId, caller, from: now(), problems: [] };
  of.set(request, begun);
  return begun;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** https://www.w3.org/TR/trace-context: version, trace, span, flags; later versions may add to it. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** The caller's own id where he sends one that can hold nothing but an id; a fresh one otherwise. */
export const correlationIdOf = ({ headers }: { readonly headers: IncomingHttpHeaders }): string => {
  const own = String(headers['x-correlation-id']).toLowerCase();
  if (UUID.test(own) && /[1-9a-f]/.test(own)) return own;
  const trace = TRACEPARENT.exec(String(headers['traceparent']))?.[1];
  return trace === undefined ? randomUUID() : trace.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

export const traceIdOf = (correlationId: string): string => correlationId.replaceAll('-', '');
