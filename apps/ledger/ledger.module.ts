import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyRequest } from 'fastify';
import { EraseTextsHandler } from '@ledger/application/incident/erase-texts';
import { RecordFactHandler } from '@ledger/application/incident/record-fact';
import { KeyCustody } from '@ledger/application/key-custody';
import { LedgerKey } from '@ledger/application/ledger-key';
import { PerformActHandler } from '@ledger/application/perform-act';
import { Transactor } from '@ledger/application/transact';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { ActCommands, ActMutations } from './graphql/act/mutations';
import { IncidentAnalysisResolver, LedgerAnalysisResolver } from './graphql/analysis/analysis';
import { GROUP_RESOLVERS } from './graphql/analysis/groups';
import { makeLoaders } from './graphql/common/loaders';
import { PositionTokens } from './graphql/common/position-tokens';
import { Answers } from './graphql/common/recorded';
import { errorFormatter } from './graphql/error-formatter';
import { FactCommands, FactMutations } from './graphql/fact/mutations';
import { ENTRY_TYPES } from './graphql/fact/kinds';
import { UnreadableEntry } from './graphql/fact/types';
import { IncidentGapsResolver, LedgerGapsResolver } from './graphql/gap/gap';
import { ComparisonResolver } from './graphql/ledger/comparison.resolver';
import { EntriesRecordedResolver } from './graphql/ledger/entries-recorded.resolver';
import { IncidentStateResolver, LedgerResolver, LedgerViewResolver } from './graphql/ledger/ledger.resolver';
import { callLazyFields } from './graphql/lazy-fields';
import type { Limits } from './graphql/limits';
import { OrganisationResolver } from './graphql/organisation/organisation';
import {
  IncidentProcessorsResolver,
  LedgerProcessorsResolver,
  ProcessorIncidentResolver,
  ProcessorResolver,
} from './graphql/party/processor';
import { LedgerPartiesResolver, PartyResolver } from './graphql/party/register';
import { IncidentQuestionsResolver } from './graphql/question/question';
import { describeRoots } from './graphql/root-types';
import { transport } from './graphql/transport';
import { ConsoleController } from './http/console.controller';
import { HealthController } from './http/health.controller';
import { MetricsController } from './http/metrics.controller';
import { Readiness } from './http/readiness';
import type { LedgerResources } from './ledger-resources';
import { Metrics } from './observability/metrics';
import { Observation } from './observability/observation';
import { ObservedGraphql } from './observability/observed-graphql';

const HANDLERS = [PerformActHandler, RecordFactHandler, EraseTextsHandler];

const RESOLVERS = [
  LedgerResolver,
  LedgerViewResolver,
  IncidentStateResolver,
  ComparisonResolver,
  EntriesRecordedResolver,
  IncidentGapsResolver,
  LedgerGapsResolver,
  IncidentQuestionsResolver,
  PartyResolver,
  LedgerPartiesResolver,
  OrganisationResolver,
  ProcessorIncidentResolver,
  ProcessorResolver,
  IncidentProcessorsResolver,
  LedgerProcessorsResolver,
  ...GROUP_RESOLVERS,
  IncidentAnalysisResolver,
  LedgerAnalysisResolver,
  FactMutations,
  ActMutations,
];

/** Types that are reached only through interfaces. */
const ORPHANED_TYPES = [...ENTRY_TYPES.values(), UnreadableEntry];

/** The composition root: everything is made before and handed in; nothing here is request-scoped. */
@Module({})
export class LedgerModule {
  static forRoot(
    resources: LedgerResources,
    limits: Limits,
    observation: Observation,
    readiness: Readiness,
  ): DynamicModule {
    const { views, transactor, custody, ledgerKey, identity, now } = resources;
    return {
      module: LedgerModule,
      imports: [
        CqrsModule.forRoot(),
        GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          autoSchemaFile: true,
          sortSchema: true,
          buildSchemaOptions: { orphanedTypes: ORPHANED_TYPES },
          graphiql: false,
          jit: 0, // with it, a document's other operation ran, scalars were corrupted and resolveType could end the process
          transformSchema: (schema) => describeRoots(callLazyFields(schema)),
          context: ({ id }: FastifyRequest) => ({
            userId: identity.userId,
            correlationId: id,
            loaders: makeLoaders(views),
            now,
          }),
          errorFormatter,
          ...transport(limits),
        }),
      ],
      controllers: [HealthController, MetricsController, ConsoleController],
      providers: [
        { provide: LedgerViews, useValue: views },
        { provide: Transactor, useValue: transactor },
        { provide: KeyCustody, useValue: custody },
        { provide: LedgerKey, useValue: ledgerKey },
        ...HANDLERS,
        { provide: PositionTokens, useValue: new PositionTokens(ledgerKey.key) },
        { provide: Observation, useValue: observation },
        { provide: Metrics, useValue: observation.metrics },
        { provide: Readiness, useValue: readiness },
        ObservedGraphql,
        Answers,
        FactCommands,
        ActCommands,
        ...RESOLVERS,
      ],
    };
  }
}
