import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { retryOnConflict } from '../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../platform/time/clock';
import { isGenuine, readRefreshToken } from '../domain/refresh-token';
import type { Session } from '../domain/session';
import { SessionRepository } from '../domain/session.repository';
import { ACCESS_TOKEN, AccessTokenClaims } from '../domain/token-format';
import { TokenSigner } from '../domain/token-signer';

export type SessionProof = { readonly accessToken: string | null; readonly refreshToken: string | null };

/** Ends the session of either token. Says nothing about tokens that are not good any more: their owner is out, as wanted. */
export class SignOut extends Command<void> {
  constructor(readonly proof: SessionProof) {
    super();
  }
}

@CommandHandler(SignOut)
export class SignOutHandler implements ICommandHandler<SignOut> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly signer: TokenSigner,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  execute({ proof }: SignOut): Promise<void> {
    return retryOnConflict(async () => {
      for (const session of [await this.ofAccessToken(proof.accessToken), await this.ofRefreshToken(proof.refreshToken)]) {
        if (!session || session.revokedAt) continue;
        session.end('signed_out', this.clock.now());
        await this.sessions.save(session);
      }
    });
  }

  private async ofAccessToken(token: string | null): Promise<Session | null> {
    const claims = token === null ? null : AccessTokenClaims.safeParse(this.signer.open(ACCESS_TOKEN, token));
    return claims?.success ? this.sessions.find(claims.data.sid) : null;
  }

  private async ofRefreshToken(token: string | null): Promise<Session | null> {
    const presented = token === null ? null : readRefreshToken(token);
    const session = presented && (await this.sessions.find(presented.sessionId));
    return session && isGenuine(presented, session, this.lookup) ? session : null;
  }
}
