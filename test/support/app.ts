import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from '../../src/app.module';
import { loadConfig } from '../../src/config/env';
import { createHttpApp } from '../../src/platform/http/create-http-app';
import { watched } from './description-watch';
import { openTestDatabase } from './database';
import { type Environment, testEnvironment } from './environment';
import { newLog } from './log-watch';
import { startMailServer } from './smtp';

type TestAppOptions = {
  /** Changes to the environment. */
  readonly env?: Environment;
  /** Runs the worker in this process as well: observers, relay, deliveries. */
  readonly worker?: boolean;
};

export type TestApp = Awaited<ReturnType<typeof startTestApp>>;

/** The real API on a private database and a private corner of Redis. No port is opened: requests are injected, unless `listen()` is called. */
export async function startTestApp({ env = {}, worker = false }: TestAppOptions = {}) {
  const [database, mail] = await Promise.all([openTestDatabase(), startMailServer()]);
  const environment = testEnvironment({ DATABASE_URL: database.url, SMTP_URL: mail.url, ...env });
  const http = await startTestApi(environment);
  const workers = worker ? [await startTestWorker(environment)] : [];

  return {
    http,
    mail,
    database,
    /** For further processes that share database, queues and keys with this one. */
    environment,
    /** Opens a real port, for clients that cannot be injected. @returns the base URL */
    async listen(): Promise<string> {
      await http.listen(0, '127.0.0.1');
      return http.getUrl();
    },
    async stop(): Promise<void> {
      for (const context of [...workers, http]) await context.close();
      await Promise.all([database.drop(), mail.stop()]);
    },
  };
}

/** One more API in this process, beside an app of the same environment. */
export async function startTestApi(environment: Environment): Promise<NestFastifyApplication> {
  const config = loadConfig(environment);
  return createHttpApp(watched(AppModule.forApi(config, newLog())), config.http);
}

/** One more worker in this process, beside an app of the same environment. */
export async function startTestWorker(environment: Environment): Promise<INestApplicationContext> {
  const module = AppModule.forWorker(loadConfig(environment), newLog());
  const worker = await NestFactory.createApplicationContext(module, { bufferLogs: true, abortOnError: false });
  worker.useLogger(worker.get(Logger));
  return worker;
}
