import 'reflect-metadata';
import { loadDatabaseUrl } from './config/env';
import './modules';
import { migrate } from './platform/database/migrate';
import { runOnce } from './run';

/** Brings the database to this release, then ends: run it before the new API and workers start. */
async function main(): Promise<void> {
  const ran = await migrate(loadDatabaseUrl());
  console.log(ran.length > 0 ? `Migrated: ${ran.join(', ')}` : 'The schema is up to date.');
}

runOnce('migrate', main);
