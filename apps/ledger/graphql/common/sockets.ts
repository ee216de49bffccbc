import type { Socket } from 'node:net';
import { GraphQLError } from 'graphql';

export const MAX_SUBSCRIPTIONS = 50;

const held = new WeakMap<Socket, Set<() => void>>();

/**
 * Has `stop` called when the connection closes, until the returned function is called. Mercurius loses sight of a
 * subscription whose id a client uses twice; the socket does not.
 */
export const holdWhileOpen = (socket: Socket, stop: () => void): (() => void) => {
  const stops = held.get(socket) ?? new Set();
  if (stops.size >= MAX_SUBSCRIPTIONS)
    throw new GraphQLError(`one connection holds at most ${MAX_SUBSCRIPTIONS} subscriptions`, {
      extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
    });
  if (!held.has(socket)) {
    held.set(socket, stops);
    socket.once('close', () => stops.forEach((each) => each()));
  }
  stops.add(stop);
  return () => void stops.delete(stop);
};
