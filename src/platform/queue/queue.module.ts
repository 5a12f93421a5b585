import { BullModule } from '@nestjs/bull';
import { type DynamicModule, Module } from '@nestjs/common';
import type { QueueOptions } from 'bull';
import { observerNames } from '../outbox/observer';
import { Bells } from './bells';
import { type RedisAddress, RedisConnections } from './redis-connections';

/** Of all queues that there are. */
export const QUEUE_NAMES = Symbol('QUEUE_NAMES');

export type RedisSettings = RedisAddress & { readonly prefix: string };

/**
 * Bull in the worker: one queue for each observer and for each name in `queues`. Only ways of Bull that were found safe are
 * used: no job ids, delays, priorities, timeouts or retries. PostgreSQL knows what is due; a job is only a bell.
 */
@Module({})
export class QueueModule {
  static forRoot(redis: RedisSettings, queues: readonly string[]): DynamicModule {
    const connections = new RedisConnections(redis);
    const options: QueueOptions = {
      createClient: (type) => connections.client(type),
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      settings: { maxStalledCount: 1_000 },
    };
    const names = [...new Set([...observerNames(), ...queues])];
    // A node of a cluster has all keys of a queue: those with the same name in braces are together.
    const prefixOf = (name: string) => (redis.cluster ? `{${redis.prefix}:${name}}` : redis.prefix);
    return {
      module: QueueModule,
      global: true,
      imports: [BullModule.forRoot(options), BullModule.registerQueue(...names.map((name) => ({ name, prefix: prefixOf(name) })))],
      providers: [Bells, { provide: RedisConnections, useValue: connections }, { provide: QUEUE_NAMES, useValue: names }],
      exports: [Bells, BullModule, RedisConnections, QUEUE_NAMES],
    };
  }
}
