const KNOWN = ['graphql-transport-ws', 'graphql-ws'];

interface Reply {
  code(status: number): Reply;
  send(body: unknown): unknown;
}

/** The first protocol that a WebSocket offers is the one that it gets. Mercurius would write any other to standard output. */
export const onlyKnownProtocols = (
  { headers }: { readonly headers: { readonly upgrade?: string; readonly 'sec-websocket-protocol'?: string } },
  reply: Reply,
  done: () => void,
): void => {
  const [first = ''] = (headers['sec-websocket-protocol'] ?? '').split(',');
  if (headers.upgrade?.toLowerCase() !== 'websocket' || KNOWN.includes(first.trim())) return done();
  const error = { message: 'The protocol must be graphql-transport-ws.', extensions: { code: 'NEEDS_WEBSOCKET' } };
  reply.code(400).send({ data: null, errors: [error] });
};
