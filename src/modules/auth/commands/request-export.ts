import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { StartTask } from '../../tasks';
import { AccountExportRequested } from '../auth.events';

/** While one export is on its way, it is the answer to the next request as well. */
export class RequestExport extends Command<{ readonly taskId: string }> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(RequestExport)
export class RequestExportHandler implements ICommandHandler<RequestExport> {
  constructor(
    private readonly commands: CommandBus,
    private readonly events: EventRecorder,
    private readonly uow: UnitOfWork,
  ) {}

  execute({ userId }: RequestExport): Promise<{ readonly taskId: string }> {
    return this.uow.run(async () => {
      const task = { type: 'user.export', organizationId: null, userId, input: { userId }, unique: true };
      const { id } = await this.commands.execute(new StartTask(task));
      await this.events.record(AccountExportRequested({ userId }), null);
      return { taskId: id };
    });
  }
}
