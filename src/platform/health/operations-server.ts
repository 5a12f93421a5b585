import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { VERSION } from '../version';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

@Module({})
class OperationsModule {
  static forRoot(readiness: Readiness): DynamicModule {
    return {
      module: OperationsModule,
      imports: [PrometheusModule.register({ path: '/metrics', defaultMetrics: { enabled: true }, defaultLabels: { version: VERSION } })],
      controllers: [HealthController],
      providers: [{ provide: Readiness, useValue: readiness }],
    };
  }
}

/** `/metrics`, `/livez` and `/readyz` of this process on a port of their own, which is not for the public. */
export async function startOperationsServer(
  readiness: Readiness,
  { host, port }: { host: string; port: number },
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    OperationsModule.forRoot(readiness),
    new FastifyAdapter({ forceCloseConnections: true }),
    {
      logger: ['error', 'warn'],
      abortOnError: false,
    },
  );
  await app.listen(port, host);
  return app;
}
