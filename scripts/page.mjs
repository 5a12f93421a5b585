// `npm run permissions`, `npm run events`, `npm run metrics`: writes that page of docs/ from the declarations in the code.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { eventsPage } from './events-page.mjs';
import { metricsPage } from './metrics-page.mjs';
import { permissionsPage } from './permissions-page.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { ownDeclarations, maxSeries, ROLES } = require('../dist/reference.js');

const PAGES = {
  permissions: ({ permissions }) => permissionsPage(permissions, ROLES),
  events: ({ events }) => eventsPage(events),
  metrics: ({ metrics }) => metricsPage(metrics, maxSeries),
};
const [name] = process.argv.slice(2);
writeFileSync(new URL(`../docs/${name}.md`, import.meta.url), PAGES[name](ownDeclarations()));
