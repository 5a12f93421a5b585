import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ResetPassword } from '../../users';
import { EndSessions } from './end-sessions';

/** Whoever knew the forgotten password, and was perhaps not its owner, is signed out with it. */
export class RecoverAccount extends Command<void> {
  constructor(
    readonly token: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(RecoverAccount)
export class RecoverAccountHandler implements ICommandHandler<RecoverAccount> {
  constructor(private readonly commands: CommandBus) {}

  async execute({ token, password }: RecoverAccount): Promise<void> {
    const endSessions = (userId: string) => this.commands.execute(new EndSessions(userId, null, 'password_reset'));
    await this.commands.execute(new ResetPassword(token, password, endSessions));
  }
}
