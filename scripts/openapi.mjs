// `npm run openapi`: writes openapi.json, the description of the API, from the code; then the client is written from it. Needs no database.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { emptyConfig } from './empty-config.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { NestFactory } = require('@nestjs/core');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { AppModule, loadConfig, buildOpenApi, partsOf, addedModules, VERSION } = require('../dist/reference.js');

const config = loadConfig(emptyConfig());
// Preview: the modules are scanned, nothing is instantiated, nobody is called.
const app = await NestFactory.create(AppModule.forApi(config), new FastifyAdapter(), { preview: true, logger: false });
app.setGlobalPrefix('api/v1');
// Added modules are described in their folders, by `npm run reference`.
const { own } = partsOf(buildOpenApi(app, VERSION), addedModules());
writeFileSync(new URL('../openapi.json', import.meta.url), `${JSON.stringify(own, null, 2)}\n`);
