import { getQueueToken } from '@nestjs/bull';
import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bull';
import { RedisConnections } from './redis-connections';

type Strike = { again: boolean; done: Promise<boolean> };

/** Rings queues: adds jobs that say "look", nothing more. A bell that cannot be rung is no error; the sweeps find the work. */
@Injectable()
export class Bells {
  private readonly logger = new Logger(Bells.name);
  private readonly ringing = new Map<string, Strike>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly connections: RedisConnections,
  ) {}

  /** Whether Redis answers; while it does not, work is done without bells. */
  get canRing(): boolean {
    return this.connections.ready;
  }

  /**
   * Calls that arrive while a bell is on its way share one more after it: not that one, which may already have been heard.
   * Never rejects.
   * @returns false when Redis did not take it
   */
  ring(queue: string): Promise<boolean> {
    if (!this.canRing) return Promise.resolve(false);
    const current = this.ringing.get(queue);
    if (current) {
      current.again = true;
      return current.done;
    }
    const strike = { again: false, done: Promise.resolve(true) };
    this.ringing.set(queue, strike);
    strike.done = this.strike(queue, strike).finally(() => this.ringing.delete(queue));
    return strike.done;
  }

  /** One job for each of `bells`, in one round trip. Never rejects. */
  async ringAll(queue: string, bells: readonly object[]): Promise<void> {
    try {
      await this.queue(queue).addBulk(bells.map((data) => ({ data })));
    } catch (error) {
      this.logger.debug({ queue, err: error }, 'bells not rung');
    }
  }

  private async strike(queue: string, strike: Strike): Promise<boolean> {
    try {
      do {
        strike.again = false;
        await this.queue(queue).add({});
      } while (this.wanted(strike));
      return true;
    } catch (error) {
      this.logger.debug({ queue, err: error }, 'bell not rung');
      return false;
    }
  }

  /** A method, because the compiler does not know that `again` changes while a bell is awaited. */
  private wanted({ again }: Strike): boolean {
    return again;
  }

  private queue(name: string): Queue {
    return this.modules.get<Queue>(getQueueToken(name), { strict: false });
  }
}
