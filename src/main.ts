import 'reflect-metadata';
import { AppModule } from './app.module';
import { loadConfig } from './config/env';
import { startOperationsServer } from './platform/health/operations-server';
import { createHttpApp } from './platform/http/create-http-app';
import { sayFarewell } from './platform/http/farewell';
import { startTracing } from './platform/tracing/start-tracing';
import { run } from './run';

/** The API process: HTTP in, PostgreSQL out. Stateless; run as many as you like. */
run('api', async () => {
  const config = loadConfig();
  const { http, metrics, drainMs } = config;
  const endTracing = await startTracing(config.tracing);
  const app = await createHttpApp(AppModule.forApi(config), http);
  const operations = await startOperationsServer(app, metrics, http.publicUrl);
  await app.listen(http.port, http.host);
  return {
    drainMs,
    async stop() {
      await sayFarewell(app, drainMs);
      await app.close();
      await operations.close();
      await endTracing();
    },
  };
});
