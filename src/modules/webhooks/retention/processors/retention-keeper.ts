import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { BackgroundLoop } from '../../../../platform/background/background-loop';
import { ApplyRetention } from '../commands/apply-retention';

const HOUR_MS = 3_600_000;

/** Any number of workers do it side by side. */
@Injectable()
export class RetentionKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new BackgroundLoop({
    name: 'retention',
    intervalMs: HOUR_MS,
    work: () => this.apply(),
    logger: new Logger(RetentionKeeper.name),
  });

  constructor(private readonly commands: CommandBus) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async apply(): Promise<boolean> {
    await this.commands.execute(new ApplyRetention());
    return false;
  }
}
