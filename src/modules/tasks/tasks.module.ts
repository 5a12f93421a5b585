import { Module } from '@nestjs/common';
import { CancelTaskHandler } from './commands/cancel-task';
import { ForgetTasksHandler } from './commands/forget-tasks';
import { RunDueTasksHandler } from './commands/run-due-tasks';
import { StartTaskHandler } from './commands/start-task';
import { TaskRunner } from './commands/task-runner';
import { TaskStore } from './domain/task-store';
import { TasksController } from './http/tasks.controller';
import { SqlTaskStore } from './infra/sql-task-store';
import { TaskBellObserver } from './processors/task-bell.observer';
import { GetTaskHandler } from './queries/get-task';
import { ListTasksHandler } from './queries/list-tasks';

const store = { provide: TaskStore, useClass: SqlTaskStore };

/** Starts, cancels and shows tasks. */
@Module({
  controllers: [TasksController],
  providers: [store, StartTaskHandler, CancelTaskHandler, ForgetTasksHandler, GetTaskHandler, ListTasksHandler, TaskBellObserver],
})
export class TasksModule {}

/** Runs them: only the worker does. */
@Module({ providers: [store, TaskRunner, RunDueTasksHandler] })
export class TasksWorkerModule {}
