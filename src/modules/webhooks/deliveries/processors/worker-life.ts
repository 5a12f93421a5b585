import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { BackgroundLoop } from '../../../../platform/background/background-loop';
import { Beat } from '../commands/beat';
import { DrainDeliveries } from '../commands/drain-deliveries';
import { DeliveryMetrics } from '../delivery-metrics';
import { GetQueueDepth } from '../queries/get-queue-depth';

const BEAT_MS = 3_000;
const DEPTH_MS = 5_000;

/** Says that this worker lives, measures the queue, and at the end drains. */
@Injectable()
export class WorkerLife implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkerLife.name);
  private readonly heart = new BackgroundLoop({ name: 'heartbeat', intervalMs: BEAT_MS, work: () => this.beat(), logger: this.logger });
  private readonly gauge = new BackgroundLoop({
    name: 'queue-depth',
    intervalMs: DEPTH_MS,
    work: () => this.measure(),
    logger: this.logger,
  });
  private readonly drainMs: number;

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly metrics: DeliveryMetrics,
    @Inject(CONFIG) { drainMs }: Config,
  ) {
    this.drainMs = drainMs;
  }

  async onApplicationBootstrap(): Promise<void> {
    // Before the first claim: a worker that nobody knows is taken for dead.
    await this.beat();
    this.heart.start();
    this.gauge.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.gauge.stop();
    await this.commands.execute(new DrainDeliveries(this.drainMs));
    await this.heart.stop();
  }

  private async beat(): Promise<boolean> {
    await this.commands.execute(new Beat());
    return false;
  }

  private async measure(): Promise<boolean> {
    this.metrics.depth(await this.queries.execute(new GetQueueDepth()));
    return false;
  }
}
