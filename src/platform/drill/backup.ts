import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { TENANT_ROLE } from '../database/tenant-pool';

/** Rows by table; partitions are tables of their own. */
export type RowCounts = Readonly<Record<string, number>>;

const TABLES = `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1`;

// Names are no values: they come quoted.
const createDatabase = (name: string) => `CREATE DATABASE ${name}`;
const createRole = `CREATE ROLE ${TENANT_ROLE} NOLOGIN`;
const grantRole = `GRANT ${TENANT_ROLE} TO CURRENT_USER`;
const dropDatabaseNamed = (name: string) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;
const countRows = (table: string) => `SELECT count(*) FROM ${table}`;

export type DatabaseAddress = {
  readonly url: string;
  /** Where pg_dump and pg_restore find what else they need: PATH, certificates. */
  readonly environment: NodeJS.ProcessEnv;
};

/** Writes a backup, and counts the rows of the very moment that it shows, whatever is written meanwhile. */
export function takeBackup(from: DatabaseAddress, file: string): Promise<RowCounts> {
  return connected(from.url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
    await program('pg_dump', from, ['--format=custom', `--snapshot=${rows[0]?.snapshot ?? ''}`, `--file=${file}`]);
    return countsOf(client);
  });
}

/** Into a database that must not exist yet; nothing is left of it when that fails. */
export async function restoreBackup(file: string, to: DatabaseAddress): Promise<void> {
  await onServerOf(to.url, async (client, name) => {
    await client.query(createDatabase(name));
    // Roles are in no backup of a database.
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [TENANT_ROLE]);
    if (rowCount === 0) await client.query(createRole);
    await client.query(grantRole);
  });
  try {
    await program('pg_restore', to, ['--exit-on-error', '--no-owner', file]);
  } catch (error) {
    await dropDatabase(to.url);
    throw error;
  }
}

export async function dropDatabase(url: string): Promise<void> {
  await onServerOf(url, async (client, name) => {
    await client.query(dropDatabaseNamed(name));
  });
}

export function rowCounts(url: string): Promise<RowCounts> {
  return connected(url, countsOf);
}

async function countsOf(client: Client): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  const { rows: tables } = await client.query<{ name: string }>(TABLES);
  for (const { name } of tables) {
    const { rows } = await client.query<{ count: string }>(countRows(client.escapeIdentifier(name)));
    counts[name] = Number(rows[0]?.count ?? 0);
  }
  return counts;
}

/** With the name of its database, quoted; connected to another one, which every server has. */
function onServerOf(url: string, work: (client: Client, name: string) => Promise<void>): Promise<void> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/postgres';
  return connected(server.href, (client) => work(client, client.escapeIdentifier(name)));
}

/** Backups take their time: none of the time-outs of the application. */
async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'posthorn drill' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function program(name: 'pg_dump' | 'pg_restore', { url, environment }: DatabaseAddress, args: readonly string[]): Promise<void> {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  // Everybody on the machine can read arguments.
  address.password = '';
  const child = spawn(name, [`--dbname=${address.href}`, ...args], {
    env: { ...environment, ...(password === '' ? {} : { PGPASSWORD: password }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', ({ message }) => {
      reject(new Error(`${name} does not run: install the client programs of PostgreSQL. ${message}`));
    });
  });
  const [complaint, code] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${complaint.trim()}`);
}
