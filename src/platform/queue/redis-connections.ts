import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import Redis, { type RedisOptions } from 'ioredis';

/** A command that Redis does not answer within this has failed: bells are cheap, waiting is not. */
const COMMAND_TIMEOUT_MS = 1_000;
const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

/** What Bull asks for, by kind: two connections shared by all queues, and one of its own for each queue's blocking read. */
export class RedisConnections implements OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly open = new Set<Redis>();
  private readonly shared = new Map<'client' | 'subscriber', Redis>();
  private lastError = '';

  constructor(private readonly url: string) {}

  client(type: 'client' | 'subscriber' | 'bclient'): Redis {
    if (type === 'bclient') return this.connect({ maxRetriesPerRequest: null, enableReadyCheck: false });
    const known = this.shared.get(type);
    if (known) return known;
    const made =
      type === 'client'
        ? // Fails at once while Redis is away instead of queueing in memory; the truth is in PostgreSQL.
          this.connect({ enableOfflineQueue: true, maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS })
        : this.connect({ maxRetriesPerRequest: null, enableReadyCheck: false });
    this.shared.set(type, made);
    return made;
  }

  get ready(): boolean {
    return this.shared.get('client')?.status === 'ready';
  }

  onApplicationShutdown(): void {
    for (const connection of this.open) connection.disconnect();
  }

  private connect(options: RedisOptions): Redis {
    const connection = new Redis(this.url, { ...options, retryStrategy });
    connection.setMaxListeners(0); // each queue adds its own to the shared ones
    // One line per outage, not one per attempt and connection.
    connection.on('error', ({ message }: Error) => {
      if (message !== this.lastError) this.logger.warn({ reason: message }, 'redis unavailable; work goes on from the database');
      this.lastError = message;
    });
    connection.on('ready', () => (this.lastError = ''));
    this.open.add(connection);
    return connection;
  }
}
