import 'reflect-metadata';
import { buildTemplate } from './database';
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
  try {
    await buildTemplate();
  } catch (error) {
    await services.stop();
    throw error;
  }
}

module.exports = startForAllFiles;
