import { type DynamicModule, Global, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Measurements } from '../metrics/measurements';
import { MetricsController } from '../metrics/metrics.controller';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

@Global()
@Module({})
class OperationsModule {
  static forRoot(readiness: Readiness, measurements: Measurements): DynamicModule {
    return {
      module: OperationsModule,
      imports: [PrometheusModule.register({ path: '/metrics', controller: MetricsController, defaultMetrics: { enabled: true } })],
      controllers: [HealthController],
      providers: [
        { provide: Readiness, useValue: readiness },
        { provide: Measurements, useValue: measurements },
      ],
      exports: [Measurements],
    };
  }
}

/** `/metrics`, `/livez` and `/readyz` of this process on a port of their own, which is not for the public. */
export async function startOperationsServer(
  process: Pick<INestApplicationContext, 'get'>,
  { host, port }: { host: string; port: number },
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    OperationsModule.forRoot(process.get(Readiness), process.get(Measurements)),
    new FastifyAdapter({ forceCloseConnections: true }),
    {
      logger: ['error', 'warn'],
      abortOnError: false,
    },
  );
  await app.listen(port, host);
  return app;
}
