import 'reflect-metadata';
import { startServices } from '../test/support/services';
import { buildTemplate } from '../test/support/database';
import { batch } from './scenarios/batch';
import { guard } from './scenarios/guard';
import { lists } from './scenarios/lists';
import { neighbour } from './scenarios/neighbour';
import { type Figure, report } from './support/report';

/** Each measures, and says what it found. */
const SCENARIOS: Readonly<Record<string, () => Promise<Figure[]>>> = { batch, guard, lists, neighbour };

/** `npm run bench -- guard`, on a PostgreSQL and a Redis of its own. */
async function main([name = '']: readonly string[]): Promise<void> {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`Usage: npm run bench -- ${Object.keys(SCENARIOS).join(' | ')}`);
  const services = await startServices();
  try {
    process.env['TEST_DATABASE_URL'] = services.postgres.url;
    process.env['TEST_REDIS_URL'] = services.redis.url;
    await buildTemplate();
    report(name, await scenario());
  } finally {
    await services.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
