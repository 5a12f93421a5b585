import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../platform/ids/reference';
import { TASK_COLUMNS, type TaskOwner, type TaskRow, taskView, type TaskView } from './task-view';

/** @throws EntityNotFound */
export class GetTask extends Query<TaskView> {
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
    SELECT ${TASK_COLUMNS} FROM task
     WHERE id = $1 AND organization_id IS NOT DISTINCT FROM $2 AND ($2 IS NOT NULL OR user_id IS NOT DISTINCT FROM $3)`,
};

@QueryHandler(GetTask)
export class GetTaskHandler implements IQueryHandler<GetTask> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ owner, id }: GetTask): Promise<TaskView> {
    const { organizationId = null, userId = null } = owner === 'system' ? {} : (owner as { organizationId?: string; userId?: string });
    const [row] = IDENTIFIER.test(id) ? await this.sql.run<TaskRow>(STATEMENT, [id, organizationId, userId]) : [];
    if (!row) throw new EntityNotFound();
    return taskView(this.cipher, row);
  }
}
