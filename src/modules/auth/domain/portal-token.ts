import { grantable } from '../../../platform/access/permission';
import { InvalidField } from '../../../platform/errors/domain-error';
import { PORTAL_TOKEN } from './token-format';
import type { TokenSigner } from './token-signer';

export type PortalGrant = {
  readonly organizationId: string;
  readonly applicationId: string;
  /** Names of permissions, or of groups of them; null for all that portal tokens may have. */
  readonly capabilities: readonly string[] | null;
  /** Nothing but looking. */
  readonly readOnly: boolean;
  readonly featureFlags: readonly string[];
  readonly sessionId: string | null;
  readonly lifetimeSeconds: number;
};

const VIEW = ['application.read', 'endpoint.read', 'event_type.read', 'message.read', 'attempt.read'];

/** Names that clients know for groups of permissions. */
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ViewBase', VIEW],
  ['ViewEndpointSecret', ['endpoint.secret_read']],
  ['ManageEndpointSecret', ['endpoint.secret_read', 'endpoint.secret_rotate']],
  ['ManageTransformations', ['endpoint.transform']],
  ['CreateAttempts', ['message.resend']],
  ['ManageEndpoint', ['endpoint.read', 'endpoint.write', 'endpoint.secret_read', 'endpoint.secret_rotate']],
]);

/** @throws InvalidField */
export function portalToken(id: string, grant: PortalGrant, signer: TokenSigner, now: Date): string {
  const { organizationId, applicationId, sessionId, featureFlags, lifetimeSeconds } = grant;
  const known = grantable('portal');
  const wanted = grant.capabilities?.flatMap((name) => GROUPS.get(name) ?? [name]) ?? known;
  const unknown = wanted.find((capability) => !known.includes(capability));
  if (unknown !== undefined)
    throw new InvalidField(['body', 'capabilities'], `${unknown.slice(0, 100)} is none of: ${[...GROUPS.keys(), ...known].join(', ')}`);
  return signer.sign({
    type: PORTAL_TOKEN,
    claims: {
      jti: id,
      org: organizationId,
      app: applicationId,
      ses: sessionId ?? undefined,
      capabilities: known.filter((name) => wanted.includes(name) && (!grant.readOnly || VIEW.includes(name))),
      flags: featureFlags,
    },
    issuedAt: now,
    expiresAt: new Date(now.getTime() + lifetimeSeconds * 1_000),
  });
}
