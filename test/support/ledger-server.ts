import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import { readConfig } from '../../apps/ledger/config';
import { createApp, type LedgerApp } from '../../apps/ledger/create-app';
import { pascal } from '../../apps/ledger/graphql/common/names';
import { PositionTokens } from '../../apps/ledger/graphql/common/position-tokens';
import type { LedgerResources } from '../../apps/ledger/ledger-resources';
import { sample } from '../seed-case/sample';

export interface LedgerServerOptions {
  /** The clock of recording; absent: the machine's. */
  readonly now?: () => Date;
  /** Absent: the embedded store. */
  readonly eventStoreUrl?: string;
  /** Folder of the ledger, kept on `stop`. Absent: a temporary one, removed on `stop`. */
  readonly data?: string;
  /** Further variables, such as `LEDGER_MAX_QUERY_COST`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the log goes; it is silent unless `env` says otherwise. */
  readonly logTo?: { write(line: string): void };
}

export interface GraphQLProblem {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string } & Readonly<Record<string, unknown>>;
}

export interface GraphQLAnswer<Data = any> {
  readonly status: number;
  readonly data: Data;
  readonly errors?: readonly GraphQLProblem[];
}

/** What a mutation answered: fields that its `__typename` does not have are absent. */
export interface MutationAnswer {
  readonly __typename: string;
  readonly position?: string;
  readonly revision?: string;
  readonly replayed?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string; readonly message: string }[];
  readonly path?: readonly string[];
  readonly actualRevision?: string | null;
  readonly firstRevision?: string;
}

export interface LedgerServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly data: string;
  readonly schema: GraphQLSchema;
  readonly resources: LedgerResources;
  readonly readiness: LedgerApp['readiness'];
  readonly positions: PositionTokens;
  gql<Data = any>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphQLAnswer<Data>>;
  /** Sends one command and answers the member of its union. Throws when there is a top-level error instead. */
  send(mutation: string, input: Readonly<Record<string, unknown>>): Promise<MutationAnswer>;
  /** Records the sample incident and answers the position of its last event, which the views have reached. */
  loadSample(): Promise<string>;
  stop(): Promise<void>;
}

const FAILURE_FIELDS = `
  ... on ErrorResult { code message }
  ... on InvalidInput { issues { path code message } }
  ... on RevisionConflict { actualRevision }
  ... on CommandReused { firstRevision }
  ... on CommandRejected { path }`;

/** A ledger of its own, listening on a free port of this machine. */
export const startLedger = async (options: LedgerServerOptions = {}): Promise<LedgerServer> => {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'ledger-'));
  const config = readConfig({
    ...(options.eventStoreUrl !== undefined && { LEDGER_LOST_KEYS: 'i-accept-that-old-texts-cannot-be-read' }), // shared
    LEDGER_LOG_LEVEL: 'silent',
    ...options.env,
    LEDGER_DATA: data,
    LEDGER_PORT: '0',
    EVENTSTORE_URL: options.eventStoreUrl,
  });
  const ledger = await createApp(config, options.now, options.logTo);
  const url = await ledger.listen();
  const { schema } = ledger.app.get(GraphQLSchemaHost);
  const positions = ledger.app.get(PositionTokens);

  const gql: LedgerServer['gql'] = async (query, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as { data: never }) };
  };

  const send: LedgerServer['send'] = async (mutation, input) => {
    const { data: answer, errors } = await gql<Record<string, MutationAnswer>>(
      `mutation ($input: ${pascal(mutation)}Input!) {
        ${mutation}(input: $input) { __typename ... on Recorded { position revision replayed } ${FAILURE_FIELDS} }
      }`,
      { input },
    );
    if (errors !== undefined) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
    return answer[mutation] as MutationAnswer;
  };

  return {
    url,
    data,
    schema,
    resources: ledger.resources,
    readiness: ledger.readiness,
    positions,
    gql,
    send,
    async loadSample() {
      let position = '';
      for (const { mutation, input } of sample) {
        const answer = await send(mutation, input);
        if (answer.position === undefined) throw new Error(`${mutation}: ${JSON.stringify(answer)}`);
        position = answer.position;
      }
      if (!(await ledger.resources.views.reached(positions.open(position, 'position'), 10_000)))
        throw new Error('the views did not reach the sample');
      return position;
    },
    async stop() {
      await ledger.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
};
