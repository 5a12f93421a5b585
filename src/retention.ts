import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AppModule } from './app.module';
import { loadConfig } from './config/env';
import { HoldOrganization, ListLegalHolds, ReleaseOrganization } from './modules/webhooks';
import { runOnce } from './run';

const USAGE = `Usage: npm run retention -- <command>
  holds          the organizations of which time deletes nothing, as JSON
  hold org_…     time deletes nothing of this organization any more
  release org_…  it does again, and what it left out`;

/** Legal holds, then ends. Needs the environment of the API. Workers apply the retention by themselves. */
async function main([name, organizationId, ...rest]: readonly string[]): Promise<void> {
  const given = organizationId !== undefined && /^org_\w+$/.test(organizationId);
  if (rest.length > 0 || !(name === 'holds' ? organizationId === undefined : (name === 'hold' || name === 'release') && given))
    throw new Error(USAGE);
  const app = await NestFactory.createApplicationContext(AppModule.forRetention(loadConfig()), { logger: false, abortOnError: false });
  try {
    const id = organizationId ?? '';
    if (name !== 'holds') await app.get(CommandBus).execute(name === 'hold' ? new HoldOrganization(id) : new ReleaseOrganization(id));
    console.log(JSON.stringify(await app.get(QueryBus).execute(new ListLegalHolds()), null, 2));
  } finally {
    await app.close();
  }
}

runOnce('retention', () => main(process.argv.slice(2)));
