import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { LOG_LEVELS } from './log-levels';

export type Level = (typeof LOG_LEVELS)[number];

/** How much this process tells, changeable while it runs: for a while, so that nobody has to remember to change it back. */
@Injectable()
export class LogLevel implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private chosen: Level;

  /** @param loggers asked each time: the logger of Nest is made late */
  constructor(
    private readonly usual: Level,
    private readonly loggers: () => readonly Logger[],
  ) {
    this.chosen = usual;
  }

  get current(): Level {
    return this.chosen;
  }

  change(level: Level, forMs: number): void {
    this.apply(level);
    this.timer = setTimeout(() => {
      this.apply(this.usual);
    }, forMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private apply(level: Level): void {
    clearTimeout(this.timer);
    this.chosen = level;
    for (const logger of this.loggers()) logger.level = level;
  }
}
