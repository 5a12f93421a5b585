import { grantable } from '../../../platform/access/permission';
import { InvalidField } from '../../../platform/errors/domain-error';
import { PORTAL_TOKEN } from './token-format';
import type { TokenSigner } from './token-signer';

export type PortalGrant = {
  readonly organizationId: string;
  readonly applicationId: string;
  /** Names of permissions; null for all that portal tokens may have. */
  readonly capabilities: readonly string[] | null;
  readonly featureFlags: readonly string[];
  readonly sessionId: string | null;
  readonly lifetimeSeconds: number;
};

/** @throws InvalidField */
export function portalToken(id: string, grant: PortalGrant, signer: TokenSigner, now: Date): string {
  const { organizationId, applicationId, sessionId, featureFlags, lifetimeSeconds } = grant;
  const known = grantable('portal');
  const unknown = grant.capabilities?.find((capability) => !known.includes(capability));
  if (unknown !== undefined) throw new InvalidField(['body', 'capabilities'], `${unknown.slice(0, 100)} is none of: ${known.join(', ')}`);
  return signer.sign({
    type: PORTAL_TOKEN,
    claims: {
      jti: id,
      org: organizationId,
      app: applicationId,
      ses: sessionId ?? undefined,
      capabilities: grant.capabilities ?? known,
      flags: featureFlags,
    },
    issuedAt: now,
    expiresAt: new Date(now.getTime() + lifetimeSeconds * 1_000),
  });
}
