import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Clock } from '../../../platform/time/clock';
import type { SessionEnd } from '../auth.events';
import { SessionRepository } from '../domain/session.repository';

/** Ends all sessions of a person, or all but one. Their access tokens are refused everywhere within 2 seconds. */
export class EndSessions extends Command<void> {
  constructor(
    readonly userId: string,
    readonly exceptSessionId: string | null,
    readonly reason: SessionEnd,
  ) {
    super();
  }
}

@CommandHandler(EndSessions)
export class EndSessionsHandler implements ICommandHandler<EndSessions> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, exceptSessionId, reason }: EndSessions): Promise<void> {
    await this.uow.run(async () => {
      for (const session of await this.sessions.lockOpenOf(userId)) {
        if (session.id === exceptSessionId) continue;
        session.end(reason, this.clock.now());
        await this.sessions.save(session);
      }
    });
  }
}
