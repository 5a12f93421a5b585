import 'reflect-metadata';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEN_FOLDER } from './seen-folder';
import { buildTemplate } from './template';
import { type Services, startServices } from './services';

declare global {
  var posthornServices: Services | undefined;
}

async function startForAllFiles(): Promise<void> {
  const services = await startServices();
  globalThis.posthornServices = services;
  // Jest's workers inherit the environment.
  process.env['TEST_DATABASE_URL'] = services.postgres.url;
  process.env['TEST_REDIS_URL'] = services.redis.url;
  process.env[SEEN_FOLDER] = mkdtempSync(join(tmpdir(), 'posthorn-seen-'));
  try {
    await buildTemplate();
  } catch (error) {
    await services.stop();
    throw error;
  }
}

module.exports = startForAllFiles;
