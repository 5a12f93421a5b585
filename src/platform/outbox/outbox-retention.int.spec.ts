import { Logger } from '@nestjs/common';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { ensurePartitions } from '../database/partitions';
import { firstIdAt } from '../ids/id';
import type { RetentionMetrics } from '../retention/retention-metrics';
import { OutboxRetention } from './outbox-retention';

const DAY_MS = 86_400_000;
const TODAY = new Date('2031-06-30');

describe('OutboxRetention', () => {
  let db: TestStore;
  let n = 0;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    db = await openTestStore();
    // What the migration made lies years before the day that these tests live on.
    await apply();
  });
  afterEach(() => db.close());

  const metrics = { deleted: () => undefined } as unknown as RetentionMetrics;
  const apply = (days = 30) => new OutboxRetention(db.sql, metrics, days).apply(TODAY);

  /** An event of that day, in its partition or outside of all. @returns its id */
  async function event(
    days: number,
    { organization = 'org_1', partition = true }: { organization?: string | null; partition?: boolean } = {},
  ): Promise<string> {
    const at = new Date(TODAY.getTime() - days * DAY_MS);
    if (partition) await ensurePartitions((text, values) => db.dataSource.query(text, values), at);
    const id = firstIdAt('evt', new Date(at.getTime() + ++n * 1_000));
    await db.sql.run(`INSERT INTO outbox_event (id, type, payload, organization_id) VALUES ($1, 'a', '{}', $2)`, [id, organization]);
    return id;
  }
  const duty = (eventId: string, failed = false) =>
    db.sql.run(`INSERT INTO observer_job (event_id, observer, failed_at) VALUES ($1, 'o', CASE WHEN $2 THEN now() END)`, [eventId, failed]);
  const kept = async () => (await db.sql.run<{ id: string }>('SELECT id FROM outbox_event ORDER BY id DESC')).map(({ id }) => id);

  it('drops days that are over, and single rows that are in none', async () => {
    for (const days of [200, 32, 31]) await event(days);
    const young = [await event(29), await event(0)];
    await event(300, { partition: false, organization: null });
    expect(await apply()).toMatchObject({ rows: 1 });
    expect(await kept()).toEqual(young.reverse());
    expect(await apply()).toEqual({ partitions: 0, rows: 0 });
  });

  it('keeps the day of an event that an observer has to work, or gave up', async () => {
    const [waiting, failed, loose] = [await event(100), await event(90), await event(300, { partition: false })];
    await duty(waiting);
    await duty(failed, true);
    await duty(loose);
    await event(80);
    await apply();
    expect(await kept()).toEqual([failed, waiting, loose]);
    await db.sql.run('DELETE FROM observer_job');
    await apply();
    expect(await kept()).toEqual([]);
  });

  it('keeps what is held until it is released', async () => {
    const held = [await event(100, { organization: 'org_held' }), await event(90, { organization: 'org_held' })];
    await event(100);
    await event(100, { organization: null });
    await db.sql.run(`INSERT INTO legal_hold (organization_id) VALUES ('org_held')`);
    await apply();
    await apply();
    expect(await kept()).toEqual(held.reverse());
    await db.sql.run('DELETE FROM legal_hold');
    await apply();
    expect(await kept()).toEqual([]);
  });

  it('keeps everything when it is told to', async () => {
    const old = await event(3_000);
    expect(await apply(0)).toEqual({ partitions: 0, rows: 0 });
    expect(await kept()).toEqual([old]);
  });

  it('may be done by several workers at once', async () => {
    for (const days of [200, 150, 100]) await event(days);
    await Promise.all([apply(), apply(), apply()]);
    expect(await kept()).toEqual([]);
  });
});
