import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { loadConfig } from './config/env';
import { startQueueBoard } from './modules/queues';
import { run } from './run';

/** Bull's dashboard, while somebody needs it. */
run('queues', async () => {
  const config = loadConfig();
  const { organizationId, ...address } = config.queueBoard;
  if (organizationId === undefined) throw new Error('OPERATOR_ORGANIZATION: is required, its API keys open the dashboard');
  const app = await NestFactory.createApplicationContext(AppModule.forQueues(config), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  const { url, close } = await startQueueBoard(app, { ...address, organizationId });
  console.log(`The queues are at ${url}. Any name, and an API key of ${organizationId} as the password.`);
  return { drainMs: config.drainMs, stop: () => close().then(() => app.close()) };
});
