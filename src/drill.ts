import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { QueryBus } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module';
import { type Config, inheritedEnvironment, loadConfig } from './config/env';
import { VerifyAuditLog } from './modules/audit';
import { Cipher } from './platform/crypto/cipher';
import { dropDatabase, restoreBackup, rowCounts, type RowCounts, takeBackup } from './platform/drill/backup';
import { examineRows } from './platform/drill/examine-rows';
import { examineSealed } from './platform/drill/examine-sealed';
import { type Finding, ok, problem } from './platform/doctor/finding';
import { printFindings } from './platform/doctor/print-findings';
import { runOnce } from './run';

const USAGE = `Usage: npm run drill -- [--backup file] [--database posthorn_drill] [--keep] [--json]
  Backs up the database of DATABASE_URL, restores that into another one on the same server, and looks whether everything is there.
  --backup    restores this file of pg_dump -Fc instead
  --database  the other database; it must not exist, and is dropped at the end
  --keep      leaves it there
Needs the environment of the API, and pg_dump and pg_restore of the server's version or a later one.`;

/** Proves that a backup can be restored, and sends nothing. Ends with 1 when something is not as it was. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      backup: { type: 'string' },
      database: { type: 'string', default: 'posthorn_drill' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const config = loadConfig();
  const { url } = config.database;
  const scratch = new URL(url);
  scratch.pathname = `/${encodeURIComponent(values.database)}`;
  if (scratch.pathname === new URL(url).pathname) throw new Error(`--database must not be that of DATABASE_URL.\n${USAGE}`);

  const environment = inheritedEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-drill-'));
  try {
    const file = values.backup ?? join(folder, 'backup.dump');
    const source = values.backup === undefined ? await takeBackup({ url, environment }, file) : undefined;
    await restoreBackup(file, { url: scratch.href, environment });
    try {
      printFindings(await examine({ ...config, database: { ...config.database, url: scratch.href } }, source), values.json);
    } finally {
      if (!values.keep) await dropDatabase(scratch.href);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param config with the address of the restored database */
async function examine(config: Config, source: RowCounts | undefined): Promise<Finding[]> {
  const rows = source ? [examineRows(source, await rowCounts(config.database.url))] : [];
  const app = await NestFactory.createApplicationContext(AppModule.forDrill(config), { logger: false, abortOnError: false });
  try {
    const dataSource = app.get(DataSource);
    return [...rows, await examineSealed(dataSource, app.get(Cipher)), await examineAudit(app.get(QueryBus)), await remaining(dataSource)];
  } finally {
    await app.close();
  }
}

async function examineAudit(queries: QueryBus): Promise<Finding> {
  const chains = await queries.execute(new VerifyAuditLog(null));
  const broken = chains.filter(({ breach }) => breach !== null);
  const entries = chains.reduce((sum, chain) => sum + chain.entries, 0);
  return broken.length === 0
    ? ok('audit', `${entries} sealed entries of ${chains.length} chains are what they were.`)
    : problem('audit', `Broken chains: ${broken.map(({ chain }) => chain).join(', ')}. \`npm run audit -- verify\` names the entries.`);
}

async function remaining(dataSource: DataSource): Promise<Finding> {
  const [{ messages, deliveries }] = await dataSource.query<[{ messages: number; deliveries: number }]>(
    'SELECT (SELECT count(*) FROM message_outbox)::int AS messages, (SELECT count(*) FROM pending_delivery)::int AS deliveries',
  );
  return ok('work', `A worker would plan ${messages} messages and go on with ${deliveries} deliveries.`);
}

runOnce('drill', main);
