// `npm run reference`: writes reference.md and openapi.json into the folder of each added module, or of one: what it declares, from its code.
// From the sources, without a build: `new:module` runs it too.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './bootstrap.mjs';
import { emptyConfig } from './empty-config.mjs';
import { modulePage } from './module-page.mjs';
import { readsSources, runFromSources } from './sources.mjs';
import { root } from './steps.mjs';

if (!readsSources()) {
  await ensureInstalled();
  process.exit(runFromSources(fileURLToPath(import.meta.url), process.argv.slice(2)));
}

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { NestFactory } = require('@nestjs/core');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { AppModule, loadConfig, buildOpenApi, partsOf, declarationsOf, addedModules, VERSION } = require('../src/reference.ts');

// Preview: the modules are scanned, nothing is instantiated, nobody is called.
const app = await NestFactory.create(AppModule.forApi(loadConfig(emptyConfig())), new FastifyAdapter(), { preview: true, logger: false });
app.setGlobalPrefix('api/v1');
const { added } = partsOf(buildOpenApi(app, VERSION), addedModules());

const [wanted] = process.argv.slice(2);
for (const module of addedModules().filter(({ name }) => wanted === undefined || name === wanted)) {
  const folder = join(root, 'src/modules', module.name);
  const { paths } = added[module.name];
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId: id, summary }]) => ({ id, method: method.toUpperCase(), path, summary })),
  );
  writeFileSync(join(folder, 'openapi.json'), `${JSON.stringify(added[module.name], null, 2)}\n`);
  writeFileSync(join(folder, 'reference.md'), modulePage({ ...declarationsOf(module), operations }));
  console.log(`written src/modules/${module.name}/{reference.md,openapi.json}`);
}
