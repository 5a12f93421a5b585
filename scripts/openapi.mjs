// `npm run openapi`: writes openapi.json, the description of the API, from the code; then the client is written from it. Needs no database.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { NestFactory } = require('@nestjs/core');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { AppModule } = require('../dist/app.module.js');
const { loadConfig } = require('../dist/config/env.js');
const { buildOpenApi } = require('../dist/platform/http/openapi.js');
const { VERSION } = require('../dist/platform/version.js');

const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' });
const config = loadConfig({
  PUBLIC_URL: 'http://localhost',
  DATABASE_URL: 'postgres://localhost/none',
  REDIS_URL: 'redis://localhost',
  SMTP_URL: 'smtp://localhost',
  TOKEN_KEYS: `k:${signingKey.toString('base64')}`,
  ENCRYPTION_KEYS: `k:${randomBytes(32).toString('base64')}`,
  LOOKUP_KEY: randomBytes(32).toString('base64'),
});
// Preview: the modules are scanned, nothing is instantiated, nobody is called.
const app = await NestFactory.create(AppModule.forApi(config), new FastifyAdapter(), { preview: true, logger: false });
app.setGlobalPrefix('api/v1');
writeFileSync(new URL('../openapi.json', import.meta.url), `${JSON.stringify(buildOpenApi(app, VERSION), null, 2)}\n`);
