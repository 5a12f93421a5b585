import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { allMigrations } from './module-migrations';
import { SnakeNamingStrategy } from './snake-naming-strategy';
import { TenantPool } from './tenant-pool';

export type DatabaseSettings = { readonly url: string; readonly poolSize: number };

/**
 * Waiting for ever is worse than an error: a caller gets its 503 within 3 s.
 * The client-side timeout is the one that helps when the server hangs; a hung server does not enforce its own.
 */
const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 2_400;

export function dataSourceOptions({ url, poolSize }: DatabaseSettings) {
  return {
    type: 'postgres',
    url,
    driver: { ...pg, Pool: TenantPool },
    synchronize: false,
    migrations: allMigrations(),
    migrationsTableName: 'migration',
    namingStrategy: new SnakeNamingStrategy(),
    // An idle connection that dies is replaced by the pool; without a listener it would end the process.
    poolErrorHandler: () => undefined,
    extra: {
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      statement_timeout: QUERY_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
      application_name: 'posthorn',
    },
  } as const satisfies DataSourceOptions;
}
