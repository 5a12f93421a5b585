import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BackgroundLoop } from '../background/background-loop';
import { ensurePartitions } from './partitions';
import { Sql } from './sql';

const HOUR_MS = 3_600_000;

/** Makes tomorrow's partitions while the worker runs; those of the next days are there since the migration. */
@Injectable()
export class PartitionKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new BackgroundLoop({
    name: 'partitions',
    intervalMs: HOUR_MS,
    work: () => this.keep(),
    logger: new Logger(PartitionKeeper.name),
  });

  constructor(private readonly sql: Sql) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async keep(): Promise<boolean> {
    await ensurePartitions((text, values) => this.sql.run(text, values));
    return false;
  }
}
