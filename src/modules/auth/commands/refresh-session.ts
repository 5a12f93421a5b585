import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { retryOnConflict } from '../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../platform/time/clock';
import { IsActiveUser } from '../../users';
import { InvalidRefreshToken } from '../domain/auth.errors';
import { isGenuine, type PresentedRefreshToken, readRefreshToken } from '../domain/refresh-token';
import type { RefreshOutcome } from '../domain/session';
import { SessionRepository } from '../domain/session.repository';
import { type SessionTokens, sessionTokens } from '../domain/session-tokens';
import { SignInThrottle } from '../domain/sign-in-throttle';
import { TokenSigner } from '../domain/token-signer';
import { attemptOn } from './attempt';

/** Answers the next pair of tokens. Whoever repeats the call at once gets the same refresh token again. */
export class RefreshSession extends Command<SessionTokens> {
  constructor(readonly refreshToken: string) {
    super();
  }
}

@CommandHandler(RefreshSession)
export class RefreshSessionHandler implements ICommandHandler<RefreshSession> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly queries: QueryBus,
    private readonly throttle: SignInThrottle,
    private readonly signer: TokenSigner,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ refreshToken }: RefreshSession): Promise<SessionTokens> {
    try {
      const presented = readRefreshToken(refreshToken);
      if (!presented) throw new InvalidRefreshToken();
      // Of many at once, one rotates; the others read again and are repetitions.
      return await retryOnConflict(() => this.refresh(presented));
    } catch (error) {
      if (error instanceof InvalidRefreshToken) await this.throttle.refuse(attemptOn(null));
      throw error;
    }
  }

  private async refresh(presented: PresentedRefreshToken): Promise<SessionTokens> {
    const session = await this.sessions.find(presented.sessionId);
    if (!session || !isGenuine(presented, session, this.lookup)) throw new InvalidRefreshToken();
    if (!(await this.queries.execute(new IsActiveUser(session.userId)))) throw new InvalidRefreshToken();
    const now = this.clock.now();
    const outcome = session.refresh(presented.generation, now);
    if (SAVED.has(outcome)) await this.sessions.save(session);
    if (REFUSED.has(outcome)) throw new InvalidRefreshToken();
    return sessionTokens(session, this.signer, this.lookup, now);
  }
}

const SAVED: ReadonlySet<RefreshOutcome> = new Set(['rotated', 'reused']);
const REFUSED: ReadonlySet<RefreshOutcome> = new Set(['reused', 'ended']);
