import { asAdmin, TEMPLATE, urlOf } from './database';
import { migrate } from './migrate';
import { type ServiceOptions, type Services, startServices } from './services';

/** PostgreSQL and Redis for all tests of this process and its children. Migrates once; every test file then starts from a copy. */
export async function startTestServices(options: ServiceOptions = {}): Promise<Services> {
  const services = await startServices(options);
  // Jest's workers inherit the environment.
  process.env['TEST_DATABASE_URL'] = services.postgres.url;
  process.env['TEST_REDIS_URL'] = services.redis.url;
  try {
    await asAdmin(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(urlOf(TEMPLATE));
    return services;
  } catch (error) {
    await services.stop();
    throw error;
  }
}
