import { Injectable } from '@nestjs/common';
import { Field, InterfaceType } from '@nestjs/graphql';
import type { Accepted } from '@ledger/application/transact';
import type { AsOf } from '@ledger/domain/as-of/view';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { enumType } from './enums';
import { resolveType } from './node';
import { PositionTokens } from './position-tokens';
import { PositionScalar, RevisionScalar } from './scalars';

const CommandEffect = enumType({
  name: 'CommandEffect',
  description: 'What a command that was carried out came to.',
  values: {
    recorded: 'It is on record.',
    'already-so': 'What it asks for held already: nothing was recorded, and nothing of it is kept.',
  },
});

@InterfaceType({
  description: 'A command was carried out. Select it in every mutation, as `ErrorResult`.',
  resolveType,
})
export abstract class Recorded {
  @Field(() => PositionScalar, {
    nullable: true,
    description: 'For `consistentTo`; null when nothing lies in the stream, or when the fact is privileged.',
  })
  position: string | null;
  @Field(() => RevisionScalar, {
    nullable: true,
    description:
      "The stream's revision after it, for `expectedRevision` of the next command; null when the fact is privileged.",
  })
  revision: string | null;
  @Field({ description: 'True: this command had been carried out before; this is its first outcome.' })
  replayed: boolean;
  @Field(() => CommandEffect, { description: 'Whether something was recorded.' })
  effect: string;
}

const WAIT_FOR_VIEWS_MS = 3_000;

export const MEMBERS_GROW = 'Success, or why not. The list of members grows: select `... on ErrorResult`.';

/** What mutations answer when all went well. */
@Injectable()
export class Answers {
  constructor(
    private readonly views: LedgerViews,
    private readonly positions: PositionTokens,
  ) {}

  recorded({ position, revision, replayed, alreadySo }: Accepted, typename: string) {
    return {
      __typename: typename,
      position: position === undefined ? null : this.positions.seal(position),
      revision: revision < 0n ? null : revision.toString(),
      replayed,
      effect: alreadySo ? 'already-so' : 'recorded',
    };
  }

  /** Neither position nor revision: they would tell how many privileged facts there are. */
  privileged({ replayed }: Accepted, typename: string) {
    return { __typename: typename, position: null, revision: null, replayed, effect: 'recorded' };
  }

  /** The moment at which the views hold what was written, or, after a bounded wait, what they hold. */
  async written({ position }: Accepted): Promise<AsOf> {
    if (position !== undefined) await this.views.reached(position, WAIT_FOR_VIEWS_MS);
    return { sequence: this.views.head() };
  }
}
