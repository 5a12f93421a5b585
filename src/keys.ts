import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AppModule } from './app.module';
import { loadConfig } from './config/env';
import { GetKeyStatus, RotateKeys, WrapDataKeys } from './modules/keys';
import { GetTask } from './modules/tasks';
import { runOnce } from './run';

const USAGE = `Usage: npm run keys -- <command>
  status           which keys wrap the data keys, as JSON
  wrap             wraps all data keys under the first key of ENCRYPTION_KEYS
  rotate [--wait]  that, and new data keys for everything: a worker does it; --wait shows its progress to the end`;

const POLL_MS = 500;

type Buses = { readonly commands: CommandBus; readonly queries: QueryBus };

const COMMANDS: Readonly<Record<string, (buses: Buses, options: readonly string[]) => Promise<object>>> = {
  status: ({ queries }) => queries.execute(new GetKeyStatus()),
  wrap: ({ commands }) => commands.execute(new WrapDataKeys()),
  rotate: async ({ commands, queries }, options) => {
    const task = await commands.execute(new RotateKeys());
    return options.includes('--wait') ? finished(queries, task.id) : task;
  },
};

/** Operates the encryption keys, then ends. Needs the environment of the API. */
async function main([name = '', ...options]: readonly string[]): Promise<void> {
  const command = COMMANDS[name];
  if (!command || options.some((option) => name !== 'rotate' || option !== '--wait')) throw new Error(USAGE);
  const app = await NestFactory.createApplicationContext(AppModule.forKeys(loadConfig()), { logger: false, abortOnError: false });
  try {
    const answer = await command({ commands: app.get(CommandBus), queries: app.get(QueryBus) }, options);
    console.log(JSON.stringify(answer, null, 2));
  } finally {
    await app.close();
  }
}

async function finished(queries: QueryBus, id: string): Promise<object> {
  let shown = '';
  for (;;) {
    const task = await queries.execute(new GetTask('system', id));
    if (task.status === 'finished') return task;
    if (task.status !== 'running') throw new Error(`${id} is ${task.status}: ${task.reason ?? 'on request'}`);
    const line = `${id} running, ${task.progress?.done ?? 0} of about ${task.progress?.total ?? 0} rows`;
    if (line !== shown) console.error(line);
    shown = line;
    await pause(POLL_MS);
  }
}

runOnce('keys', () => main(process.argv.slice(2)));
