import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { Sql } from '../../../platform/database/sql';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { TASK_COLUMNS, type TaskOwner, type TaskRow, taskView, type TaskWithResult } from './task-view';

/** @throws EntityNotFound */
export class GetTask extends Query<TaskWithResult> {
  constructor(
    readonly owner: TaskOwner,
    readonly id: string,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'task.get',
  text: `
    SELECT ${TASK_COLUMNS}, result FROM task
     WHERE id = $1 AND organization_id IS NOT DISTINCT FROM $2 AND ($2 IS NOT NULL OR user_id IS NOT DISTINCT FROM $3)`,
};

@QueryHandler(GetTask)
export class GetTaskHandler implements IQueryHandler<GetTask> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ owner, id }: GetTask): Promise<TaskWithResult> {
    const { organizationId = null, userId = null } = owner === 'system' ? {} : (owner as { organizationId?: string; userId?: string });
    const [row] = await this.sql.run<TaskRow & { result: Buffer | null }>(STATEMENT, [id, organizationId, userId]);
    if (!row) throw new EntityNotFound();
    const result = row.result && (await this.cipher.openJson<unknown>(columnContext('task', 'result', id), row.result));
    return { ...taskView(row), result };
  }
}
