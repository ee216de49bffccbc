import { Args, Context, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { z } from 'zod';
import { ACTS } from '@ledger/domain/catalogue';
import type { WhenRecord } from '@ledger/domain/fact/times';
import { boundsOf } from '@ledger/domain/as-of/trace';
import { beginning, knownBy } from '@ledger/domain/time/bounds';
import type { Instant } from '@ledger/domain/time/instant';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { InstantScalar } from '../common/scalars';
import { addOutputs } from '../derived/output-type';
import { presentFields } from '../fact/present';
import { sightOf, type ViewObject } from '../ledger/objects';
import { LedgerView } from '../ledger/types';

const FIELDS = ACTS.get('organisation-profile-stated')?.schema.shape as Record<string, z.ZodType>;

/** Its fields are those of the act. */
@ObjectType({ description: 'The organisation that keeps this ledger, as its profile of a time states it.' })
export class OrganisationProfile {}
addOutputs(OrganisationProfile, FIELDS);

@Resolver(() => LedgerView)
export class OrganisationResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => OrganisationProfile, {
    nullable: true,
    description:
      'Profile of the organisation that keeps this ledger at a time: the last one that had certainly begun by then. Null: none is on record.',
  })
  organisation(
    @Parent() { view }: ViewObject,
    @Args('at', { type: () => InstantScalar, nullable: true, description: 'The time. Absent: the moment of the view.' })
    at: string | null,
    @Context() { loaders }: RequestContext,
  ) {
    const when = (at ?? view.moment) as Instant;
    const begun = this.views.acts
      .subjects('organisation-profile-stated', view.asOf.sequence)
      .flatMap(({ sequence }) => {
        const payload = this.views.acts.payload(sequence) ?? {};
        const validFrom = payload['validFrom'] as WhenRecord | undefined;
        const from = validFrom && beginning({ ...boundsOf(validFrom), precision: validFrom.precision });
        return from !== undefined && knownBy(from, when) === 'certain' ? [{ payload, latest: from.latest ?? '' }] : [];
      })
      .sort((a, b) => (a.latest < b.latest ? -1 : a.latest > b.latest ? 1 : 0));
    const profile = begun.at(-1)?.payload;
    return profile === undefined ? null : presentFields(FIELDS, profile, '', sightOf(view, loaders));
  }
}
