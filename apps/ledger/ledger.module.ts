import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { CloseIncidentHandler } from '@ledger/application/incident/close-incident';
import { EraseTextsHandler } from '@ledger/application/incident/erase-texts';
import { OpenIncidentHandler } from '@ledger/application/incident/open-incident';
import { RecordFactHandler } from '@ledger/application/incident/record-fact';
import { KeyCustody } from '@ledger/application/key-custody';
import { LedgerKey } from '@ledger/application/ledger-key';
import { RegisterPartyHandler } from '@ledger/application/party/register-party';
import { Transactor } from '@ledger/application/transact';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { makeLoaders } from './graphql/common/loaders';
import { PositionTokens } from './graphql/common/position-tokens';
import { Answers } from './graphql/common/recorded';
import { errorFormatter } from './graphql/error-formatter';
import { FactCommands, FactMutations } from './graphql/fact/mutations';
import { ENTRY_TYPES } from './graphql/fact/kinds';
import { UnreadableEntry } from './graphql/fact/types';
import { IncidentMutations } from './graphql/incident/incident.resolver';
import { ComparisonResolver } from './graphql/ledger/comparison.resolver';
import { EntriesRecordedResolver } from './graphql/ledger/entries-recorded.resolver';
import { IncidentStateResolver, LedgerResolver, LedgerViewResolver } from './graphql/ledger/ledger.resolver';
import { callLazyFields } from './graphql/lazy-fields';
import type { Limits } from './graphql/limits';
import { PartyMutations } from './graphql/party/party.resolver';
import { describeRoots } from './graphql/root-types';
import { transport } from './graphql/transport';
import { ConsoleController } from './http/console.controller';
import { HealthController } from './http/health.controller';
import type { LedgerResources } from './ledger-resources';

const HANDLERS = [
  OpenIncidentHandler,
  CloseIncidentHandler,
  RecordFactHandler,
  RegisterPartyHandler,
  EraseTextsHandler,
];

const RESOLVERS = [
  LedgerResolver,
  LedgerViewResolver,
  IncidentStateResolver,
  ComparisonResolver,
  EntriesRecordedResolver,
  FactMutations,
  IncidentMutations,
  PartyMutations,
];

/** Types that are reached only through interfaces. */
const ORPHANED_TYPES = [...ENTRY_TYPES.values(), UnreadableEntry];

/** The composition root: everything is made before and handed in; nothing here is request-scoped. */
@Module({})
export class LedgerModule {
  static forRoot(resources: LedgerResources, limits: Limits): DynamicModule {
    const { views, transactor, custody, ledgerKey, identity } = resources;
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
          context: () => ({ userId: identity.userId, loaders: makeLoaders(views) }),
          errorFormatter,
          ...transport(limits),
        }),
      ],
      controllers: [HealthController, ConsoleController],
      providers: [
        { provide: LedgerViews, useValue: views },
        { provide: Transactor, useValue: transactor },
        { provide: KeyCustody, useValue: custody },
        { provide: LedgerKey, useValue: ledgerKey },
        ...HANDLERS,
        { provide: PositionTokens, useValue: new PositionTokens(ledgerKey.key) },
        Answers,
        FactCommands,
        ...RESOLVERS,
      ],
    };
  }
}
