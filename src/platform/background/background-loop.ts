import type { Logger } from '@nestjs/common';

export type LoopOptions = {
  readonly name: string;
  /** Between two runs that nothing woke. */
  readonly intervalMs: number;
  /** Does one round. `true` says: there is more, run again at once. */
  readonly work: () => Promise<boolean>;
  readonly logger: Logger;
};

/** After a failure the next round waits longer, up to this: a database that is away is not helped by hammering. */
const MAX_BACKOFF_MS = 2_000;

/** A round of work that repeats: on a slow beat, and at once when woken. Rounds never overlap; failures do not end it. */
export class BackgroundLoop {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private wokenMeanwhile = false;
  private stopped = true;
  private failures = 0;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.stopped = false;
    this.wake();
  }

  /** Runs a round now, or once more after the one under way. */
  wake(): void {
    if (this.stopped) return;
    if (this.round) {
      this.wokenMeanwhile = true;
      return;
    }
    clearTimeout(this.timer);
    this.round = this.run().finally(() => {
      this.round = undefined;
      this.next();
    });
  }

  /** Resolves when no round is under way and none will come. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private async run(): Promise<void> {
    try {
      do this.wokenMeanwhile = false;
      while ((await this.options.work()) && !this.stopped);
      this.failures = 0;
    } catch (error) {
      this.failures++;
      this.options.logger.warn(
        { loop: this.options.name, failures: this.failures, err: error },
        'background round failed and will be repeated',
      );
    }
  }

  private next(): void {
    if (this.stopped) return;
    if (this.wokenMeanwhile && this.failures === 0) this.wake();
    else
      this.timer = setTimeout(
        () => {
          this.wake();
        },
        this.failures > 0 ? Math.min(MAX_BACKOFF_MS, 100 * 2 ** this.failures) : this.options.intervalMs,
      );
  }
}
