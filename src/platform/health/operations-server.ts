import { type DynamicModule, Global, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { acceptJsonBodies } from '../http/json-body.parser';
import { ProblemFilter } from '../http/problem.filter';
import { SchemaPipe } from '../http/validation';
import { LogLevel } from '../logging/log-level';
import { LogLevelController } from '../logging/log-level.controller';
import { Measurements } from '../metrics/measurements';
import { MetricsController } from '../metrics/metrics.controller';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

@Global()
@Module({})
class OperationsModule {
  static forRoot(process: Pick<INestApplicationContext, 'get'>): DynamicModule {
    return {
      module: OperationsModule,
      imports: [PrometheusModule.register({ path: '/metrics', controller: MetricsController, defaultMetrics: { enabled: true } })],
      controllers: [HealthController, LogLevelController],
      providers: [Readiness, Measurements, LogLevel].map((provide) => ({
        provide,
        useValue: process.get<unknown>(provide, { strict: false }),
      })),
      exports: [Measurements],
    };
  }
}

/** `/metrics`, `/livez`, `/readyz` and `/log-level` of this process on a port of their own, which is not for the public. */
export async function startOperationsServer(
  process: Pick<INestApplicationContext, 'get'>,
  { host, port }: { host: string; port: number },
  publicUrl: string,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(OperationsModule.forRoot(process), adapter, {
    logger: ['error', 'warn'],
    abortOnError: false,
    bodyParser: false,
  });
  acceptJsonBodies(adapter.getInstance());
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemFilter(publicUrl));
  await app.listen(port, host);
  return app;
}
