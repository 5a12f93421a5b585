import type { QueryBus } from '@nestjs/cqrs';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { IsOrganizationOpen } from '../../organizations';
import { PORTAL_TOKEN, PortalTokenClaims } from '../domain/token-format';
import { IsOpenPortal } from '../queries/is-open-portal';
import { bearerOf } from './bearer-jwt';
import type { Identity } from './identity';
import type { SigningKeys } from './signing-keys';

/** `Bearer <JWT>`: the owner of one application, in the portal. */
export class PortalTokenStrategy extends PassportStrategy(Strategy) {
  constructor(
    keys: SigningKeys,
    private readonly queries: QueryBus,
  ) {
    super(bearerOf(PORTAL_TOKEN, '', keys));
  }

  async validate(payload: unknown): Promise<Identity | null> {
    const claims = PortalTokenClaims.safeParse(payload);
    if (!claims.success) return null;
    const { jti: id, org: organizationId, app: applicationId, ses = null, capabilities: scopes, flags: featureFlags } = claims.data;
    const [open, organizationOpen] = await Promise.all([
      this.queries.execute(new IsOpenPortal(organizationId, applicationId, id, ses)),
      this.queries.execute(new IsOrganizationOpen(organizationId)),
    ]);
    if (!open || !organizationOpen) return null;
    return { kind: 'portal', id, organizationId, applicationId, scopes, featureFlags };
  }
}
