const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

interface Reply {
  code(status: number): Reply;
  send(body: unknown): unknown;
}

/**
 * While the ledger listens on this machine alone, it answers to this machine's names alone: a foreign page whose name is
 * made to point here (DNS rebinding) sends its own name along.
 */
export const onlyLocalNames = (
  request: { readonly headers: { readonly host?: string } },
  reply: Reply,
  done: () => void,
): void => {
  if (LOCAL.test(request.headers.host ?? '')) return done();
  const error = { message: 'This ledger answers to local names only.', extensions: { code: 'FOREIGN_HOST' } };
  reply.code(403).send({ data: null, errors: [error] });
};
