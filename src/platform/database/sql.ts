import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { isDatabaseUnavailable } from './database-unavailable';

/** A statement that is prepared once per connection: planning is paid once, not per call. */
export type Statement = { readonly name: string; readonly text: string };

/** Runs one statement of a transaction. */
export type RunStatement = <Row extends QueryResultRow>(statement: Statement | string, values?: unknown[]) => Promise<Row[]>;

/** SQL on pooled connections, beside TypeORM's entity manager: for batches and reads, where every microsecond shows. */
@Injectable()
export class Sql {
  constructor(private readonly dataSource: DataSource) {}

  async run<Row extends QueryResultRow>(statement: Statement | string, values: unknown[] = []): Promise<Row[]> {
    return rows<Row>(this.pool, statement, values);
  }

  /** Several statements on one connection in one transaction. */
  async transaction<T>(work: (run: RunStatement) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const result = await work((statement, values) => rows(client, statement, values ?? []));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      if (isDatabaseUnavailable(error)) broken = true;
      else await client.query('ROLLBACK').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Connections of this process's pool, for the metrics. */
  get connections(): { total: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}

async function rows<Row extends QueryResultRow>(on: Pool | PoolClient, statement: Statement | string, values: unknown[]): Promise<Row[]> {
  const result = await on.query<Row>(typeof statement === 'string' ? { text: statement, values } : { ...statement, values });
  return result.rows;
}
