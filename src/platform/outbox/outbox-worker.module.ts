import { type BeforeApplicationShutdown, type DynamicModule, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { NotificationListener } from '../database/notification-listener';
import { OutboxRelay } from './outbox-relay';

/** What the worker adds to the outbox: the relay, and the listener that wakes it and whoever else asks. */
@Module({})
export class OutboxWorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly listener: NotificationListener) {}

  static forRoot(databaseUrl: string): DynamicModule {
    return {
      module: OutboxWorkerModule,
      global: true,
      providers: [OutboxRelay, { provide: NotificationListener, useFactory: () => new NotificationListener(databaseUrl) }],
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
