import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangePassword } from '../../users';
import { EndSessions } from './end-sessions';

/** All other sessions end with the old password; the one that changes it goes on. */
export class ReplacePassword extends Command<void> {
  constructor(
    readonly userId: string,
    readonly sessionId: string | null,
    readonly newPassword: string,
  ) {
    super();
  }
}

@CommandHandler(ReplacePassword)
export class ReplacePasswordHandler implements ICommandHandler<ReplacePassword> {
  constructor(private readonly commands: CommandBus) {}

  async execute({ userId, sessionId, newPassword }: ReplacePassword): Promise<void> {
    const endOthers = () => this.commands.execute(new EndSessions(userId, sessionId, 'password_changed'));
    await this.commands.execute(new ChangePassword(userId, newPassword, endOthers));
  }
}
