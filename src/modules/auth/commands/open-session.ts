import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { callContext } from '../../../platform/context/call-context';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { Session } from '../domain/session';
import { SessionRepository } from '../domain/session.repository';
import { type SessionTokens, sessionTokens } from '../domain/session-tokens';
import { TokenSigner } from '../domain/token-signer';

/** How every sign-in ends, by whatever the person proved who they are. */
export class OpenSession extends Command<SessionTokens> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(OpenSession)
export class OpenSessionHandler implements ICommandHandler<OpenSession> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly signer: TokenSigner,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: OpenSession): Promise<SessionTokens> {
    const { userAgent, address } = callContext();
    const now = this.clock.now();
    const session = Session.open(newId('ses'), userId, { userAgent, address }, randomBytes(32), now);
    await this.sessions.save(session);
    return sessionTokens(session, this.signer, this.lookup, now);
  }
}
