/** Who may know whom among the modules. Everything else travels as an event. */
const MAY_IMPORT = {
  audit: [],
  tasks: [],
  keys: ['tasks'],
  queues: ['auth'],
  users: [],
  organizations: ['users', 'tasks'],
  webhooks: ['organizations', 'tasks'],
  auth: ['users', 'organizations', 'tasks', 'webhooks'],
  notifications: ['users', 'organizations', 'auth', 'webhooks'],
};

/** A module without a line in the table: when an organization is erased, its data goes too. */
const ANY_MODULE_MAY_IMPORT = ['organizations'];

/** The same inside the one bounded context that is made of features. */
const FEATURE_MAY_IMPORT = {
  applications: [],
  'event-types': [],
  endpoints: ['applications', 'event-types'],
  messages: ['applications', 'event-types'],
  deliveries: ['applications', 'event-types', 'endpoints', 'messages'],
  operational: ['applications', 'endpoints', 'messages', 'deliveries'],
  usage: [],
  retention: [],
};

/** What domain/ may use of the platform: no I/O in there. */
const KERNEL =
  '^src/platform/((access|declarations|domain|errors|events|ids|time|crypto)/|batching/turnstile|destinations/attempt-outcome)';
const DOMAIN_PACKAGES = 'node_modules/(typeorm|zod)/';
const TYPEORM = 'node_modules/(typeorm|@nestjs/typeorm)/';

/** Processes and threads begin here; what none of them reaches is dead. */
const ENTRY_POINTS =
  '^src/(main|worker|migrate|keys|queues|audit|doctor|drill|retention|reference|local/start|platform/transformation/quickjs-thread)\\.ts$';

const MODULES = '^src/modules';
const WEBHOOKS = `${MODULES}/webhooks`;
/** A slice owns commands/, domain/, …: a module, or a feature of webhooks. $1 in `to` is the slice of `from`. */
const SLICE = `${MODULES}/(webhooks/[^/]+|[^/]+)`;
const TEST_CODE = '([.-]spec|\\.contract)\\.ts$|/testing/';

const edges = (name, folder, table) =>
  Object.entries(table).map(([from, to]) => ({
    name,
    comment: `${from} may import ${to.join(', ') || 'none of its neighbours'}: anything more is an event, or a change of the table above.`,
    from: { path: `${folder}/${from}/` },
    to: { path: `${folder}/[^/]+/`, pathNot: `${folder}/(${[from, ...to].join('|')})/` },
  }));

const rules = [
  {
    name: 'feature-on-the-map',
    comment: 'A feature of webhooks has a line in FEATURE_MAY_IMPORT.',
    from: { path: `${WEBHOOKS}/(?!(${Object.keys(FEATURE_MAY_IMPORT).join('|')})/)[^/]+/` },
    to: {},
  },
  {
    name: 'module-contract-only',
    comment: 'Another module is entered through its index.ts and nothing else.',
    from: { path: `${MODULES}/([^/]+)/` },
    to: { path: `${MODULES}/[^/]+/.+`, pathNot: [`${MODULES}/$1/`, `${MODULES}/[^/]+/index\\.ts$`] },
  },
  {
    name: 'module-contract-only',
    comment: 'The composition root, too, sees contracts only.',
    from: { path: '^src/', pathNot: `${MODULES}/` },
    to: { path: `${MODULES}/[^/]+/.+`, pathNot: `${MODULES}/[^/]+/index\\.ts$` },
  },
  {
    name: 'feature-contract-only',
    comment: 'Another feature of webhooks is entered through its index.ts and nothing else.',
    from: { path: `${WEBHOOKS}/([^/]+)/` },
    to: { path: `${WEBHOOKS}/[^/]+/.+`, pathNot: [`${WEBHOOKS}/$1/`, `${WEBHOOKS}/[^/]+/index\\.ts$`] },
  },
  {
    name: 'feature-contract-only',
    comment: 'The module of the context, too, sees contracts only.',
    from: { path: `${WEBHOOKS}/[^/]+\\.ts$` },
    to: { path: `${WEBHOOKS}/[^/]+/.+`, pathNot: `${WEBHOOKS}/[^/]+/index\\.ts$` },
  },
  ...edges('module-edges', MODULES, MAY_IMPORT),
  {
    name: 'module-edges',
    comment: `A module without a line in the table may import ${ANY_MODULE_MAY_IMPORT.join(', ')}: anything more is an event, or a line.`,
    from: { path: `${MODULES}/(?!(?:${Object.keys(MAY_IMPORT).join('|')})/)([^/]+)/` },
    to: { path: `${MODULES}/[^/]+/`, pathNot: `${MODULES}/(?:${['$1', ...ANY_MODULE_MAY_IMPORT].join('|')})/` },
  },
  ...edges('feature-edges', WEBHOOKS, FEATURE_MAY_IMPORT),
  {
    name: 'contract-hides-internals',
    comment: 'index.ts exports the Nest module, events, queries and commands: never entities, repositories, adapters or controllers.',
    from: { path: `${SLICE}/index\\.ts$` },
    to: { path: `${MODULES}/$1/(domain|infra|http|processors|testing)/` },
  },
  {
    name: 'platform-is-a-library',
    comment: 'platform/ knows no feature and no configuration: its settings come in through constructors and tokens.',
    from: { path: '^src/platform/' },
    to: { path: '^src/', pathNot: '^src/platform/' },
  },
  {
    name: 'config-is-a-leaf',
    comment: 'config/ reads the environment; it knows nobody who uses the result.',
    from: { path: '^src/config/' },
    to: { path: '^src/', pathNot: ['^src/config/', '^src/platform/(settings/|logging/log-levels)', KERNEL] },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'A migration means the same in ten years: it does not change with the code of the day.',
    from: { path: ['^migrations/', `${MODULES}/[^/]+/migrations/`] },
    to: { path: '^src/', pathNot: '/migrations/' },
  },
  {
    name: 'domain-is-inner',
    comment: 'domain/ sees its own folder, its events and the platform kernel. Nothing that does I/O.',
    from: { path: `${SLICE}/domain/`, pathNot: TEST_CODE },
    to: { path: '^(src|migrations)/', pathNot: [`${MODULES}/$1/domain/`, `${MODULES}/$1/[^/]+\\.events\\.ts$`, KERNEL] },
  },
  {
    name: 'domain-libraries',
    comment: 'Of packages domain/ uses typeorm (decorators) and zod; of Node nothing.',
    from: { path: `${SLICE}/domain/`, pathNot: TEST_CODE },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'], pathNot: DOMAIN_PACKAGES },
  },
  {
    name: 'commands-use-ports',
    comment: 'A command handler depends on ports: not on adapters, controllers, processors or typeorm.',
    from: { path: `${SLICE}/commands/`, pathNot: TEST_CODE },
    to: { path: [`${MODULES}/$1/(infra|http|processors)/`, TYPEORM] },
  },
  {
    name: 'queries-skip-the-domain',
    comment: 'A query is SQL to view: of its slice it knows the errors, and nothing that writes.',
    from: { path: `${SLICE}/queries/`, pathNot: TEST_CODE },
    to: { path: `${MODULES}/$1/(commands|domain|infra|http|processors)/`, pathNot: '\\.errors\\.ts$' },
  },
  {
    name: 'edges-only-dispatch',
    comment: 'Controllers and processors translate and dispatch: no domain object, no repository, no SQL.',
    from: { path: `${SLICE}/(?:http|processors)/`, pathNot: TEST_CODE },
    to: { path: [`${MODULES}/$1/(domain|infra)/`, TYPEORM] },
  },
  {
    name: 'local-is-for-entry-points',
    comment: 'src/local is the embedded development mode; the product does not know of it.',
    from: { path: '^src/.+/', pathNot: '^src/local/' },
    to: { path: '^src/local/' },
  },
  {
    name: 'local-uses-no-feature',
    comment: 'The embedded mode starts and seeds Posthorn from outside, as a user would.',
    from: { path: '^src/local/' },
    to: { path: '^src/', pathNot: '^src/(local|platform|config)/' },
  },
  {
    name: 'no-test-code-in-production',
    comment: 'Fakes, builders and contracts serve tests.',
    from: { path: '^(src|migrations)/', pathNot: TEST_CODE },
    to: { path: [TEST_CODE, '^test/'] },
  },
  {
    name: 'declared-packages',
    comment: 'What runs in production stands under dependencies in package.json. (The embedded mode is no production.)',
    from: { path: '^(src|migrations)/', pathNot: [TEST_CODE, '^src/local/'] },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'], dependencyTypesNot: ['type-only'] },
  },
  { name: 'no-cycles', comment: 'Two files that need each other are one file, or lack a third.', from: {}, to: { circular: true } },
  {
    name: 'no-orphans',
    comment: 'No process reaches this file.',
    from: { path: ENTRY_POINTS },
    to: { path: '^(src|migrations)/', pathNot: [TEST_CODE, ENTRY_POINTS], reachable: false },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      mainFields: ['main', 'types'],
      exportsFields: ['exports'],
      conditionNames: ['posthorn-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
