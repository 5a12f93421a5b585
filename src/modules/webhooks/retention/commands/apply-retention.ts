import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { type DayPartition, partitionsBefore } from '../../../../platform/database/partitions';
import { type RunStatement, Sql } from '../../../../platform/database/sql';
import { firstIdAt } from '../../../../platform/ids/id';
import { RetentionMetrics } from '../retention-metrics';

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
/** Detaching stops all who read or write the table, and whoever comes while it waits. Better to come back in an hour. */
const LOCK_TIMEOUT = '500ms';
/** Of all who detach and drop: any number that nobody else uses. */
const LOCK = 7_406_025;
/** Noted at a partition when none of its payloads is to be deleted any more. */
const EMPTIED = 'posthorn: payloads deleted';

const HELD = '(SELECT organization_id FROM legal_hold)';

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
    const now = today ?? (await this.today());
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

  private async today(): Promise<Date> {
    const [row] = await this.sql.run<{ today: string }>(`SELECT to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD') AS today`);
    return new Date(row?.today ?? NaN);
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
    const statement = `
      WITH chunk AS MATERIALIZED (
        SELECT id, application_id, event_id FROM ${partition}
         WHERE id > $1 AND event_id IS NOT NULL AND organization_id NOT IN ${HELD} ORDER BY id LIMIT $2
      ), gone AS (
        DELETE FROM message_event_id e USING chunk c
         WHERE e.application_id = c.application_id AND e.event_id = c.event_id AND e.message_id = c.id
      )
      SELECT max(id) AS last FROM chunk`;
    for (let last: string | null = ''; last !== null;)
      last = (await this.sql.run<{ last: string | null }>(statement, [last, CHUNK]))[0]?.last ?? null;
  }

  /** Three steps, each of which finds what the last one left: detached, emptied of what is held, gone. */
  private async drop(table: string, key: string, { name }: DayPartition): Promise<boolean> {
    await this.sql.transaction(async (run) => {
      await run(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
      await run('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const detach = `ALTER TABLE ${table} DETACH PARTITION ${name}`;
      if ((await stateOf(run, name)) === 'attached') await run(detach);
    });
    return this.sql.transaction(async (run) => {
      await run('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      if ((await stateOf(run, name)) !== 'detached') return false;
      const keep = `
        WITH held AS (
          DELETE FROM ${name} WHERE ${key} = ANY (ARRAY(SELECT ${key} FROM ${name} WHERE organization_id IN ${HELD} LIMIT $1)) RETURNING *
        ), kept AS (INSERT INTO ${table} SELECT * FROM held)
        SELECT count(*)::int AS count FROM held`;
      for (let kept = 1; kept > 0;) kept = (await run<{ count: number }>(keep, [CHUNK]))[0]?.count ?? 0;
      const remove = `DROP TABLE ${name}`;
      await run(remove);
      return true;
    });
  }

  /** Rows without a partition of their day, and those that were held. */
  private async deleteRest(table: string, key: string, before: string): Promise<number> {
    const statement = `
      WITH gone AS (
        DELETE FROM ${table}_rest
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table}_rest WHERE ${key} < $1 AND organization_id NOT IN ${HELD} ORDER BY ${key} LIMIT $2))
        RETURNING *
      )${table === 'message' ? FORGET : ''}
      SELECT count(*)::int AS count FROM gone`;
    return this.repeat('rows', async () => (await this.sql.run<{ count: number }>(statement, [before, CHUNK]))[0]?.count ?? 0);
  }

  private async deletePayloads(before: Date): Promise<number> {
    let payloads = 0;
    for (const { name, note, attached } of await this.partitions('message', before)) {
      if (note === EMPTIED || !attached) continue;
      const { deleted, kept } = await this.emptyPartition(name, before);
      payloads += deleted;
      const mark = `COMMENT ON TABLE ${name} IS '${EMPTIED}'`;
      // What is held, or delivered at a later time, is looked at again.
      if (!kept) await this.sql.run(mark);
    }
    return payloads + (await this.emptyRest(before));
  }

  private async emptyPartition(name: string, before: Date): Promise<{ deleted: number; kept: boolean }> {
    const statement = `
      WITH chunk AS MATERIALIZED (
        SELECT id, payload IS NOT NULL AND payload_expires_at IS NULL AS due, coalesce(deliver_at, created_at) < $3 AND organization_id NOT IN ${HELD} AS over
          FROM ${name} WHERE id > $1 ORDER BY id LIMIT $2
      ), gone AS (
        UPDATE ${name} SET payload = NULL WHERE id = ANY (ARRAY(SELECT id FROM chunk WHERE due AND over)) RETURNING 1
      )
      SELECT (SELECT max(id) FROM chunk) AS last, (SELECT count(*)::int FROM gone) AS deleted, EXISTS (SELECT FROM chunk WHERE due AND NOT over) AS kept`;
    let [last, deleted, kept]: [string | null, number, boolean] = ['', 0, false];
    while (last !== null) {
      const [chunk]: { last: string | null; deleted: number; kept: boolean }[] = await this.sql.run(statement, [last, CHUNK, before]);
      last = chunk?.last ?? null;
      deleted += chunk?.deleted ?? 0;
      kept ||= chunk?.kept ?? false;
    }
    this.metrics.deleted('payloads', deleted);
    return { deleted, kept };
  }

  private emptyRest(before: Date): Promise<number> {
    const statement = `
      WITH gone AS (
        UPDATE message_rest SET payload = NULL
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM message_rest
                                  WHERE id < $1 AND payload IS NOT NULL AND payload_expires_at IS NULL AND coalesce(deliver_at, created_at) < $3
                                    AND organization_id NOT IN ${HELD} LIMIT $2))
        RETURNING 1
      )
      SELECT count(*)::int AS count FROM gone`;
    const values = [firstIdAt('msg', before), CHUNK, before];
    return this.repeat('payloads', async () => (await this.sql.run<{ count: number }>(statement, values))[0]?.count ?? 0);
  }

  private async repeat(what: 'payloads' | 'rows', work: () => Promise<number>): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await work();
      total += count;
      this.metrics.deleted(what, count);
      if (count < CHUNK) return total;
    }
  }
}

/** Another worker was faster. */
function unlessGone(error: unknown): void {
  if ((error as { code?: string }).code !== '42P01') throw error;
}

/** From the catalog: a look-up by name may be remembered from before the lock. */
async function stateOf(run: RunStatement, name: string): Promise<'attached' | 'detached' | 'gone'> {
  const [found] = await run<{ attached: boolean }>(
    'SELECT relispartition AS attached FROM pg_class WHERE relname = $1 AND pg_table_is_visible(oid)',
    [name],
  );
  return found ? (found.attached ? 'attached' : 'detached') : 'gone';
}

const FORGET = `, forgotten AS (
        DELETE FROM message_event_id e USING gone g
         WHERE e.application_id = g.application_id AND e.event_id = g.event_id AND e.message_id = g.id
      )`;
