import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error';

/** Who is calling, as the verified token says. */
export type Principal = {
  readonly kind: 'user' | 'api_key';
  /** User id or API key id. */
  readonly id: string;
  /** The tenant on whose behalf the call is made; null for a person who belongs to none (yet). */
  readonly organizationId: string | null;
};

export type AuthenticatedRequest = FastifyRequest & { user?: Principal };

export class NoOrganization extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'no_organization';

  constructor() {
    super('This account belongs to no organization yet. A new account gets its own within moments of registration.');
  }
}

function principalOf(context: ExecutionContext): Principal {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!user) throw new Error('A route without a guard asked for the principal: declare @Access on it.');
  return user;
}

/** Parameter: the caller. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => principalOf(context));

/** Parameter: the id of the organization that the caller acts for. */
export const OrganizationId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { organizationId } = principalOf(context);
  if (organizationId === null) throw new NoOrganization();
  return organizationId;
});
