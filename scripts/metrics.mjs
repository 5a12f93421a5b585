// `npm run metrics`: writes docs/metrics.md, what is measured, from the declarations in the code.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { metricsPage } from './metrics-page.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { ownDeclarations, maxSeries } = require('../dist/reference.js');
writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsPage(ownDeclarations().metrics, maxSeries));
