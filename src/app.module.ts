import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { DestinationStream } from 'pino';
import { CONFIG, type Config } from './config/env';
import { DevToolsModule } from './local/dev-tools/dev-tools.module';
import * as modules from './modules';
import { AuditModule } from './modules/audit';
import { KeysModule } from './modules/keys';
import { QueuesModule } from './modules/queues';
import { TasksModule } from './modules/tasks';
import { LegalHoldsModule } from './modules/webhooks';
import { DatabaseModule } from './platform/database/database.module';
import { PartitionGauge, partitionMetricProviders } from './platform/database/partition-gauge';
import { PartitionKeeper } from './platform/database/partition-keeper';
import { HealthController } from './platform/health/health.controller';
import { Readiness } from './platform/health/readiness';
import { HttpMetrics, httpMetricProviders } from './platform/http/http-metrics';
import { ServiceHealthController } from './platform/health/service-health.controller';
import { RootController } from './platform/http/root.controller';
import { IdempotencyGuard } from './platform/idempotency/idempotency.guard';
import { IdempotencyKeeper } from './platform/idempotency/idempotency-keeper';
import { IdempotencyKeys } from './platform/idempotency/idempotency-keys';
import { loggingModule } from './platform/logging/logging.module';
import { Mailer } from './platform/mail/mailer';
import { SmtpMailer } from './platform/mail/smtp-mailer';
import { Measurements } from './platform/metrics/measurements';
import { BootCheck, refuseBadDeclarations, WORKED_QUEUES } from './platform/modules/boot-check';
import { PROCESS, ProcessMetrics, processMetricProviders } from './platform/metrics/process-metrics';
import { queueMetricProviders } from './platform/metrics/queue-metrics';
import { ObserverGauges } from './platform/outbox/observer-gauges';
import { ObserverJobs } from './platform/outbox/observer-jobs';
import { OutboxWorkerModule } from './platform/outbox/outbox-worker.module';
import { QueueModule } from './platform/queue/queue.module';
import { RedisGauge, redisMetricProviders } from './platform/queue/redis-gauge';
import { RetentionMetricsModule } from './platform/retention/retention-metrics';
import { Clock, SystemClock } from './platform/time/clock';

/** The feature modules, the same in every process: what differs is what drives them. */
const all = Object.values(modules);
const FEATURES = all.flatMap(({ module = [] }) => module);
const WORKERS = all.flatMap(({ worker = [] }) => worker);
const QUEUES = all.flatMap(({ queues }) => queues);

/** The composition root: one module for each kind of process. `logs` is where lines go, stdout unless it is given. */
@Module({})
export class AppModule {
  /** Answers HTTP. Knows no Redis. */
  static forApi(config: Config, logs?: DestinationStream): DynamicModule {
    return {
      module: AppModule,
      imports: [...platform(config, 'api', logs), ...FEATURES, ...devTools(config)],
      controllers: [HealthController, ServiceHealthController, RootController],
      providers: [BootCheck, ...processMetrics(config, 'api'), HttpMetrics, ...httpMetricProviders, IdempotencyKeys, IdempotencyGuard],
    };
  }

  /** Works queues, relays and sweeps. */
  static forWorker(config: Config, logs?: DestinationStream): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ...platform(config, 'worker', logs),
        QueueModule.forRoot(config.redis, QUEUES),
        OutboxWorkerModule.forRoot(config.database.url, config.retention.eventDays),
        RetentionMetricsModule,
        ...FEATURES,
        ...WORKERS,
      ],
      providers: [
        BootCheck,
        { provide: WORKED_QUEUES, useValue: QUEUES },
        ...processMetrics(config, 'worker'),
        RedisGauge,
        ...redisMetricProviders,
        PartitionKeeper,
        IdempotencyKeys,
        IdempotencyKeeper,
      ],
    };
  }

  /** Starts and shows the rotation of keys; the worker runs it. */
  static forKeys(config: Config): DynamicModule {
    return { module: AppModule, imports: [...platform(config, 'keys'), TasksModule, KeysModule] };
  }

  /** Shows the queues. No processor is in it: it hears no bell. */
  static forQueues(config: Config, logs?: DestinationStream): DynamicModule {
    const queues = QueueModule.forRoot(config.redis, QUEUES);
    return { module: AppModule, imports: [...platform(config, 'queues', logs), queues, QueuesModule] };
  }

  /** Says whose data time does not delete. */
  static forRetention(config: Config): DynamicModule {
    return { module: AppModule, imports: [...platform(config, 'retention'), LegalHoldsModule] };
  }

  /** Checks the audit log. */
  static forAudit(config: Config): DynamicModule {
    return { module: AppModule, imports: [...platform(config, 'audit'), AuditModule] };
  }

  /** Looks into a restored backup: knows everything, and drives nothing. */
  static forDrill(config: Config): DynamicModule {
    return { module: AppModule, imports: [...platform(config, 'drill'), ...FEATURES] };
  }
}

type Role = Parameters<typeof loggingModule>[0]['role'];

function platform(config: Config, role: Role, logs?: DestinationStream): DynamicModule[] {
  refuseBadDeclarations();
  return [
    loggingModule({ level: config.logLevel, role, destination: logs }),
    { ...CqrsModule.forRoot(), global: true },
    DatabaseModule.forRoot(config.database, config.keys),
    CoreModule.with([
      { provide: CONFIG, useValue: config },
      { provide: Clock, useClass: SystemClock },
      { provide: Mailer, useFactory: () => new SmtpMailer(config.mail.smtpUrl, config.mail.from) },
      ObserverJobs,
      Readiness,
      Measurements,
      ...queueMetricProviders,
      ...[...config.settings].map(([token, values]) => ({ provide: token, useValue: values })),
    ]),
  ];
}

function processMetrics({ database }: Config, role: 'api' | 'worker'): Provider[] {
  return [
    { provide: PROCESS, useValue: { role, poolSize: database.poolSize } },
    ProcessMetrics,
    ObserverGauges,
    PartitionGauge,
    ...processMetricProviders,
    ...partitionMetricProviders,
  ];
}

@Module({})
class CoreModule {
  static with(providers: Provider[]): DynamicModule {
    return { module: CoreModule, global: true, providers, exports: providers };
  }
}

function devTools({ embedded, devSmtpPort }: Config): DynamicModule[] {
  return embedded && devSmtpPort !== undefined ? [DevToolsModule.forRoot(devSmtpPort)] : [];
}
