import { openTestStore, type TestStore } from '../../../test/support/store';
import { isDatabaseUnavailable } from './database-unavailable';

describe('Sql', () => {
  let db: TestStore;
  let sql: TestStore['sql'];

  beforeEach(async () => {
    db = await openTestStore();
    ({ sql } = db);
    await sql.run('CREATE TABLE thing (id integer PRIMARY KEY)');
  });
  afterEach(() => db.close());

  const things = async () => (await sql.run<{ id: number }>('SELECT id FROM thing ORDER BY id')).map(({ id }) => id);
  const allIdle = () => sql.connections.idle === sql.connections.total && sql.connections.waiting === 0;

  it('runs plain and prepared statements', async () => {
    const add = { name: 'thing.add', text: 'INSERT INTO thing VALUES ($1) RETURNING id' };
    expect(await sql.run(add, [1])).toEqual([{ id: 1 }]);
    expect(await sql.run(add, [2])).toEqual([{ id: 2 }]);
    expect(await things()).toEqual([1, 2]);
  });

  it('commits a transaction and hands back its result', async () => {
    const result = await sql.transaction(async (run) => {
      await run('INSERT INTO thing VALUES (1)');
      expect(await things()).toEqual([]);
      return run<{ id: number }>('SELECT id FROM thing');
    });
    expect(result).toEqual([{ id: 1 }]);
    expect(await things()).toEqual([1]);
  });

  it('rolls back whatever fails, and gives the connection back clean', async () => {
    const thrown = sql.transaction(async (run) => {
      await run('INSERT INTO thing VALUES (1)');
      throw new Error('no');
    });
    await expect(thrown).rejects.toThrow('no');
    const refused = sql.transaction(async (run) => {
      await run('INSERT INTO thing VALUES (1)');
      await run('INSERT INTO thing VALUES (1)');
    });
    await expect(refused).rejects.toMatchObject({ code: '23505' });
    expect(await things()).toEqual([]);
    expect(allIdle()).toBe(true);
  });

  it('has connections left after more failures than it has connections', async () => {
    for (let n = 0; n < 10; n++) await expect(sql.transaction((run) => run('SELECT 1/0'))).rejects.toMatchObject({ code: '22012' });
    expect(allIdle()).toBe(true);
    expect(await things()).toEqual([]);
  });

  it.each(['while a statement runs', 'between two statements'])('a backend that dies %s costs one transaction', async (when) => {
    const dying = sql.transaction(async (run) => {
      await run('INSERT INTO thing VALUES (1)');
      const [{ pid } = { pid: 0 }] = await run<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const asleep = when === 'while a statement runs' ? run('SELECT pg_sleep(60)') : undefined;
      await sql.run('SELECT pg_terminate_backend($1, 5000)', [pid]);
      await asleep;
      await run('SELECT 1');
    });
    const error: unknown = await dying.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isDatabaseUnavailable(error)).toBe(true);

    expect(await Promise.all(Array.from({ length: 8 }, things))).toEqual(Array.from({ length: 8 }, () => []));
    expect(allIdle()).toBe(true);
  });

  it('an idle connection that dies is replaced', async () => {
    await Promise.all(Array.from({ length: 4 }, things));
    await sql.transaction(async (run) => {
      await run(
        'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    });
    expect(await things()).toEqual([]);
  });
});
