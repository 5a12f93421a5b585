import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { type RunningTask, StartTask } from '../../../tasks';

/** Finds out what the endpoints of all applications subscribe to, in the background: once at a time. */
export class StartSubscriptionUsage extends Command<RunningTask> {
  constructor(readonly organizationId: string) {
    super();
  }
}

const TYPE = 'event-type.aggregate';

@CommandHandler(StartSubscriptionUsage)
export class StartSubscriptionUsageHandler implements ICommandHandler<StartSubscriptionUsage> {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId }: StartSubscriptionUsage): Promise<RunningTask> {
    const task = { type: TYPE, organizationId, userId: null, input: {}, unique: true };
    const { id } = await this.commands.execute(new StartTask(task));
    return { id, status: 'running', task: TYPE, updatedAt: this.clock.now() };
  }
}
