import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TaskRunner } from './task-runner';

/** Makes this worker look for tasks now. */
export class RunDueTasks extends Command<void> {}

@CommandHandler(RunDueTasks)
export class RunDueTasksHandler implements ICommandHandler<RunDueTasks> {
  constructor(private readonly runner: TaskRunner) {}

  async execute(): Promise<void> {
    this.runner.wake();
    return Promise.resolve();
  }
}
