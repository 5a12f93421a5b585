import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import Redis, { Cluster, type RedisOptions } from 'ioredis';

export type RedisAddress = {
  /** Of one server, or of some nodes of a cluster. */
  readonly urls: readonly string[];
  readonly cluster: boolean;
};

type Connection = Redis | Cluster;

/** A command that Redis does not answer within this has failed: bells are cheap, waiting is not. */
const COMMAND_TIMEOUT_MS = 1_000;
/** In a cluster, while slots move or have no node: times this is not more than the time-out of a command. */
const REDIRECTIONS = 5;
const REDIRECTION_PAUSE_MS = 100;
/** A worker that starts has much to do beside. */
const SLOTS_TIMEOUT_MS = 5_000;
const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

/** What Bull asks for, by kind: two connections shared by all queues, and one of its own for each queue's blocking read. */
export class RedisConnections implements OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly open = new Set<Connection>();
  private readonly shared = new Map<'client' | 'subscriber', Connection>();
  private lastError = '';

  constructor(private readonly address: RedisAddress) {}

  client(type: 'client' | 'subscriber' | 'bclient'): Connection {
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

  private connect(options: RedisOptions): Connection {
    const connection = connectTo(this.address, options);
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

function connectTo({ urls, cluster }: RedisAddress, options: RedisOptions): Connection {
  if (!cluster) return new Redis(urls[0] ?? '', { ...options, retryStrategy });
  return clusterOf(urls, options, (times) => retryStrategy(times));
}

/** The servers that hold data. */
export function nodesOf(connection: Connection): Redis[] {
  return connection instanceof Redis ? [connection] : connection.nodes('master');
}

/** What the first URL says of user, password and TLS is true of every node. @param retry null: not */
export function clusterOf(urls: readonly string[], options: RedisOptions, retry: (times: number) => number | null): Cluster {
  const nodes = urls.map((url) => new URL(url));
  const { username = '', password = '', protocol } = nodes[0] ?? {};
  return new Cluster(
    nodes.map(({ hostname, port }) => ({ host: hostname, port: Number(port || 6379) })),
    {
      clusterRetryStrategy: retry,
      maxRedirections: REDIRECTIONS,
      retryDelayOnFailover: REDIRECTION_PAUSE_MS,
      retryDelayOnClusterDown: REDIRECTION_PAUSE_MS,
      slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
      redisOptions: {
        ...options,
        ...(username === '' ? {} : { username: decodeURIComponent(username) }),
        ...(password === '' ? {} : { password: decodeURIComponent(password) }),
        ...(protocol === 'rediss:' ? { tls: {} } : {}),
      },
    },
  );
}
