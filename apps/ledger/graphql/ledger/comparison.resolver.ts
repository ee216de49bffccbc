import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { differenceOf } from '@ledger/domain/as-of/difference';
import type { Seen } from '@ledger/domain/as-of/view';
import { LedgerViews } from '@ledger/projections/ledger-views';
import type { RequestContext } from '../common/answer';
import { PageArgs, pageOf } from '../common/connection';
import { idArgument } from '../common/ids';
import { asOf, presentView } from './ledger.resolver';
import { sightOf, type ViewObject } from './objects';
import { presentEdge } from './timeline';
import { AsOfInput, ChangeConnection, LedgerComparison } from './types';
import { resolveView } from './view';

interface ComparisonObject {
  readonly incidentId: string;
  readonly from: ViewObject;
  readonly to: ViewObject;
}

@Resolver(() => LedgerComparison)
export class ComparisonResolver {
  constructor(private readonly views: LedgerViews) {}

  @Query(() => LedgerComparison, {
    nullable: true,
    description: 'One incident as of two moments, and what differs; null: it is on record at neither.',
  })
  async comparison(
    @Args('from', { type: () => AsOfInput, description: 'The first moment.' }) from: AsOfInput,
    @Args('to', { type: () => AsOfInput, description: 'The second moment.' }) to: AsOfInput,
    @Args('incidentId', { type: () => ID, description: 'The incident.' }) incidentId: string,
    @Context() request: RequestContext,
  ) {
    const id = idArgument('inc', incidentId, 'incidentId');
    const now = request.now();
    const [first, second] = [
      await resolveView(this.views, asOf(from), undefined, now),
      await resolveView(this.views, asOf(to), undefined, now),
    ];
    const onRecord = [first, second].some(({ asOf }) => this.views.incidents.at(id, asOf).record.sequence > 0);
    return onRecord ? { incidentId: id, from: presentView(first), to: presentView(second) } : null;
  }

  @ResolveField(() => ChangeConnection, { description: 'Entries that differ between the two views.' })
  changes(
    @Parent() { incidentId, from, to }: ComparisonObject,
    @Args() page: PageArgs,
    @Context() { loaders }: RequestContext,
  ) {
    const sides = [from, to].map(({ view }) => {
      const shown = this.views.incidents.at(incidentId, view.asOf);
      return {
        seen: new Map(shown.seen.map((seen) => [seen.trace.sequence, seen])),
        edge: (seen: Seen) => presentEdge(this.views, seen, shown, sightOf(view, loaders)),
      };
    });
    const [first, second] = sides as [(typeof sides)[0], (typeof sides)[0]];
    const sequences = [...new Set([...first.seen.keys(), ...second.seen.keys()])].sort((a, b) => a - b);
    const different = sequences.flatMap((sequence) => {
      const before = first.seen.get(sequence);
      const after = second.seen.get(sequence);
      const changes = differenceOf(before, after);
      return changes.length === 0 ? [] : [{ sequence, changes, before, after }];
    });
    const identity = { list: 'changes', incidentId, from: from.view.requested, to: to.view.requested };
    const cut = pageOf(different, ({ sequence }) => sequence, identity, page);
    return {
      pageInfo: cut.pageInfo,
      total: different.length,
      edges: cut.edges.map(({ cursor, changes, before, after }) => {
        const shownBefore = before && first.edge(before);
        const shownAfter = after && second.edge(after);
        return { cursor, changes, before: shownBefore, after: shownAfter, node: (shownAfter ?? shownBefore)?.node };
      }),
    };
  }
}
