import { Logger } from '@nestjs/common';
import { Client } from 'pg';

const RECONNECT_MS = 1_000;

/**
 * LISTEN on a connection of its own. Notifications only make things faster: what they announce is also found by polling,
 * so a connection that is lost costs latency and nothing else.
 */
export class NotificationListener {
  private readonly logger = new Logger(NotificationListener.name);
  private readonly handlers = new Map<string, () => void>();
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly databaseUrl: string) {}

  /** Call before `start`. The handler is also called after every (re)connection, for what was missed. */
  on(channel: string, handler: () => void): void {
    this.handlers.set(channel, handler);
  }

  start(): void {
    void this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 2_000,
      application_name: 'posthorn-listener',
    });
    this.client = client;
    client.on('error', () => undefined); // 'end' follows
    client.on('end', () => {
      this.reconnectLater();
    });
    client.on('notification', ({ channel }) => this.handlers.get(channel)?.());
    try {
      await client.connect();
      for (const channel of this.handlers.keys()) await listen(client, channel);
      for (const handler of this.handlers.values()) handler();
    } catch (error) {
      this.logger.debug({ err: error }, 'listener not connected');
      await client.end().catch(() => undefined);
      this.reconnectLater();
    }
  }

  private reconnectLater(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), RECONNECT_MS);
  }
}

/** The name of a channel cannot be a parameter. */
async function listen(client: Client, channel: string): Promise<void> {
  const text = `LISTEN ${client.escapeIdentifier(channel)}`;
  await client.query(text);
}
