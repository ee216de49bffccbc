import type { CommandContext, Outcome } from '@ledger/application/transact';
import { upper } from './names';
import type { Loaders } from './sight';
import type { CommandInput } from './command-input';

/** Identity and loaders of one request. The view of a query is never kept here: two aliases would share it. */
export interface RequestContext {
  readonly userId: string;
  /** UUID of the request: it goes into what is recorded. */
  readonly correlationId: string;
  readonly loaders: Loaders;
  /** The ledger's clock. */
  readonly now: () => Date;
}

/**
 * What is privileged keeps no id of its request: one that stands in an open event too would tell to which incident a
 * privileged stream belongs.
 */
export const commandContext = (
  { commandId, expectedRevision, partition }: CommandInput & { readonly partition?: string | null },
  { userId, correlationId }: RequestContext,
): CommandContext => ({
  commandId,
  recordedBy: userId,
  ...(partition === 'privileged' ? {} : { correlationId }),
  ...(expectedRevision == null ? {} : { expectedRevision: BigInt(expectedRevision) }),
});

type Failure = Exclude<Outcome, { outcome: 'accepted' }>;

/** A member of the mutation's union for every outcome but success. */
export const failure = (
  outcome: Failure,
  partition: 'open' | 'privileged' = 'open',
): { readonly __typename: string } & Record<string, unknown> => {
  switch (outcome.outcome) {
    case 'rejected':
      return {
        __typename: 'CommandRejected',
        code: upper(outcome.code),
        message: outcome.message,
        path: outcome.path.map(String),
      };
    case 'revision-conflict':
      return {
        __typename: 'RevisionConflict',
        code: 'REVISION_CONFLICT',
        message: 'The stream is not at the expected revision.',
        actualRevision: outcome.actual === 'no-stream' || partition === 'privileged' ? null : outcome.actual.toString(),
      };
    case 'command-reused':
      return {
        __typename: 'CommandReused',
        code: 'COMMAND_REUSED',
        message: 'This commandId was used before, with other content.',
        firstRevision: partition === 'privileged' ? null : outcome.firstRevision.toString(),
      };
  }
};
