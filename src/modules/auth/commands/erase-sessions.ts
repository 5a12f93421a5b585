import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SessionRepository } from '../domain/session.repository';

/** Of a person who is erased: those that have ended, too, know their devices and addresses. */
export class EraseSessions extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(EraseSessions)
export class EraseSessionsHandler implements ICommandHandler<EraseSessions> {
  constructor(private readonly sessions: SessionRepository) {}

  execute({ userId }: EraseSessions): Promise<void> {
    return this.sessions.forget(userId);
  }
}
