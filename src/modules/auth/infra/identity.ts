import type { Permission } from '../../../platform/access/permission';
import { roleHas } from '../../../platform/access/permission';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import type { AccessRule } from '../../../platform/http/access';
import type { Principal } from '../../../platform/http/principal';
import type { MembershipView } from '../../organizations';
import { InsufficientPermission, NoOrganization, OrganizationClosed, UserRequired } from '../domain/auth.errors';

/** Whom a verified token belongs to, and all that they may do: what the guard remembers of it. */
export type Identity =
  | { readonly kind: 'user'; readonly id: string; readonly sessionId: string; readonly memberships: readonly MembershipView[] }
  | { readonly kind: 'api_key'; readonly id: string; readonly organizationId: string; readonly scopes: readonly string[] | null }
  | {
      readonly kind: 'portal';
      readonly id: string;
      readonly organizationId: string;
      readonly applicationId: string;
      readonly scopes: readonly string[] | null;
      readonly featureFlags: readonly string[];
    };

/**
 * What somebody is on a route that demands `access`.
 * @param wanted id of the organization that the request names, if it names one
 * @throws UserRequired, NoOrganization, EntityNotFound, InsufficientPermission, OrganizationClosed
 */
export function admit(identity: Identity, access: Exclude<AccessRule, 'public'>, wanted: string | undefined): Principal {
  if (access === 'account') return asPerson(identity);
  if (identity.kind === 'user') return asMember(identity, access, wanted);
  // Whether an organization exists that is not the caller's own is none of their business.
  if (wanted !== undefined && wanted !== identity.organizationId) throw new EntityNotFound();
  const grantable = identity.kind === 'api_key' ? access.apiKeys : access.portal;
  if (!grantable || (identity.scopes && !identity.scopes.includes(access.name)))
    throw new InsufficientPermission(access.name, identity.organizationId);
  return { ...NOBODY, ...identity };
}

const NOBODY = { organizationId: null, role: null, scopes: null, applicationId: null, sessionId: null, featureFlags: [] } as const;

function asPerson(identity: Identity): Principal {
  if (identity.kind !== 'user') throw new UserRequired();
  const { kind, id, sessionId } = identity;
  return { ...NOBODY, kind, id, sessionId };
}

function asMember(
  { kind, id, sessionId, memberships }: Identity & { kind: 'user' },
  access: Permission,
  wanted: string | undefined,
): Principal {
  const membership = wanted === undefined ? memberships[0] : memberships.find(({ organizationId }) => organizationId === wanted);
  if (!membership) throw wanted === undefined ? new NoOrganization() : new EntityNotFound();
  const { organizationId, role, closed } = membership;
  if (closed && !access.whenClosed) throw new OrganizationClosed();
  if (!roleHas(role, access)) throw new InsufficientPermission(access.name, organizationId);
  return { ...NOBODY, kind, id, sessionId, organizationId, role };
}
