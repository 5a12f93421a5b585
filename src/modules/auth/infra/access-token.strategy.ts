import type { QueryBus } from '@nestjs/cqrs';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { GetMemberships } from '../../organizations';
import { IsActiveUser } from '../../users';
import { ACCESS_TOKEN, AccessTokenClaims } from '../domain/token-format';
import { IsOpenSession } from '../queries/is-open-session';
import { bearerOf } from './bearer-jwt';
import type { Identity } from './identity';
import type { SigningKeys } from './signing-keys';

/** `Bearer <JWT>`: a signed-in person. */
export class AccessTokenStrategy extends PassportStrategy(Strategy) {
  constructor(
    keys: SigningKeys,
    private readonly queries: QueryBus,
  ) {
    super(bearerOf(ACCESS_TOKEN, '', keys));
  }

  /** After signature, issuer, audience and expiry: does what the token says still hold? */
  async validate(payload: unknown): Promise<Identity | null> {
    const claims = AccessTokenClaims.safeParse(payload);
    if (!claims.success) return null;
    const { sub: id, sid: sessionId } = claims.data;
    const [open, active, memberships] = await Promise.all([
      this.queries.execute(new IsOpenSession(sessionId, id)),
      this.queries.execute(new IsActiveUser(id)),
      this.queries.execute(new GetMemberships(id)),
    ]);
    return open && active ? { kind: 'user', id, sessionId, memberships } : null;
  }
}
