import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../platform/http/list-page';
import { TASK_COLUMNS, type TaskRow, taskView, type TaskView } from './task-view';

export type TaskFilter = { readonly status?: TaskView['status'] | undefined; readonly task?: string | undefined };

export class ListTasks extends Query<ListPage<TaskView>> {
  constructor(
    readonly organizationId: string,
    readonly filter: TaskFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'task.list',
  (beyond, direction) => `
    SELECT ${TASK_COLUMNS} FROM task
     WHERE organization_id = $1 AND id ${beyond} $2
       AND ($4::text IS NULL OR status = $4) AND ($5::text IS NULL OR type = $5)
     ORDER BY id ${direction} LIMIT $3`,
);

@QueryHandler(ListTasks)
export class ListTasksHandler implements IQueryHandler<ListTasks> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, filter: { status, task }, page }: ListTasks): Promise<ListPage<TaskView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<TaskRow>(STATEMENT[way], [organizationId, cursor, take, status ?? null, task ?? null]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => taskView(this.cipher, row),
    );
  }
}
