import { openTestStore, type TestStore } from '../../../test/support/store';
import { firstIdAt } from '../ids/id';
import { ensurePartitions } from './partitions';

const TABLES = ['attempt', 'audit_entry', 'message', 'outbox_event', 'settled_delivery'];
const DAY_MS = 86_400_000;
const DAYS = 8;

describe('ensurePartitions', () => {
  let db: TestStore;
  let sql: TestStore['sql'];
  let today: number;

  beforeEach(async () => {
    db = await openTestStore();
    ({ sql } = db);
    const [row] = await sql.run<{ today: string }>(`SELECT to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD') AS today`);
    today = Date.parse(row!.today);
  });
  afterEach(() => db.close());

  const ensure = () => ensurePartitions((text, values) => db.dataSource.query(text, values));
  const partitionName = (table: string, day: number) =>
    `${table}_${new Date(today + day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const partitionsOf = async (table: string) =>
    (
      await sql.run<{ name: string }>(
        'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1',
        [table],
      )
    ).map(({ name }) => name);
  const drop = async (name: string) => {
    const statement = `DROP TABLE ${name}`;
    await sql.run(statement);
  };

  const event = (time: number) => {
    const id = firstIdAt('evt', new Date(time));
    return sql.run<{ partition: string }>(
      `INSERT INTO outbox_event (id, type, payload) VALUES ($1, 'test.noted', '{}') RETURNING tableoid::regclass::text AS partition`,
      [id],
    );
  };

  it.each(TABLES)('makes the days from today on for %s, in every fresh database', async (table) => {
    const days = Array.from({ length: DAYS }, (_, day) => partitionName(table, day));
    expect(await partitionsOf(table)).toEqual([...days, `${table}_rest`].sort());
  });

  it('knows every partitioned table', async () => {
    const rows = await sql.run<{ relname: string }>(`SELECT relname FROM pg_class WHERE relkind = 'p' ORDER BY 1`);
    expect(rows.map(({ relname }) => relname)).toEqual(TABLES);
  });

  it('changes nothing when all are there, and makes what is missing', async () => {
    const before = await partitionsOf('message');
    await ensure();
    expect(await partitionsOf('message')).toEqual(before);
    await drop(partitionName('message', 3));
    await drop(partitionName('message', DAYS - 1));
    await ensure();
    expect(await partitionsOf('message')).toEqual(before);
  });

  it('puts each row into its day, from the first millisecond to the last, and others into the rest', async () => {
    expect(await event(today)).toEqual([{ partition: partitionName('outbox_event', 0) }]);
    expect(await event(today + DAY_MS - 1)).toEqual([{ partition: partitionName('outbox_event', 0) }]);
    expect(await event(today + DAY_MS)).toEqual([{ partition: partitionName('outbox_event', 1) }]);
    expect(await event(today - 1)).toEqual([{ partition: 'outbox_event_rest' }]);
    expect(await event(today + DAYS * DAY_MS)).toEqual([{ partition: 'outbox_event_rest' }]);
  });

  it('leaves a day alone whose rows are in the rest, and makes the others', async () => {
    for (const day of [2, 3]) await drop(partitionName('outbox_event', day));
    await event(today + 2 * DAY_MS);
    await ensure();
    const partitions = await partitionsOf('outbox_event');
    expect(partitions).not.toContain(partitionName('outbox_event', 2));
    expect(partitions).toContain(partitionName('outbox_event', 3));
    expect(await event(today + 2 * DAY_MS + 1)).toEqual([{ partition: 'outbox_event_rest' }]);
  });

  it('passes on what it does not expect', async () => {
    await drop(partitionName('message', 0));
    await expect(
      ensurePartitions((text, values) =>
        text.startsWith('CREATE') ? Promise.reject(new Error('no disk')) : db.dataSource.query(text, values),
      ),
    ).rejects.toThrow('no disk');
  });
});
