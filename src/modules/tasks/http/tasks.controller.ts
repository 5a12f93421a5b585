import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../platform/http/access';
import { OrganizationId } from '../../../platform/http/principal';
import { CancelTask } from '../commands/cancel-task';
import { GetTask } from '../queries/get-task';
import { ListTasks } from '../queries/list-tasks';
import { TaskCancel, TaskRead } from '../tasks.permissions';
import { ListOfTasks, TaskOut, taskOut, TasksQuery } from './task.schemas';

@ApiTags('Background task')
@Controller('background-task')
export class TasksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(TaskRead)
  @ApiOperation({ operationId: 'listBackgroundTasks', summary: 'List background tasks of the organization, newest first' })
  @ApiResponse({ status: 200, standardSchema: ListOfTasks })
  async list(@OrganizationId() organizationId: string, @Query({ schema: TasksQuery }) { limit, iterator, order, ...filter }: TasksQuery) {
    const { data, ...page } = await this.queries.execute(new ListTasks(organizationId, filter, { limit, iterator, order }));
    return { data: data.map(taskOut), ...page };
  }

  @Get(':task_id')
  @Access(TaskRead)
  @ApiOperation({ operationId: 'getBackgroundTask', summary: 'Get a background task' })
  @ApiResponse({ status: 200, standardSchema: TaskOut })
  async get(@OrganizationId() organizationId: string, @Param('task_id') taskId: string) {
    return taskOut(await this.queries.execute(new GetTask({ organizationId }, taskId)));
  }

  @Post(':task_id/cancel')
  @Access(TaskCancel)
  @HttpCode(200)
  @ApiOperation({ operationId: 'cancelBackgroundTask', summary: 'End a running background task; one that is over stays as it is' })
  @ApiResponse({ status: 200, description: 'As it is now.', standardSchema: TaskOut })
  async cancel(@OrganizationId() organizationId: string, @Param('task_id') taskId: string) {
    await this.get(organizationId, taskId);
    await this.commands.execute(new CancelTask(taskId));
    return this.get(organizationId, taskId);
  }
}
