import { Injectable } from '@nestjs/common';
import { Cipher, SYSTEM_SCOPE } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { encryptedTable } from '../../../platform/crypto/encrypted-tables';
import { Sql } from '../../../platform/database/sql';
import { TypeOrmUnitOfWork } from '../../../platform/database/unit-of-work';
import { Outbox } from '../../../platform/outbox/outbox';
import { type ClaimedTask, LeaseLost, type NewTask, type SavedStep, TaskStore } from '../domain/task-store';
import { TaskStarted } from '../tasks.events';

encryptedTable('task', 'result');

/** Several times the length of a step: a slow database is no death. Two workers at one step would be safe, and a waste. */
const LEASE_SECONDS = 15;

const START = `
  WITH started AS (
    INSERT INTO task (id, type, organization_id, user_id, input, unique_key) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (unique_key) WHERE status = 'running' DO NOTHING
    RETURNING id
  )
  SELECT id FROM started`;

const RUNNING = `SELECT id FROM task WHERE unique_key = $1 AND status = 'running'`;

const CANCEL = `
  UPDATE task SET status = 'canceled', lease = NULL, lease_until = NULL, updated_at = now(), finished_at = now()
   WHERE id = $1 AND status = 'running' RETURNING id`;

const FORGET = `DELETE FROM task WHERE user_id = $1 AND organization_id IS NULL`;

const CLAIM = {
  name: 'task.claim',
  text: `
    UPDATE task
       SET lease = gen_random_uuid(), lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempts = attempts + 1
     WHERE id = ANY (ARRAY(
             SELECT id FROM task
              WHERE status = 'running' AND due_at <= now() AND (lease_until IS NULL OR lease_until < now()) AND type = ANY ($1)
              ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING id, type, organization_id AS "organizationId", user_id AS "userId", input, cursor, attempts AS attempt, lease`,
};

/** A step that is saved starts the count of tries anew; with the lease kept, the next try has begun. */
const SAVE = `
  WITH saved AS (
    UPDATE task
       SET cursor = $3, done = coalesce($4, done), total = coalesce($5, total), last_error = NULL, updated_at = now(),
           status = CASE $6 WHEN 'finish' THEN 'finished' ELSE status END,
           finished_at = CASE $6 WHEN 'finish' THEN now() END,
           result = $8,
           attempts = CASE $6 WHEN 'go_on' THEN 1 ELSE 0 END,
           lease = CASE $6 WHEN 'go_on' THEN lease END,
           lease_until = CASE $6 WHEN 'go_on' THEN now() + make_interval(secs => ${LEASE_SECONDS}) END,
           due_at = now() + make_interval(secs => $7::float8 / 1000)
     WHERE id = $1 AND lease = $2
    RETURNING id
  )
  SELECT id FROM saved`;

const RELEASE = `UPDATE task SET lease = NULL, lease_until = NULL, attempts = 0, due_at = now() WHERE id = $1 AND lease = $2`;

const FAIL = `
  UPDATE task
     SET lease = NULL, lease_until = NULL, last_error = $3, updated_at = now(),
         due_at = now() + make_interval(secs => coalesce($5::float8, 0) / 1000),
         status = CASE WHEN $5 IS NULL THEN 'failed' ELSE status END,
         reason = CASE WHEN $5 IS NULL THEN $4 END,
         finished_at = CASE WHEN $5 IS NULL THEN now() END
   WHERE id = $1 AND lease = $2`;

@Injectable()
export class SqlTaskStore extends TaskStore {
  constructor(
    private readonly sql: Sql,
    private readonly uow: TypeOrmUnitOfWork,
    private readonly outbox: Outbox,
    private readonly cipher: Cipher,
  ) {
    super();
  }

  override start(task: NewTask) {
    const { id, type, organizationId, userId, input, uniqueKey } = task;
    return this.uow.run(async () => {
      // Twice at most, in practice: the one that was in the way may end between the two statements.
      for (;;) {
        const started = await this.inTransaction(START, [id, type, organizationId, userId, JSON.stringify(input), uniqueKey]);
        if (started.length > 0) {
          await this.outbox.append([TaskStarted({ taskId: id })], organizationId);
          return { id, started: true };
        }
        const [running] = await this.inTransaction(RUNNING, [uniqueKey]);
        if (running) return { id: running.id, started: false };
      }
    });
  }

  override async cancel(id: string): Promise<boolean> {
    return (await this.sql.run(CANCEL, [id])).length > 0;
  }

  override async forget(userId: string): Promise<void> {
    await this.inTransaction(FORGET, [userId]);
  }

  override claim(types: readonly string[], limit: number): Promise<ClaimedTask[]> {
    return this.sql.run<ClaimedTask>(CLAIM, [types, limit]);
  }

  override async save(task: ClaimedTask, { cursor, progress, next }: SavedStep): Promise<void> {
    const result = next.kind === 'finish' && next.result !== null ? await this.sealed(task, next.result) : null;
    const saved = await this.inTransaction(SAVE, [
      task.id,
      task.lease,
      JSON.stringify(cursor),
      progress?.done ?? null,
      progress?.total ?? null,
      next.kind,
      next.kind === 'again' ? next.inMs : 0,
      result,
    ]);
    if (saved.length === 0) throw new LeaseLost();
  }

  override async release({ id, lease }: ClaimedTask): Promise<void> {
    await this.sql.run(RELEASE, [id, lease]);
  }

  override async fail({ id, lease }: ClaimedTask, { error, reason, inMs }: Parameters<TaskStore['fail']>[1]): Promise<void> {
    await this.sql.run(FAIL, [id, lease, error.slice(0, 100), reason, inMs]);
  }

  private sealed({ id, organizationId }: ClaimedTask, result: unknown): Promise<Buffer> {
    return this.cipher.sealJson(organizationId ?? SYSTEM_SCOPE, columnContext('task', 'result', id), result);
  }

  private inTransaction(text: string, values: unknown[]): Promise<{ id: string }[]> {
    return this.uow.manager.query<{ id: string }[]>(text, values);
  }
}
