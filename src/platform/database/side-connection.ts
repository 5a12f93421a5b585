import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type QueryResultRow } from 'pg';
import { dataSourceOptions, type DatabaseSettings } from './data-source';

/**
 * One connection beside the pool, for what a caller may need while it holds a pooled one: taken from the pool, it would
 * be waited for by everybody at once as soon as the pool is used up. Sees every tenant.
 */
@Injectable()
export class SideConnection implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(settings: DatabaseSettings) {
    this.pool = new Pool({ ...dataSourceOptions(settings).extra, connectionString: settings.url, max: 1 });
    // An idle connection that dies is replaced; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  async run<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}
