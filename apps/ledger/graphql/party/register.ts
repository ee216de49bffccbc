import { Args, Context, Field, ID, InputType, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { z } from 'zod';
import { ACTS } from '@ledger/domain/catalogue';
import type { WhenRecord } from '@ledger/domain/fact/times';
import { inForceAt, type PartyRecord } from '@ledger/domain/party/record';
import type { Instant } from '@ledger/domain/time/instant';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { afterKey, connectionOf, forwards, PageArgs, pageFrom } from '../common/connection';
import { toId } from '../common/ids';
import { ProtectedText, protectedText, UNREADABLE } from '../common/protected-text';
import { InstantScalar, SequenceScalar } from '../common/scalars';
import type { Sight } from '../common/sight';
import { addOutputs } from '../derived/output-type';
import { presentFields, presentWhen } from '../fact/present';
import { Contact, enumOf, When } from '../fact/types';
import { sightOf, type ViewObject } from '../ledger/objects';
import { CertaintyEnum, LedgerView } from '../ledger/types';

const fieldOf = (act: string, field: string): z.ZodType => ACTS.get(act)?.schema.shape[field] as z.ZodType;
const PartySort = enumOf(fieldOf('party-registered', 'sort'));
const ContactPurpose = enumOf(fieldOf('contact-point-added', 'purpose'));

/** What the act that records one says of it. */
const {
  partyId: _,
  agreementId: __,
  ...AGREEMENT_FIELDS
} = ACTS.get('agreement-recorded')?.schema.shape as Record<string, z.ZodType>;

@ObjectType({ description: 'An agreement with a party, as the view shows it.' })
export class Agreement {
  @Field(() => ID, { description: 'Its id, as inputs take it.' })
  localId: string;
  @Field(() => When, {
    nullable: true,
    description: 'When it ended before, or without, an agreed end; null: it did not.',
  })
  ended: When | null;
  @Field(() => CertaintyEnum, {
    nullable: true,
    description: 'Whether it was in force at the time asked for; null when none was asked for.',
  })
  inForce: string | null;
}
addOutputs(Agreement, AGREEMENT_FIELDS);

@ObjectType({ description: 'A processor that a party engages.' })
export class SubProcessor {
  @Field({ description: 'The sub-processor, by the id that facts use.' })
  localId: string;
  @Field(() => ProtectedText, { nullable: true, description: 'Its registered name; null when it is not registered.' })
  name: ProtectedText | null;
  @Field(() => When, { description: 'Since when.' })
  since: When;
  @Field(() => ProtectedText, { nullable: true, description: 'What for; null: not said.' })
  purpose: ProtectedText | null;
  @Field(() => Boolean, { description: 'Whether an end is on record.' })
  released: boolean;
}

@ObjectType({ description: 'Whom to ask at a party.' })
export class ContactPoint {
  @Field(() => ID, { description: 'Its id, as inputs take it.' })
  localId: string;
  @Field(() => ContactPurpose, { description: 'What for.' })
  purpose: string;
  @Field(() => Contact, { description: 'How to reach it.' })
  contact: Contact;
}

@ObjectType({ description: 'A party on the register, as the view shows it.' })
export class Party {
  @Field({ description: 'The id that facts use for it.' })
  localId: string;
  @Field(() => ProtectedText, { description: 'Its name.' })
  name: ProtectedText;
  @Field(() => PartySort, { description: 'What it is.' })
  sort: string;
  @Field(() => SequenceScalar, { description: 'Ordinal of the event that registered it.' })
  registered: string;
  @Field(() => [SubProcessor], { description: 'Processors that it engages or engaged, in order of recording.' })
  subProcessors: SubProcessor[];
  @Field(() => [ContactPoint], { description: 'Contact points in use.' })
  contactPoints: ContactPoint[];
}

export const PartyConnection = connectionOf(Party, 'Party', 'parties on the register, in order of registration');

@InputType({ description: 'Which parties.' })
export class PartyFilterInput {
  @Field(() => [PartySort], { nullable: true, description: 'What it is.' })
  sorts?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'The ids that facts use.' })
  partyIds?: string[] | null;
}

interface PartyObject {
  readonly record: PartyRecord;
  readonly sight: Sight;
}

export const presentParty = (views: LedgerViews, record: PartyRecord, sight: Sight) => ({
  record,
  sight,
  localId: record.partyId,
  name: () => protectedText(payloadOf(views, record.sequence)['name'] ?? UNREADABLE),
  sort: record.sort,
  registered: String(record.sequence),
  subProcessors: record.subProcessors.map(({ subProcessor, sequence, until }) => ({
    localId: subProcessor,
    name: async () => protectedText(await sight.loaders.partyName(subProcessor, sight.asOf)),
    since: () => presentWhen(payloadOf(views, sequence)['since'] as WhenRecord),
    purpose: () => protectedText(payloadOf(views, sequence)['purpose']),
    released: until !== undefined,
  })),
  contactPoints: [...record.contacts].map(([contactId, sequence]) => {
    const payload = payloadOf(views, sequence);
    return {
      localId: toId('contact', contactId),
      purpose: payload['purpose'],
      ...presentFields({ contact: fieldOf('contact-point-added', 'contact') }, payload, '', sight),
    };
  }),
});

const payloadOf = (views: LedgerViews, sequence: number): Readonly<Record<string, unknown>> =>
  views.acts.payload(sequence) ?? {};

@Resolver(() => Party)
export class PartyResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => [Agreement], {
    description: 'Agreements on record, in order of recording; at a time: those that were, or may have been, in force.',
  })
  agreements(
    @Parent() { record, sight }: PartyObject,
    @Args('inForceAt', { type: () => InstantScalar, nullable: true, description: 'In force at this instant.' })
    at: string | null,
  ) {
    return record.agreements.flatMap((agreement) => {
      const inForce = at == null ? undefined : inForceAt(agreement, at as Instant);
      if (inForce === 'impossible') return [];
      const payload = payloadOf(this.views, agreement.sequence);
      return [
        {
          ...presentFields(AGREEMENT_FIELDS, payload, '', sight),
          localId: toId('agreement', agreement.agreementId),
          ended:
            agreement.ended === undefined
              ? null
              : presentWhen(payloadOf(this.views, agreement.ended.sequence)['ended'] as WhenRecord),
          inForce: inForce ?? null,
        },
      ];
    });
  }
}

@Resolver(() => LedgerView)
export class LedgerPartiesResolver {
  constructor(private readonly views: LedgerViews) {}

  @ResolveField(() => PartyConnection, { description: 'The register of parties; pages go forwards.' })
  parties(
    @Parent() { view }: ViewObject,
    @Args() page: PageArgs,
    @Args('filter', { type: () => PartyFilterInput, nullable: true, description: 'Which parties.' })
    filter: PartyFilterInput | null,
    @Context() { loaders }: RequestContext,
  ) {
    const identity = { list: 'parties', filter, requested: view.requested };
    const { size } = forwards(page);
    const sight = sightOf(view, loaders);
    const found = this.views.parties
      .parties(view.asOf.sequence, afterKey(identity, page) ?? 0, -1)
      .filter(
        ({ sort, partyId }) => (filter?.sorts?.includes(sort) ?? true) && (filter?.partyIds?.includes(partyId) ?? true),
      )
      .slice(0, size + 1)
      .map((record) => ({ key: record.sequence, node: presentParty(this.views, record, sight) }));
    return pageFrom(found, ({ key }) => key, identity, page);
  }
}
