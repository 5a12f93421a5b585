import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { featureModules } from '../modules/feature-module';
import { dataSourceOptions } from './data-source';
import { ensurePartitions } from './partitions';

/** One migrator at a time, whatever starts how often: any two numbers that nobody else uses. */
const ADVISORY_LOCK = 7_406_011;
const LOCK_TIMEOUT_MS = 5_000;

/** Brings the schema to this release and makes the partitions of the coming days. @returns names of the migrations that ran */
export async function migrate(databaseUrl: string): Promise<string[]> {
  if (featureModules().length === 0) throw new Error('The migrations of the modules are not known: import src/modules before.');
  const options = dataSourceOptions({ url: databaseUrl, poolSize: 2 });
  // Statements of a migration may take long; waiting for a lock that traffic holds may not.
  const extra = {
    ...options.extra,
    query_timeout: 0,
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    lock_timeout: LOCK_TIMEOUT_MS,
  };
  const dataSource = await new DataSource({ ...options, extra }).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SET lock_timeout = 0');
    await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const ran = await dataSource.runMigrations({ transaction: 'each' });
    await ensurePartitions((text, values) => dataSource.query(text, values));
    return ran.map(({ name }) => name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCK]).catch(() => undefined);
    await lock.release();
    await dataSource.destroy();
  }
}
