import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TaskStore } from '../domain/task-store';

/** Of a person who is erased, with their results. Joins the transaction of the caller. */
export class ForgetTasks extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(ForgetTasks)
export class ForgetTasksHandler implements ICommandHandler<ForgetTasks> {
  constructor(private readonly tasks: TaskStore) {}

  execute({ userId }: ForgetTasks): Promise<void> {
    return this.tasks.forget(userId);
  }
}
