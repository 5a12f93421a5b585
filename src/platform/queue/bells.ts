import { getQueueToken } from '@nestjs/bull';
import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bull';
import { RedisConnections } from './redis-connections';

/** Rings queues: adds jobs that say "look", nothing more. A bell that cannot be rung is no error; the sweeps find the work. */
@Injectable()
export class Bells {
  private readonly logger = new Logger(Bells.name);
  private readonly ringing = new Set<string>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly connections: RedisConnections,
  ) {}

  /** Whether Redis answers; while it does not, work is done without bells. */
  get canRing(): boolean {
    return this.connections.ready;
  }

  /** Rings once for all calls that arrive while the bell is on its way. Never rejects. */
  async ring(queue: string): Promise<void> {
    if (this.ringing.has(queue)) return;
    this.ringing.add(queue);
    try {
      await this.queue(queue).add({});
    } catch (error) {
      this.logger.debug({ queue, err: error }, 'bell not rung');
    } finally {
      this.ringing.delete(queue);
    }
  }

  /** One job for each of `bells`, in one round trip. Never rejects. */
  async ringAll(queue: string, bells: readonly object[]): Promise<void> {
    try {
      await this.queue(queue).addBulk(bells.map((data) => ({ data })));
    } catch (error) {
      this.logger.debug({ queue, err: error }, 'bells not rung');
    }
  }

  private queue(name: string): Queue {
    return this.modules.get<Queue>(getQueueToken(name), { strict: false });
  }
}
