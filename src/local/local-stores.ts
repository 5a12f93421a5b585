import type { DataDirectory } from './data-directory';
import { startEmbeddedPostgres, stopLeftoverPostgres } from './embedded-postgres';
import type { LocalPorts } from './local-ports';
import { startLocalRedis, stopLeftoverRedis } from './local-redis';
import type { LocalSecrets } from './local-secrets';
import type { LocalSettings } from './local-settings';
import { type RunningService, SupervisedService } from './supervised-service';

export interface StoreUrls {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** PostgreSQL and Redis: those that were given, or servers of our own. */
export class LocalStores {
  private postgres: SupervisedService<RunningService> | undefined;
  private redis: SupervisedService<RunningService> | undefined;

  constructor(
    private readonly settings: LocalSettings,
    private readonly data: DataDirectory,
    private readonly report: (line: string) => void,
  ) {}

  async start(secrets: LocalSecrets, ports: LocalPorts): Promise<StoreUrls> {
    const [databaseUrl, redisUrl] = await Promise.all([
      this.settings.databaseUrl ?? this.startPostgres(secrets.databasePassword, ports.postgres),
      this.settings.redisUrl ?? this.startRedis(secrets.redisPassword, ports.redis),
    ]);
    return { databaseUrl, redisUrl };
  }

  async stopLeftovers(): Promise<void> {
    await Promise.all([stopLeftoverPostgres(this.data.file('postgres')), stopLeftoverRedis(this.data.file('redis'))]);
  }

  async stop(): Promise<void> {
    await this.redis?.stop();
    await this.postgres?.stop();
  }

  kill(): void {
    this.redis?.kill();
    this.postgres?.kill();
  }

  private async startPostgres(password: string, port: number): Promise<string> {
    const directory = this.data.file('postgres');
    const options = { directory, port, password };
    const postgres = new SupervisedService('database', () => startEmbeddedPostgres(options), this.report);
    this.postgres = postgres;
    const { url, dataDirectory } = await postgres.start();
    if (!dataDirectory.startsWith(directory)) this.report(`PostgreSQL may not enter ${directory}; its data lies in ${dataDirectory}.`);
    return url;
  }

  private async startRedis(password: string, port: number): Promise<string> {
    const [directory, packageDirectory] = [this.data.file('redis'), this.data.file('redis-package')];
    const options = { directory, packageDirectory, port, password, report: this.report };
    const redis = new SupervisedService('Redis server', () => startLocalRedis(options), this.report);
    this.redis = redis;
    return (await redis.start()).url;
  }
}
