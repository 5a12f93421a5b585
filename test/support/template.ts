import { asAdmin, TEMPLATE, urlOf } from './database';
import { migrate } from './migrate';

/** Migrates once; every test file then starts from a copy. */
export async function buildTemplate(): Promise<void> {
  await asAdmin(`CREATE DATABASE ${TEMPLATE}`);
  await migrate(urlOf(TEMPLATE));
}
