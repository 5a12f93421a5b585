import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { BackgroundLoop } from '../../../../platform/background/background-loop';
import { Beat } from '../commands/beat';
import { DrainDeliveries } from '../commands/drain-deliveries';
import { BEAT_MS } from '../heartbeat';

/** Says that this worker lives, and at the end drains. */
@Injectable()
export class WorkerLife implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkerLife.name);
  private readonly heart = new BackgroundLoop({ name: 'heartbeat', intervalMs: BEAT_MS, work: () => this.beat(), logger: this.logger });
  private readonly drainMs: number;

  constructor(
    private readonly commands: CommandBus,
    @Inject(CONFIG) { drainMs }: Config,
  ) {
    this.drainMs = drainMs;
  }

  async onApplicationBootstrap(): Promise<void> {
    // Before the first claim: a worker that nobody knows is taken for dead.
    await this.beat();
    this.heart.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.commands.execute(new DrainDeliveries(this.drainMs));
    await this.heart.stop();
  }

  private async beat(): Promise<boolean> {
    await this.commands.execute(new Beat());
    return false;
  }
}
