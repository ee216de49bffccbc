/** The rooms of the house and which doors exist between them. `npm run boundaries` fails on any other import. */
const OURS = '^(apps|libs|test)/';
/** Production code: everything but the tests that lie beside it. */
const CODE = '\\.spec\\.ts$';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '\\.(cjs|mjs|json)$', '^apps/[^/]+/main\\.ts$', '^test/'] },
      to: {},
    },
    {
      name: 'domain-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: CODE },
      to: { path: OURS, pathNot: '^libs/domain/' },
    },
    {
      name: 'pure-rooms-do-no-io',
      comment: 'domain and integrity know no file, clock, network or framework (node:crypto hashing is pure).',
      severity: 'error',
      from: { path: '^libs/(domain|integrity|regimes)/', pathNot: [CODE, '/sqlite/'] },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'application-sees-domain-and-ports',
      severity: 'error',
      from: { path: '^libs/application/', pathNot: CODE },
      to: {
        path: OURS,
        pathNot: ['^libs/(application|domain)/', '^libs/event-store/[^/]+\\.ts$', '^libs/privacy/[^/]+\\.ts$'],
      },
    },
    {
      name: 'libs-never-import-apps',
      severity: 'error',
      from: { path: '^libs/', pathNot: CODE },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'only-the-adapter-knows-eventstoredb',
      severity: 'error',
      from: { pathNot: ['^libs/event-store/eventstoredb/', '^test/'] },
      to: { path: ['node_modules/@eventstore/', 'node_modules/@grpc/'] },
    },
    {
      name: 'only-sqlite-folders-know-the-driver',
      severity: 'error',
      from: { pathNot: ['/sqlite/', '^test/', CODE] },
      to: { path: 'node_modules/better-sqlite3/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nest-stays-at-the-edge',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['\\.module\\.ts$', CODE] },
      to: { path: 'node_modules/@nestjs/', pathNot: 'node_modules/@nestjs/cqrs/' },
    },
    {
      name: 'only-observability-knows-its-tools',
      severity: 'error',
      from: { path: ['^apps/', '^libs/'], pathNot: ['^apps/ledger/observability/', CODE] },
      to: { path: 'node_modules/(prom-client|pino|@opentelemetry)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cqrs-only-in-application-and-apps',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['^libs/application/', '\\.module\\.ts$'] },
      to: { path: 'node_modules/@nestjs/cqrs/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'], mainFields: ['main', 'types'] },
  },
};
