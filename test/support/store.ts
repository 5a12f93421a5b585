import { randomBytes } from 'node:crypto';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { Cipher } from '../../src/platform/crypto/cipher';
import { DataKeys } from '../../src/platform/crypto/data-keys';
import { KeyRing } from '../../src/platform/crypto/key-ring';
import { AggregateStore } from '../../src/platform/database/aggregate-store';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { Sql } from '../../src/platform/database/sql';
import { TypeOrmUnitOfWork } from '../../src/platform/database/unit-of-work';
import { Outbox } from '../../src/platform/outbox/outbox';
import { openTestDatabase } from './database';

type Entity = Exclude<EntityTarget<ObjectLiteral>, { type: unknown }>;

export type TestStore = Awaited<ReturnType<typeof openTestStore>>;

/** What repositories and queries stand on, over a private database: for adapters without an application around them. */
export async function openTestStore(...entities: Entity[]) {
  const database = await openTestDatabase();
  const dataSource = await new DataSource({ ...dataSourceOptions({ url: database.url, poolSize: 4 }), entities }).initialize();
  const sql = new Sql(dataSource);
  const uow = new TypeOrmUnitOfWork(dataSource);
  const cipher = new Cipher(new DataKeys(sql, new KeyRing([{ id: 'test', key: randomBytes(32) }])));
  const outbox = new Outbox(uow);
  return {
    /** For connections of its own to the same database. */
    url: database.url,
    dataSource,
    sql,
    uow,
    cipher,
    outbox,
    store: new AggregateStore(uow, outbox, cipher),
    async close(): Promise<void> {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
