import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Sql } from '../database/sql';

export type ReadinessReport = { readonly ready: boolean; readonly database: 'ok' | 'unavailable'; readonly draining: boolean };

/** Whether this process should be given work: it reaches the database and is not on its way out. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private draining = false;

  constructor(private readonly sql: Sql) {}

  async report(): Promise<ReadinessReport> {
    const database = await this.sql.run('SELECT 1').then(
      () => 'ok' as const,
      () => 'unavailable' as const,
    );
    return { ready: database === 'ok' && !this.draining, database, draining: this.draining };
  }

  get isDraining(): boolean {
    return this.draining;
  }

  drain(): void {
    this.draining = true;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }
}
