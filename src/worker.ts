import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { loadConfig } from './config/env';
import { startOperationsServer } from './platform/health/operations-server';
import { startTracing } from './platform/tracing/start-tracing';
import { run } from './run';

/** The worker process: relays, queues and sweeps. Stateless; run as many as you like. */
run('worker', async () => {
  const config = loadConfig();
  const endTracing = await startTracing(config.tracing);
  const app = await NestFactory.createApplicationContext(AppModule.forWorker(config), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  const operations = await startOperationsServer(app, config.metrics, config.http.publicUrl);
  return {
    drainMs: config.drainMs,
    async stop() {
      await app.close();
      await operations.close();
      await endTracing();
    },
  };
});
