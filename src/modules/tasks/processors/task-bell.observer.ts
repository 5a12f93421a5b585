import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import { RunDueTasks } from '../commands/run-due-tasks';
import { TaskStarted } from '../tasks.events';

/** A task that starts need not wait for a sweep. */
@Observer('tasks.bell', TaskStarted)
export class TaskBellObserver extends EventObserver {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe(): Promise<void> {
    await this.commands.execute(new RunDueTasks());
  }
}
