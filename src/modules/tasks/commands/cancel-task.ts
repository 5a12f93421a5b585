import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TaskStore } from '../domain/task-store';

/** Ends a running task; the step under way is undone. False when it was over already. */
export class CancelTask extends Command<boolean> {
  constructor(readonly taskId: string) {
    super();
  }
}

@CommandHandler(CancelTask)
export class CancelTaskHandler implements ICommandHandler<CancelTask> {
  constructor(private readonly tasks: TaskStore) {}

  execute({ taskId }: CancelTask): Promise<boolean> {
    return this.tasks.cancel(taskId);
  }
}
