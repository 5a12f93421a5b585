const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const swcrc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
// Like the build, except that the build leaves test code out.
const swc = { ...swcrc, $schema: undefined, exclude: undefined, swcrc: false };

/** Where most files of a test come from: without asking a transformer for each, it is loaded in three quarters of the time. */
const COMMON_JS = [
  '@opentelemetry/api',
  '@sqltools/formatter',
  'ajv',
  'bull',
  'es-toolkit',
  'fastify',
  'iconv-lite',
  'ioredis',
  'lodash',
  'luxon',
  'pg',
  'pg-protocol',
  'pino',
  'prom-client',
  'rxjs',
  'semver',
  'typeorm',
  'undici',
  'uuid',
  'yaml',
];

const common = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['posthorn-source', 'node', 'node-addons'] },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/client/dist/',
    '<rootDir>/dashboard/',
    '<rootDir>/\\.posthorn/',
    '<rootDir>/test/arch/fixtures/',
  ],
  // A thread runs what was built: Node alone reads no TypeScript.
  moduleNameMapper: { '^\\./quickjs-thread$': '<rootDir>/dist/platform/transformation/quickjs-thread.js' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '^.+\\.(js|mjs)$': '<rootDir>/test/support/jest-esm-to-cjs.cjs',
  },
  // Of node_modules the second transformer decides by itself, but for what is known to be CommonJS.
  transformIgnorePatterns: ['\\.cjs$', `/node_modules/(${COMMON_JS.join('|')})/(?!.*/node_modules/).*\\.js$`],
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/test/support/network-guard.ts'],
};

/** Where an API answers, its answers are watched. */
const watched = { setupFilesAfterEnv: [...common.setupFilesAfterEnv, '<rootDir>/test/support/description-guard.ts'] };

/** … and here its logs are. */
const guarded = { setupFilesAfterEnv: [...watched.setupFilesAfterEnv, '<rootDir>/test/support/log-guard.ts'] };

/** Projects that need PostgreSQL and Redis share one pair, started before the first of their files. */
const services = {
  globalSetup: '<rootDir>/test/support/start-services.ts',
  globalTeardown: '<rootDir>/test/support/stop-services.ts',
};

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  maxWorkers: '100%',
  testTimeout: 30_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', '!src/**/testing/**', '!src/*.ts'],
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'], testPathIgnorePatterns: ['\\.int\\.spec\\.ts$'] },
    { ...common, displayName: 'arch', testMatch: ['<rootDir>/test/arch/**/*.arch-spec.ts'] },
    { ...common, ...services, displayName: 'int', testMatch: ['<rootDir>/src/**/*.int.spec.ts'] },
    {
      ...common,
      ...services,
      ...guarded,
      displayName: 'e2e',
      testMatch: ['<rootDir>/{test/e2e,test/conformance,src/modules}/**/*.e2e-spec.ts'],
    },
    { ...common, ...services, ...watched, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.fault-spec.ts'] },
    { ...common, displayName: 'guides', testMatch: ['<rootDir>/test/guides/**/*.guide-spec.ts'] },
    { ...common, displayName: 'start', testMatch: ['<rootDir>/test/start/**/*.start-spec.ts'] },
  ],
};
