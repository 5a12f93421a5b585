import { DataSource } from 'typeorm';
import { openTestDatabase } from '../../../test/support/database';
import { migrate } from '../../../test/support/migrate';
import { dataSourceOptions } from './data-source';
import { allMigrations } from './module-migrations';
import { SchemaCheck } from './schema-check';

const NAMES = allMigrations().map(({ name }) => name);

describe('migrate', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await openTestDatabase();
    dataSource = await new DataSource(dataSourceOptions({ url: database.url, poolSize: 2 })).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const undoAll = async () => {
    for (let n = 0; n < NAMES.length; n++) await dataSource.undoLastMigration({ transaction: 'each' });
  };
  /** Everything that a migration can leave behind. */
  const schema = () =>
    dataSource.query<{ kind: string; name: string }[]>(
      `SELECT relkind::text AS kind, relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'constraint', conname::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'function', proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'type', typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
        ORDER BY 1, 2`,
    );

  it('does nothing the second time', async () => {
    const before = await schema();
    expect(await migrate(database.url)).toEqual([]);
    expect(await schema()).toEqual(before);
  });

  it('undoes every migration without a trace, and does them again', async () => {
    const before = await schema();
    await undoAll();
    const left = (await schema()).filter(({ name }) => !/^(PK_|migration)/.test(name));
    expect(left).toEqual([]);
    expect(await migrate(database.url)).toEqual(NAMES);
    expect(await schema()).toEqual(before);
  });

  it('runs each migration once though several processes start at once', async () => {
    await undoAll();
    const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
    expect(ran.flat()).toEqual(NAMES);
    const stored = await dataSource.query<{ name: string }[]>('SELECT name FROM migration ORDER BY id');
    expect(stored.map(({ name }) => name)).toEqual(NAMES);
  });

  describe('SchemaCheck', () => {
    const check = () => new SchemaCheck(dataSource).onModuleInit();

    it('lets a process start on the schema of its release, or of a newer one', async () => {
      await expect(check()).resolves.toBeUndefined();
      await dataSource.query(`INSERT INTO migration (timestamp, name) VALUES (9999999999999, 'OfTheFuture9999999999999')`);
      await expect(check()).resolves.toBeUndefined();
    });

    it('does not let one start on an older schema, and says what to do', async () => {
      await dataSource.undoLastMigration({ transaction: 'each' });
      await expect(check()).rejects.toThrow('The database schema is older than this release. Run `node dist/migrate.js`');
      await migrate(database.url);
      await expect(check()).resolves.toBeUndefined();
    });
  });
});
