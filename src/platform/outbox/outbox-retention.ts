import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BackgroundLoop } from '../background/background-loop';
import { partitionsBefore } from '../database/partitions';
import { Sql } from '../database/sql';
import { firstIdAt } from '../ids/id';
import { dropDay, unlessGone } from '../retention/drop-day';
import { HELD } from '../retention/legal-hold';
import { RetentionMetrics } from '../retention/retention-metrics';
import { todayOf } from '../retention/today';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHUNK = 1_000;

const HAS_DUTIES = 'EXISTS (SELECT 1 FROM observer_job j WHERE j.event_id = e.id)';

/** Events without a partition of their day, and those that were held. */
const REST = `
  DELETE FROM outbox_event_rest WHERE id = ANY (ARRAY(
    SELECT id FROM outbox_event_rest e
     WHERE id < $1 AND coalesce(organization_id, '') NOT IN ${HELD} AND NOT ${HAS_DUTIES} ORDER BY id LIMIT $2))
  RETURNING 1`;

/** Days of events that nobody needs any more. One that an observer still has to work, or gave up, keeps its day. */
@Injectable()
export class OutboxRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRetention.name);
  private readonly loop = new BackgroundLoop({
    name: 'outbox-retention',
    intervalMs: HOUR_MS,
    work: () => this.apply().then(() => false),
    logger: this.logger,
  });

  /** @param days 0: for ever */
  constructor(
    private readonly sql: Sql,
    private readonly metrics: RetentionMetrics,
    private readonly days: number,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** @param today for simulations */
  async apply(today: Date | null = null): Promise<{ readonly partitions: number; readonly rows: number }> {
    if (this.days === 0) return { partitions: 0, rows: 0 };
    const before = new Date((today ?? (await todayOf(this.sql))).getTime() - this.days * DAY_MS);
    const deleted = { partitions: await this.dropDays(before), rows: await this.deleteRest(before) };
    this.metrics.deleted('partitions', deleted.partitions);
    this.metrics.deleted('rows', deleted.rows);
    if (deleted.partitions + deleted.rows > 0) this.logger.log(deleted, 'old events deleted');
    return deleted;
  }

  private async dropDays(before: Date): Promise<number> {
    let dropped = 0;
    for (const { name } of await partitionsBefore((text, values) => this.sql.run(text, values), 'outbox_event', before)) {
      const needed = `SELECT 1 FROM ${name} e WHERE ${HAS_DUTIES} LIMIT 1`;
      if ((await this.sql.run(needed).catch(unlessGone))?.length !== 0) continue;
      const held = `WITH held AS (DELETE FROM ${name} WHERE organization_id IN ${HELD} RETURNING *) INSERT INTO outbox_event SELECT * FROM held`;
      if (await dropDay(this.sql, 'outbox_event', name, () => this.sql.run(held))) dropped++;
    }
    return dropped;
  }

  private async deleteRest(before: Date): Promise<number> {
    for (let total = 0; ;) {
      const gone = await this.sql.run(REST, [firstIdAt('evt', before), CHUNK]);
      total += gone.length;
      if (gone.length < CHUNK) return total;
    }
  }
}
