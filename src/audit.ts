import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { QueryBus } from '@nestjs/cqrs';
import { AppModule } from './app.module';
import { loadConfig } from './config/env';
import { VerifyAuditLog } from './modules/audit';
import { runOnce } from './run';

const USAGE = `Usage: npm run audit -- verify [--organization org_…]
  One line of JSON for each hash chain: how long it is, how much of its beginning was too old and is gone, its last hash, and the first entry that was changed, removed or slipped in.
  Exits 1 when there is such an entry.`;

/** Checks the audit log, then ends. Needs the environment of the API. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { organization: { type: 'string' } } });
  if (positionals.join() !== 'verify') throw new Error(USAGE);
  const app = await NestFactory.createApplicationContext(AppModule.forAudit(loadConfig()), { logger: false, abortOnError: false });
  try {
    const reports = await app.get(QueryBus).execute(new VerifyAuditLog(values.organization ?? null));
    for (const report of reports) console.log(JSON.stringify(report));
    if (reports.some(({ breach }) => breach !== null)) process.exitCode = 1;
  } finally {
    await app.close();
  }
}

runOnce('audit', main);
