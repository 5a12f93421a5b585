import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { BackgroundLoop } from '../../../../platform/background/background-loop';
import { NotificationListener } from '../../../../platform/database/notification-listener';
import { Bells } from '../../../../platform/queue/bells';
import { MESSAGE_CHANNEL } from '../../messages';
import { DeliverDue } from '../commands/deliver-due';
import { FanOutMessages } from '../commands/fan-out-messages';
import { FilterCandidates } from '../commands/filter-candidates';
import { Sweep } from '../commands/sweep';
import { DELIVER_QUEUE, DELIVERY_CHANNEL, FAN_OUT_QUEUE } from '../queues';

/** Retries are late by at most this; so is work whose bell was lost with Redis. */
const SWEEP_MS = 500;

/**
 * Between PostgreSQL and the bells. A commit with messages rings at once; the sweep finds what became due by time, what
 * dead workers held, and what a lost bell left lying, and does the work itself while Redis is away.
 */
@Injectable()
export class MessageRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MessageRelay.name);
  private readonly sweep = new BackgroundLoop({
    name: 'delivery-sweep',
    intervalMs: SWEEP_MS,
    work: () => this.round(),
    logger: this.logger,
  });

  constructor(
    private readonly commands: CommandBus,
    private readonly bells: Bells,
    listener: NotificationListener,
  ) {
    listener.on(MESSAGE_CHANNEL, () => void this.bells.ring(FAN_OUT_QUEUE));
    listener.on(DELIVERY_CHANNEL, () => void this.bells.ring(DELIVER_QUEUE));
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.stop();
  }

  private async round(): Promise<boolean> {
    const { messagesWaiting, deliveriesDue } = await this.commands.execute(new Sweep());
    if (messagesWaiting && !(await this.bells.ring(FAN_OUT_QUEUE))) {
      const { toFilter } = await this.commands.execute(new FanOutMessages());
      if (toFilter) while ((await this.commands.execute(new FilterCandidates())).more);
      await this.commands.execute(new DeliverDue());
    }
    if (deliveriesDue && !(await this.bells.ring(DELIVER_QUEUE))) await this.commands.execute(new DeliverDue());
    return false;
  }
}
