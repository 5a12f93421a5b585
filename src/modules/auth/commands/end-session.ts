import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { retryOnConflict } from '../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../platform/time/clock';
import { SessionNotFound } from '../domain/auth.errors';
import { SessionRepository } from '../domain/session.repository';

/** A person ends one of their sessions, on a device that they lost perhaps. Repeating it changes nothing. */
export class EndSession extends Command<void> {
  constructor(
    readonly userId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@CommandHandler(EndSession)
export class EndSessionHandler implements ICommandHandler<EndSession> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  execute({ userId, sessionId }: EndSession): Promise<void> {
    return retryOnConflict(async () => {
      const session = await this.sessions.find(sessionId);
      if (session?.userId !== userId) throw new SessionNotFound(sessionId);
      if (session.revokedAt) return;
      session.end('ended_by_user', this.clock.now());
      await this.sessions.save(session);
    });
  }
}
