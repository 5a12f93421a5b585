import { DataSource } from 'typeorm';
import { eventually } from '../../../test/support/eventually';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { dataSourceOptions } from './data-source';
import { isDatabaseUnavailable } from './database-unavailable';
import { Sql } from './sql';
import { TypeOrmUnitOfWork } from './unit-of-work';

describe('TypeOrmUnitOfWork', () => {
  let db: TestStore;
  let uow: TestStore['uow'];

  beforeEach(async () => {
    db = await openTestStore();
    ({ uow } = db);
    await db.sql.run('CREATE TABLE thing (id integer PRIMARY KEY)');
  });
  afterEach(() => db.close());

  const add = (id: number) => uow.manager.query('INSERT INTO thing VALUES ($1)', [id]);
  const things = async () => (await db.sql.run<{ id: number }>('SELECT id FROM thing ORDER BY id')).map(({ id }) => id);
  const fail = (): never => {
    throw new Error('no');
  };

  it('commits at the end, and shows nothing before', async () => {
    const result = await uow.run(async () => {
      await add(1);
      expect(await things()).toEqual([]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await things()).toEqual([1]);
  });

  it('joins nested work to the outer transaction', async () => {
    const failing = uow.run(async () => {
      await uow.run(() => add(1));
      await uow.run(() => add(2));
      fail();
    });
    await expect(failing).rejects.toThrow('no');
    expect(await things()).toEqual([]);
  });

  it('fails as a whole when nested work fails in the database, though the error is caught', async () => {
    const failing = uow.run(async () => {
      await add(1);
      await uow.run(() => add(1)).catch(() => undefined);
      await add(2);
    });
    await expect(failing).rejects.toMatchObject({ code: '25P02' });
    expect(await things()).toEqual([]);
  });

  it('keeps transactions that run at once apart', async () => {
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map((id) =>
        uow.run(async () => {
          await add(id);
          if (id % 2 === 0) fail();
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(await things()).toEqual([1, 3]);
  });

  it('is outside any transaction again afterwards', async () => {
    await expect(uow.run(fail)).rejects.toThrow('no');
    await add(1);
    expect(await things()).toEqual([1]);
  });

  it('a backend that dies costs one transaction, and says that the database was away', async () => {
    const dying = uow.run(async () => {
      await add(1);
      const [{ pid }] = await uow.manager.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await db.sql.run('SELECT pg_terminate_backend($1, 5000)', [pid]);
      await eventually(() => db.sql.connections.total === 1, { what: 'the death of the connection is noticed' });
      await add(2);
    });
    const error: unknown = await dying.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(await Promise.all(Array.from({ length: 8 }, things))).toEqual(Array.from({ length: 8 }, () => []));
  });

  it('never gives a connection back on which its transaction may still be open', async () => {
    const options = dataSourceOptions({ url: db.url, poolSize: 1 });
    // Only the client gives up, as with a server that hangs: not even ROLLBACK is answered.
    const extra = { ...options.extra, query_timeout: 50, statement_timeout: 0 };
    const dataSource = await new DataSource({ ...options, extra }).initialize();
    try {
      const impatient = new TypeOrmUnitOfWork(dataSource);
      await db.sql.transaction(async (run) => {
        await run('SELECT pg_advisory_xact_lock(1)');
        const hanging = impatient.run(async () => {
          await impatient.manager.query('INSERT INTO thing VALUES (1)');
          await impatient.manager.query('SELECT pg_advisory_xact_lock(1)');
        });
        await expect(hanging).rejects.toThrow('Query read timeout');
      });
      await eventually(() => new Sql(dataSource).run('INSERT INTO thing VALUES (2)'));
      expect(await things()).toEqual([2]);
    } finally {
      await dataSource.destroy();
    }
  });
});
