// `npm run permissions`, `npm run events`, `npm run metrics`, `npm run configuration`: writes what is named so from the declarations in the code.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { configurationPage, envExample } from './configuration-page.mjs';
import { eventsPage } from './events-page.mjs';
import { metricsPage } from './metrics-page.mjs';
import { permissionsPage } from './permissions-page.mjs';
import { root } from './steps.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { configuration, ownDeclarations, maxSeries, ROLES } = require('../dist/reference.js');

const PAGES = {
  permissions: { 'docs/permissions.md': () => permissionsPage(ownDeclarations().permissions, ROLES) },
  events: { 'docs/events.md': () => eventsPage(ownDeclarations().events) },
  metrics: { 'docs/metrics.md': () => metricsPage(ownDeclarations().metrics, maxSeries) },
  configuration: { 'docs/configuration.md': () => configurationPage(configuration()), '.env.example': () => envExample(configuration()) },
};
const [name] = process.argv.slice(2);
for (const [file, written] of Object.entries(PAGES[name])) writeFileSync(join(root, file), written());
