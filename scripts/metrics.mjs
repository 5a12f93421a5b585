// `npm run metrics`: writes docs/metrics.md, what is measured, from the declarations in the code.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { metricsPage } from './metrics-page.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
require('../dist/app.module.js');
const { maxSeries, metrics } = require('../dist/platform/metrics/metric.js');
writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsPage(metrics().values(), maxSeries));
