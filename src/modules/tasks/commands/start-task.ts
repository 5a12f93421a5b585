import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../platform/ids/id';
import { TaskStore } from '../domain/task-store';
import { workOf } from '../task-work';

export type TaskToStart = {
  readonly type: string;
  readonly organizationId: string | null;
  readonly userId: string | null;
  /** Ids only: it is stored in the clear. */
  readonly input: object;
  /** One of this type at a time for the organization, or for the user where there is none. */
  readonly unique?: boolean;
};

/** `started` is false when the one that was asked for runs already. */
export type StartedTask = { readonly id: string; readonly started: boolean };

/** Joins the transaction of the caller: the task exists if, and only if, the change that wants it does. */
export class StartTask extends Command<StartedTask> {
  constructor(readonly task: TaskToStart) {
    super();
  }
}

@CommandHandler(StartTask)
export class StartTaskHandler implements ICommandHandler<StartTask> {
  constructor(private readonly tasks: TaskStore) {}

  execute({ task: { unique = false, ...task } }: StartTask): Promise<StartedTask> {
    workOf(task.type);
    const uniqueKey = unique ? `${task.type}:${task.organizationId ?? task.userId ?? ''}` : null;
    return this.tasks.start({ id: newId('qtask'), uniqueKey, ...task });
  }
}
