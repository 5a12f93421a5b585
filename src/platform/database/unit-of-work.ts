import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { isDatabaseUnavailable } from './database-unavailable';

/** Port for command handlers that change two aggregates in one transaction. */
export abstract class UnitOfWork {
  /** Runs `work` in one transaction; a nested call joins the outer one. */
  abstract run<T>(work: () => Promise<T>): Promise<T>;
}

@Injectable()
export class TypeOrmUnitOfWork extends UnitOfWork {
  private readonly current = new AsyncLocalStorage<EntityManager>();

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  /** The transaction of this async flow, or a plain connection for reads outside one. */
  get manager(): EntityManager {
    return this.current.getStore() ?? this.dataSource.manager;
  }

  override run<T>(work: () => Promise<T>): Promise<T> {
    return this.current.getStore() ? work() : this.transaction(work);
  }

  /** Not `dataSource.transaction()`: when ROLLBACK fails, that puts a connection back whose transaction is still open. */
  private async transaction<T>(work: () => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const result = await this.current.run(runner.manager, work);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // A server that does not answer will not answer a ROLLBACK either, and the caller has waited long enough.
      if (isDatabaseUnavailable(error)) await hangUp(runner);
      else await runner.rollbackTransaction().catch(() => hangUp(runner));
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** The pool drops a connection that is ending; the server rolls back what it left open. */
async function hangUp(runner: QueryRunner): Promise<void> {
  const client = (await runner.connect().catch(() => undefined)) as Client | undefined;
  void client?.end();
}
