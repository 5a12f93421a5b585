import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import type { Config } from '../../../../config/env';
import { ensurePartitions } from '../../../../platform/database/partitions';
import { firstIdAt } from '../../../../platform/ids/id';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import type { RetentionMetrics } from '../../../../platform/retention/retention-metrics';
import { ApplyRetention, ApplyRetentionHandler } from './apply-retention';
import { HoldOrganization, HoldOrganizationHandler } from './hold-organization';
import { ReleaseOrganization, ReleaseOrganizationHandler } from './release-organization';

const DAY_MS = 86_400_000;
const TODAY = new Date('2031-06-30');
const HELD = 'org_held';

const daysAgo = (days: number) => new Date(TODAY.getTime() - days * DAY_MS);

describe('ApplyRetention', () => {
  let db: TestStore;
  let sql: TestStore['sql'];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    db = await openTestStore();
    ({ sql } = db);
    // What the migration made lies years before the day that these tests live on.
    await apply();
  });
  afterEach(() => db.close());

  const metrics = { deleted: () => undefined } as unknown as RetentionMetrics;
  const apply = (retention: Pick<Config['retention'], 'days' | 'payloadDays'> = { days: 90, payloadDays: 30 }) =>
    new ApplyRetentionHandler(sql, metrics, { retention } as Config).execute(new ApplyRetention(TODAY));
  const hold = () => new HoldOrganizationHandler(sql).execute(new HoldOrganization(HELD));
  const release = () => new ReleaseOrganizationHandler(sql).execute(new ReleaseOrganization(HELD));

  /** A message that was delivered that day, in the partition of that day or outside of all. @returns its id */
  async function day(days: number, { organization = 'org_1', partition = true, columns = {} } = {}): Promise<string> {
    const at = daysAgo(days);
    if (partition) await ensurePartitions((text, values) => db.dataSource.query(text, values), at);
    const [id, attempt] = ['msg', 'atmpt']
      .map((prefix) => firstIdAt(prefix, new Date(at.getTime() + 1_000)))
      .map((each) => each.slice(0, -3) + organization.slice(-3)) as [string, string];
    const message = {
      id,
      organization_id: organization,
      application_id: 'app_1',
      event_id: `evt-${id}`,
      event_type: 'a',
      payload: Buffer.from('x'),
      created_at: at,
      ...columns,
    };
    const names = Object.keys(message);
    await sql.run(
      `INSERT INTO message (${names.join(', ')}) VALUES (${names.map((_, n) => `$${n + 1}`).join(', ')})`,
      Object.values(message),
    );
    await sql.run('INSERT INTO message_event_id (application_id, event_id, message_id) VALUES ($1, $2, $3)', ['app_1', `evt-${id}`, id]);
    await sql.run(
      `INSERT INTO settled_delivery (message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count, settled_at)
       VALUES ($1, 'ep_1', $2, 'app_1', 'a', 0, 'ok', 1, $3)`,
      [id, organization, at],
    );
    await sql.run(
      `INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason, response_status_code,
                            response_duration_ms, trigger_type, url, response, attempted_at)
       VALUES ($1, $2, 'app_1', $3, 'ep_1', 'a', 0, 'ok', 200, 1, 0, '', '', $4)`,
      [attempt, organization, id, at],
    );
    return id;
  }

  const kept = async () => {
    const [row] = await sql.run<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM message) AS messages, (SELECT count(*)::int FROM message WHERE payload IS NOT NULL) AS payloads,
              (SELECT count(*)::int FROM settled_delivery) AS deliveries, (SELECT count(*)::int FROM attempt) AS attempts,
              (SELECT count(*)::int FROM message_event_id) AS events`,
    );
    return row;
  };
  const tables = async (pattern: string) =>
    (
      await sql.run<{ name: string }>(`SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relname ~ $1 ORDER BY 1`, [
        pattern,
      ])
    ).map(({ name }) => name);

  it('drops the partitions of days that are over, and what they alone made unique', async () => {
    for (const days of [200, 92, 91, 90, 89, 0]) await day(days);
    expect(await apply()).toMatchObject({ rows: 0 });
    expect(await kept()).toEqual({ messages: 3, payloads: 1, deliveries: 3, attempts: 3, events: 3 });
    // 90 days before that day began; the ensured days after it are there as well.
    expect((await tables('^(message|attempt|settled_delivery)_2031'))[0]).toBe('attempt_20310401');
    expect(await apply()).toEqual({ partitions: 0, payloads: 0, rows: 0 });
  });

  it('deletes rows that are in no partition of their day', async () => {
    await day(200, { partition: false });
    await day(89, { partition: false });
    expect(await apply()).toEqual({ partitions: 0, payloads: 1, rows: 3 });
    expect(await kept()).toEqual({ messages: 1, payloads: 0, deliveries: 1, attempts: 1, events: 1 });
  });

  it('leaves payloads that have a time of their own, or are still to be delivered', async () => {
    await day(40);
    await day(41, { columns: { payload_expires_at: daysAgo(-10) } });
    await day(42, { columns: { deliver_at: daysAgo(20) } });
    await day(29);
    expect(await apply()).toMatchObject({ payloads: 1 });
    expect(await kept()).toMatchObject({ messages: 4, payloads: 3 });
    expect(await apply()).toMatchObject({ payloads: 0 });
    expect(await apply({ days: 90, payloadDays: 15 })).toMatchObject({ payloads: 2 });
    expect(await kept()).toMatchObject({ payloads: 1 });
  });

  it('deletes nothing of an organization that is held, and all of it after it was released', async () => {
    for (const days of [200, 100, 40]) {
      await day(days);
      await day(days, { organization: HELD });
    }
    await hold();
    await apply();
    await apply();
    expect(await kept()).toEqual({ messages: 4, payloads: 3, deliveries: 4, attempts: 4, events: 4 });
    expect(await tables('^(message|attempt|settled_delivery)_2031(02|03)')).toEqual([]);
    await release();
    await apply();
    expect(await kept()).toEqual({ messages: 2, payloads: 0, deliveries: 2, attempts: 2, events: 2 });
  });

  it('goes on where it was broken off, and loses nothing that is held', async () => {
    await day(200);
    await day(200, { organization: HELD });
    await hold();
    const [partition] = await tables('^message_2030');
    const detach = `ALTER TABLE message DETACH PARTITION ${partition!}`;
    await sql.run(detach);
    await apply();
    expect(await kept()).toEqual({ messages: 1, payloads: 1, deliveries: 1, attempts: 1, events: 1 });
    expect(await tables(`^${partition!}$`)).toEqual([]);
  });

  it('may be done by several workers at once', async () => {
    for (const days of [200, 150, 100]) await day(days);
    await Promise.all(Array.from({ length: 4 }, () => apply()));
    expect(await kept()).toEqual({ messages: 0, payloads: 0, deliveries: 0, attempts: 0, events: 0 });
  });

  it('does not make others wait behind somebody who reads for long, but comes back', async () => {
    await day(200);
    const reader = new Client({ connectionString: db.url });
    await reader.connect();
    try {
      await reader.query('BEGIN; SELECT count(*) FROM attempt');
      await expect(apply()).rejects.toMatchObject({ code: '55P03' });
      expect(await kept()).toMatchObject({ attempts: 1 });
      await reader.query('COMMIT');
    } finally {
      await reader.end();
    }
    await apply();
    expect(await kept()).toMatchObject({ attempts: 0 });
  });

  it('keeps everything when it is told to', async () => {
    await day(3_000);
    expect(await apply({ days: 0, payloadDays: 0 })).toEqual({ partitions: 0, payloads: 0, rows: 0 });
    expect(await kept()).toEqual({ messages: 1, payloads: 1, deliveries: 1, attempts: 1, events: 1 });
  });
});
