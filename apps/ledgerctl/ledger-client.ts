interface Answer {
  readonly position?: string | null;
  readonly code?: string;
  readonly message?: string;
}

/** The ledger did not take a command. */
export class CommandRefused extends Error {
  constructor(
    mutation: string,
    readonly code: string,
    message: string,
  ) {
    super(`${mutation} was not accepted: ${code} ${message}`);
    this.name = 'CommandRefused';
  }
}

/** Speaks GraphQL to a ledger over HTTP, as anybody else would. */
export class LedgerClient {
  constructor(private readonly address: string) {}

  /** Throws with the server's words when it answers with errors. */
  async query<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const response = await fetch(`${this.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
    if (errors !== undefined && errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
    return data;
  }

  /** Sends one command; throws CommandRefused when it is not accepted. Answers the position, for `consistentTo`. */
  async command(mutation: string, input: Readonly<Record<string, unknown>>): Promise<string> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
    const document = `mutation Command($input: ${type}Input!) {
      answer: ${mutation}(input: $input) { ... on Recorded { position } ... on ErrorResult { code message } }
    }`;
    const { answer } = await this.query<{ answer: Answer }>(document, { input });
    if (answer.position == null) throw new CommandRefused(mutation, answer.code ?? '', answer.message ?? '');
    return answer.position;
  }
}
