import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { GetTask, type TaskView } from '../../tasks';

export type AccountExportView = {
  readonly taskId: string;
  readonly status: TaskView['status'];
  /** Null until it has finished. */
  readonly data: unknown;
};

/** @throws EntityNotFound */
export class GetAccountExport extends Query<AccountExportView> {
  constructor(
    readonly userId: string,
    readonly taskId: string,
  ) {
    super();
  }
}

@QueryHandler(GetAccountExport)
export class GetAccountExportHandler implements IQueryHandler<GetAccountExport> {
  constructor(private readonly queries: QueryBus) {}

  async execute({ userId, taskId }: GetAccountExport): Promise<AccountExportView> {
    const { id, task, status, result } = await this.queries.execute(new GetTask({ userId }, taskId));
    if (task !== 'user.export') throw new EntityNotFound();
    return { taskId: id, status, data: result };
  }
}
