import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { type DayPartition, partitionsBefore } from '../../../../platform/database/partitions';
import { Sql } from '../../../../platform/database/sql';
import { AFTER_ALL_IDS, firstIdAt } from '../../../../platform/ids/id';
import { dropDay, unlessGone } from '../../../../platform/retention/drop-day';
import { HELD } from '../../../../platform/retention/legal-hold';
import { RetentionMetrics } from '../../../../platform/retention/retention-metrics';
import { todayOf } from '../../../../platform/retention/today';

export type Retained = { readonly partitions: number; readonly payloads: number; readonly rows: number };

/** Deletes what is older than it may be. It can be broken off anywhere, and goes on the next time. @param today for simulations */
export class ApplyRetention extends Command<Retained> {
  constructor(readonly today: Date | null = null) {
    super();
  }
}

/** Messages last: what belongs to them is gone by then. */
const HISTORY = [
  { table: 'attempt', key: 'id', prefix: 'atmpt' },
  { table: 'settled_delivery', key: 'message_id', prefix: 'msg' },
  { table: 'message', key: 'id', prefix: 'msg' },
] as const;

const DAY_MS = 86_400_000;
const CHUNK = 1_000;
/** Noted at a partition when none of its payloads is to be deleted any more. */
const EMPTIED = 'posthorn: payloads deleted';

@CommandHandler(ApplyRetention)
export class ApplyRetentionHandler implements ICommandHandler<ApplyRetention> {
  private readonly logger = new Logger(ApplyRetention.name);
  private readonly limits: Config['retention'];

  constructor(
    private readonly sql: Sql,
    private readonly metrics: RetentionMetrics,
    @Inject(CONFIG) { retention }: Config,
  ) {
    this.limits = retention;
  }

  async execute({ today }: ApplyRetention): Promise<Retained> {
    const now = today ?? (await todayOf(this.sql));
    const [before, payloadsBefore] = [this.limits.days, this.limits.payloadDays].map((days) =>
      days === 0 ? null : new Date(now.getTime() - days * DAY_MS),
    );
    const retained = {
      ...(before ? await this.dropHistory(before) : { partitions: 0, rows: 0 }),
      payloads: payloadsBefore ? await this.deletePayloads(payloadsBefore) : 0,
    };
    if (retained.partitions + retained.payloads + retained.rows > 0) this.logger.log(retained, 'retention applied');
    return retained;
  }

  private async dropHistory(before: Date): Promise<{ partitions: number; rows: number }> {
    let [partitions, rows] = [0, 0];
    for (const { table, key, prefix } of HISTORY) {
      for (const partition of await this.partitions(table, before)) {
        if (table === 'message') await this.forgetEventIds(partition.name).catch(unlessGone);
        if (!(await this.drop(table, key, partition))) continue;
        this.metrics.deleted('partitions', 1);
        partitions++;
      }
      rows += await this.deleteRest(table, key, firstIdAt(prefix, before));
    }
    return { partitions, rows };
  }

  private partitions(table: string, before: Date): Promise<DayPartition[]> {
    return partitionsBefore((text, values) => this.sql.run(text, values), table, before);
  }

  /** After this an event id may be used again. */
  private async forgetEventIds(partition: string): Promise<void> {
    const forgotten = `done AS (
      DELETE FROM message_event_id e USING ${partition} m, chunk c
       WHERE m.id = c.key AND m.organization_id NOT IN ${HELD} AND ${OF_MESSAGE} RETURNING 1)`;
    await this.walk(partition, 'id', forgotten);
  }

  private drop(table: string, key: string, { name }: DayPartition): Promise<boolean> {
    return dropDay(this.sql, table, name, async () => {
      const [{ holds } = { holds: true }] = await this.sql.run<{ holds: boolean }>('SELECT EXISTS (SELECT FROM legal_hold) AS holds');
      if (holds) await this.walk(name, key, keepHeld(table, key, name));
    });
  }

  /** Rows without a partition of their day, and those that were held. */
  private async deleteRest(table: string, key: string, before: string): Promise<number> {
    const gone = `gone AS (
      DELETE FROM ${table}_rest WHERE ${key} = ANY (ARRAY(SELECT key FROM chunk)) AND organization_id NOT IN ${HELD} RETURNING *
    )${table === 'message' ? `, forgotten AS (DELETE FROM message_event_id e USING gone m WHERE ${OF_MESSAGE})` : ''}, done AS (SELECT FROM gone)`;
    const { done } = await this.walk(`${table}_rest`, key, gone, { until: before });
    this.metrics.deleted('rows', done);
    return done;
  }

  private async deletePayloads(before: Date): Promise<number> {
    let payloads = await this.empty('message_rest', before).then(({ done }) => done);
    for (const { name, note, attached } of await this.partitions('message', before)) {
      if (note === EMPTIED || !attached) continue;
      const { done, left } = await this.empty(name, before);
      payloads += done;
      const mark = `COMMENT ON TABLE ${name} IS '${EMPTIED}'`;
      // What is held, or delivered at a later time, is looked at again.
      if (left === 0) await this.sql.run(mark);
    }
    return payloads;
  }

  private async empty(table: string, before: Date): Promise<{ done: number; left: number }> {
    const over = `coalesce(m.deliver_at, m.created_at) < $4 AND m.organization_id NOT IN ${HELD}`;
    const open = `m.id = c.key AND m.payload IS NOT NULL AND m.payload_expires_at IS NULL`;
    const emptied = `done AS (UPDATE ${table} m SET payload = NULL FROM chunk c WHERE ${open} AND ${over} RETURNING 1)`;
    const left = `SELECT count(*)::int FROM ${table} m, chunk c WHERE ${open} AND NOT (${over})`;
    const emptying = await this.walk(table, 'id', emptied, { until: firstIdAt('msg', before), left, values: [before] });
    this.metrics.deleted('payloads', emptying.done);
    return emptying;
  }

  /**
   * Goes through a table by its key, some at a time: no statement takes long, however much there is.
   * @param act CTEs that do something to those of `chunk`, the last of them `done`
   */
  private async walk(
    table: string,
    key: string,
    act: string,
    { until = AFTER_ALL_IDS, left = 'SELECT 0', values = [] as unknown[] } = {},
  ): Promise<{ done: number; left: number }> {
    const statement = `
      WITH chunk AS MATERIALIZED (SELECT DISTINCT ${key} AS key FROM ${table} WHERE ${key} > $1 AND ${key} < $2 ORDER BY 1 LIMIT $3), ${act}
      SELECT (SELECT max(key) FROM chunk) AS last, (SELECT count(*)::int FROM done) AS done, (${left}) AS left`;
    const total = { done: 0, left: 0 };
    for (let last: string | null = ''; last !== null;) {
      const [step]: Step[] = await this.sql.run<Step>(statement, [last, until, CHUNK, ...values]);
      last = step?.last ?? null;
      total.done += step?.done ?? 0;
      total.left += step?.left ?? 0;
    }
    return total;
  }
}

type Step = { last: string | null; done: number; left: number };

/** A row e of `message_event_id` and its message m. */
const OF_MESSAGE = 'e.application_id = m.application_id AND e.event_id = m.event_id AND e.message_id = m.id';

/** Without a partition of its day a row goes to the rest. */
const keepHeld = (table: string, key: string, partition: string) => `
  held AS (DELETE FROM ${partition} WHERE ${key} = ANY (ARRAY(SELECT key FROM chunk)) AND organization_id IN ${HELD} RETURNING *),
  done AS (INSERT INTO ${table} SELECT * FROM held RETURNING 1)`;
