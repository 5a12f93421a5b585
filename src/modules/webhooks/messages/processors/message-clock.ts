import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { BackgroundLoop } from '../../../../platform/background/background-loop';
import { ExpirePayloads } from '../commands/expire-payloads';
import { ReleaseScheduled } from '../commands/release-scheduled';

/** A message for a time is late by at most this. */
const SCHEDULE_MS = 500;
const RETENTION_MS = 60_000;

/** What happens to messages by time. Any number of workers do it side by side. */
@Injectable()
export class MessageClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MessageClock.name);
  private readonly loops = [
    this.loop('message-schedule', SCHEDULE_MS, () => new ReleaseScheduled()),
    this.loop('payload-retention', RETENTION_MS, () => new ExpirePayloads()),
  ];

  constructor(private readonly commands: CommandBus) {}

  onApplicationBootstrap(): void {
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private loop(name: string, intervalMs: number, command: () => ReleaseScheduled | ExpirePayloads): BackgroundLoop {
    const work = async () => {
      await this.commands.execute(command());
      return false;
    };
    return new BackgroundLoop({ name, intervalMs, work, logger: this.logger });
  }
}
