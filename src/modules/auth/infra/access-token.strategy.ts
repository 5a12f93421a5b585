import type { QueryBus } from '@nestjs/cqrs';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../../../platform/http/principal';
import { GetMembership } from '../../organizations';
import { IsActiveUser } from '../../users';
import { ACCESS_TOKEN, AccessTokenClaims } from '../domain/token-format';
import { bearerOf } from './bearer-token';
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
  async validate(payload: unknown): Promise<Principal | null> {
    const claims = AccessTokenClaims.safeParse(payload);
    if (!claims.success) return null;
    const userId = claims.data.sub;
    const [active, membership] = await Promise.all([
      this.queries.execute(new IsActiveUser(userId)),
      this.queries.execute(new GetMembership(userId)),
    ]);
    return active ? { kind: 'user', id: userId, organizationId: membership?.organizationId ?? null } : null;
  }
}
