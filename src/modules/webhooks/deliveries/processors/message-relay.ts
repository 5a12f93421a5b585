import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { BackgroundLoop } from '../../../../platform/background/background-loop';
import { NotificationListener } from '../../../../platform/database/notification-listener';
import { Bells } from '../../../../platform/queue/bells';
import { MESSAGE_CHANNEL } from '../../messages';
import { DeliverDue } from '../commands/deliver-due';
import { Sweep } from '../commands/sweep';
import { DELIVER_QUEUE, DELIVERY_CHANNEL } from '../queues';
import { PlanningShift } from './planning-shift';

/** Retries are late by at most this; so is work whose bell was lost with Redis. */
const SWEEP_MS = 500;

/**
 * Between PostgreSQL and the bells. A commit with messages rings at once, unless somebody here is awake; the sweep finds what
 * became due by time, what dead workers held, and what a lost bell left lying.
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
    private readonly shift: PlanningShift,
    listener: NotificationListener,
  ) {
    listener.on(MESSAGE_CHANNEL, () => void this.shift.notice());
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
    if (messagesWaiting) await this.shift.notice();
    // What this worker has no room for is for the others.
    if (deliveriesDue && (await this.commands.execute(new DeliverDue()))) await this.bells.ring(DELIVER_QUEUE);
    return false;
  }
}
