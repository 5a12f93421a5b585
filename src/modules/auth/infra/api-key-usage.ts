import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BackgroundLoop } from '../../../platform/background/background-loop';
import { Sql } from '../../../platform/database/sql';
import { Clock } from '../../../platform/time/clock';

const BETWEEN_WRITES_MS = 60_000;

const STATEMENT = {
  name: 'api_key.used',
  text: `UPDATE api_key SET last_used_at = used.at
           FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at)
          WHERE api_key.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)`,
};

/** When keys were last used: kept in memory, written once a minute for all of them in one statement. A crash forgets the last minute. */
@Injectable()
export class ApiKeyUsage implements OnApplicationBootstrap, OnApplicationShutdown {
  private used = new Map<string, Date>();
  private readonly loop = new BackgroundLoop({
    name: 'api-key-usage',
    intervalMs: BETWEEN_WRITES_MS,
    logger: new Logger(ApiKeyUsage.name),
    work: () => this.write().then(() => false),
  });

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  note(apiKeyId: string): void {
    this.used.set(apiKeyId, this.clock.now());
  }

  async write(): Promise<void> {
    if (this.used.size === 0) return;
    const batch = this.used;
    this.used = new Map();
    try {
      await this.sql.run(STATEMENT, [[...batch.keys()], [...batch.values()]]);
    } catch (error) {
      this.used = new Map([...batch, ...this.used]);
      throw error;
    }
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await this.write().catch(() => undefined);
  }
}
