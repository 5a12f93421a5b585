import { defineModule } from '../../platform/modules/feature-module';
import { TasksModule, TasksWorkerModule } from './tasks.module';

/** Background tasks: long work in small steps that survives a crash. */
export const tasks = defineModule({ name: 'tasks', module: TasksModule, worker: TasksWorkerModule });
export { TasksModule } from './tasks.module';
export { TaskStarted } from './tasks.events';
export { type Task, type StepResult, TaskSteps, TaskWork } from './task-work';
export { type RunningTask, RunningTaskOut } from './running-task';
export { StartTask, type StartedTask } from './commands/start-task';
export { CancelTask } from './commands/cancel-task';
export { ForgetTasks } from './commands/forget-tasks';
export { GetTask } from './queries/get-task';
export { ListTasks } from './queries/list-tasks';
export type { TaskOwner, TaskView } from './queries/task-view';
