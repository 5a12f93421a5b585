import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

export const TEMPLATE = 'posthorn_template';

/** A private, migrated database: empty, or as `template` is, to which nobody may be connected. */
export async function openTestDatabase(template = TEMPLATE) {
  const name = `posthorn_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}${template === TEMPLATE ? '' : ' STRATEGY file_copy'}`);
  return { url: urlOf(name), name, drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

function adminUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('No test database: run this file in one of the projects int, e2e or faults of jest.config.cjs.');
  return url;
}

export function urlOf(database: string): string {
  const url = new URL(adminUrl());
  url.pathname = database;
  return url.href;
}

export async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
