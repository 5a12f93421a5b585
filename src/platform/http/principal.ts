import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Role } from '../access/permission';

/** Who is calling, as the verified token says, and for which organization. */
export type Principal = {
  readonly kind: 'user' | 'api_key' | 'portal';
  /** User id, API key id, or the id of the portal token. */
  readonly id: string;
  /** The tenant for whom the call is made; null for a person who belongs to none (yet). */
  readonly organizationId: string | null;
  /** Of a person in that organization. */
  readonly role: Role | null;
  /** Names of the permissions of an API key or a portal token; null for all that its kind may have. */
  readonly scopes: readonly string[] | null;
  /** The one application of a portal token. */
  readonly applicationId: string | null;
  /** Of a person. */
  readonly sessionId: string | null;
  /** Of a portal token: event types behind other flags do not exist for it. */
  readonly featureFlags: readonly string[];
};

export type AuthenticatedRequest = FastifyRequest & { user?: Principal };

function principalOf(context: ExecutionContext): Principal {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!user) throw new Error('A public route asked for its caller: declare another @Access on it.');
  return user;
}

/** Parameter: the caller. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => principalOf(context));

/** Parameter: the id of the organization that the caller acts for. Only on routes whose access is a permission. */
export const OrganizationId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { organizationId } = principalOf(context);
  if (organizationId === null) throw new Error('A route asked for the organization of an account: declare a permission as its @Access.');
  return organizationId;
});

/** Parameter: the feature flags of a portal token, behind which event types are hidden; null for everybody else, who sees them all. */
export const VisibleFlags = createParamDecorator((_: unknown, context: ExecutionContext): readonly string[] | null => {
  const { kind, featureFlags } = principalOf(context);
  return kind === 'portal' ? featureFlags : null;
});
