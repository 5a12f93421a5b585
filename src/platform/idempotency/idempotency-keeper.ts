import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BackgroundLoop } from '../background/background-loop';
import { IdempotencyKeys } from './idempotency-keys';

const MINUTE_MS = 60_000;
const BATCH = 5_000;

/** Forgets keys that are past their time. Any number of workers may do so at once. */
@Injectable()
export class IdempotencyKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new BackgroundLoop({
    name: 'idempotency',
    intervalMs: MINUTE_MS,
    work: async () => (await this.keys.forget(BATCH)) === BATCH,
    logger: new Logger(IdempotencyKeeper.name),
  });

  constructor(private readonly keys: IdempotencyKeys) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
