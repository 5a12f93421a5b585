import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { BackgroundLoop } from '../background/background-loop';
import { NotificationListener } from '../database/notification-listener';
import { Bells } from '../queue/bells';
import { ObserverJobs } from './observer-jobs';
import { OUTBOX_CHANNEL } from './outbox';

const BATCH = 500;
/** Finds retries, and what a lost notification or a wiped Redis left behind. */
const POLL_MS = 1_000;

/** Rings the bells of due observer jobs: one Bull job for each, added in bulk. Any number of relays may run. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new BackgroundLoop({
    name: 'outbox-relay',
    intervalMs: POLL_MS,
    work: () => this.relay(),
    logger: new Logger(OutboxRelay.name),
  });

  constructor(
    private readonly jobs: ObserverJobs,
    private readonly bells: Bells,
    listener: NotificationListener,
  ) {
    listener.on(OUTBOX_CHANNEL, () => {
      this.loop.wake();
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async relay(): Promise<boolean> {
    // Marked as rung without a bell, they would wait for a second one.
    if (!this.bells.canRing) return false;
    const due = await this.jobs.ring(BATCH);
    const byObserver = new Map<string, { eventId: string }[]>();
    for (const { observer, eventId } of due) byObserver.set(observer, [...(byObserver.get(observer) ?? []), { eventId }]);
    await Promise.all([...byObserver].map(([observer, bells]) => this.bells.ringAll(observer, bells)));
    return due.length === BATCH;
  }
}
