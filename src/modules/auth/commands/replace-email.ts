import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ConfirmEmailChange, type EmailChangeProgress } from '../../users';
import { EndSessions } from './end-sessions';

/** When both addresses have agreed, all sessions end: who comes from a mail is in none of them. */
export class ReplaceEmail extends Command<EmailChangeProgress> {
  constructor(readonly token: string) {
    super();
  }
}

@CommandHandler(ReplaceEmail)
export class ReplaceEmailHandler implements ICommandHandler<ReplaceEmail> {
  constructor(private readonly commands: CommandBus) {}

  execute({ token }: ReplaceEmail): Promise<EmailChangeProgress> {
    const endSessions = (userId: string) => this.commands.execute(new EndSessions(userId, null, 'email_changed'));
    return this.commands.execute(new ConfirmEmailChange(token, endSessions));
  }
}
