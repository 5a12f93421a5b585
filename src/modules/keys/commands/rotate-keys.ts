import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { StartTask, type StartedTask } from '../../tasks';
import { ROTATE_KEYS } from '../key-rotation.work';

/** Starts the replacement of all data keys as a background task, unless it runs already. */
export class RotateKeys extends Command<StartedTask> {}

@CommandHandler(RotateKeys)
export class RotateKeysHandler implements ICommandHandler<RotateKeys> {
  constructor(private readonly commands: CommandBus) {}

  execute(): Promise<StartedTask> {
    return this.commands.execute(new StartTask({ type: ROTATE_KEYS, organizationId: null, userId: null, input: {}, unique: true }));
  }
}
