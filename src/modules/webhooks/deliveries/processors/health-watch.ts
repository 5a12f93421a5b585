import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { BackgroundLoop } from '../../../../platform/background/background-loop';
import { WatchHealth } from '../commands/watch-health';

const MAX_INTERVAL_MS = 60_000;
/** Of the period: a milestone is told of late by at most this. */
const SHARE = 0.01;

/** Looks after endpoints that fail. Any number of workers do it side by side. */
@Injectable()
export class HealthWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly commands: CommandBus,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    const share = delivery.disableAfterSeconds * SHARE * 1_000;
    this.loop = new BackgroundLoop({
      name: 'endpoint-health',
      intervalMs: share > 0 ? Math.min(share, MAX_INTERVAL_MS) : MAX_INTERVAL_MS,
      work: () => this.watch(),
      logger: new Logger(HealthWatch.name),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async watch(): Promise<boolean> {
    await this.commands.execute(new WatchHealth());
    return false;
  }
}
