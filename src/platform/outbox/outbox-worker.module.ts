import { type BeforeApplicationShutdown, type DynamicModule, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { NotificationListener } from '../database/notification-listener';
import { Sql } from '../database/sql';
import { RetentionMetrics } from '../retention/retention-metrics';
import { OutboxRelay } from './outbox-relay';
import { OutboxRetention } from './outbox-retention';

/** What the worker adds to the outbox: the relay, and the listener that wakes it and whoever else asks. */
@Module({})
export class OutboxWorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly listener: NotificationListener) {}

  /** @param keptDays how long events are kept; 0 is for ever */
  static forRoot(databaseUrl: string, keptDays: number): DynamicModule {
    const retention = {
      provide: OutboxRetention,
      useFactory: (sql: Sql, metrics: RetentionMetrics) => new OutboxRetention(sql, metrics, keptDays),
      inject: [Sql, RetentionMetrics],
    };
    return {
      module: OutboxWorkerModule,
      global: true,
      providers: [OutboxRelay, retention, { provide: NotificationListener, useFactory: () => new NotificationListener(databaseUrl) }],
      exports: [NotificationListener],
    };
  }

  onApplicationBootstrap(): void {
    this.listener.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.listener.stop();
  }
}
