import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { LRUCache } from 'lru-cache';
import { Access } from '../../../platform/http/access';
import { type AuthenticatedRequest, NoOrganization, type Principal } from '../../../platform/http/principal';
import { AuthenticationFailed, UserRequired } from '../domain/auth.errors';
import { Authenticator } from './authenticator';

/** How long a revoked key, a removed member or an expired token may still be let in. */
const REMEMBERED_MS = 2_000;
const MAX_REMEMBERED = 10_000;

/** Guards every route by what it declares with `@Access`. A token that was verified a moment ago costs a look into a map. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly verified = new LRUCache<string, Principal>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]) as Access | undefined;
    if (access === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} does not declare its @Access.`);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { authorization } = request.headers;
    if (authorization === undefined) throw new AuthenticationFailed();
    const known = this.verified.get(authorization);
    return known ? admit(known, access, request) : this.verify(authorization, access, request);
  }

  private async verify(authorization: string, access: Access, request: AuthenticatedRequest): Promise<boolean> {
    const principal = await this.authenticator.authenticate(request);
    if (!principal) throw new AuthenticationFailed();
    // Who belongs to no organization is about to get one: remembering them would refuse their first calls.
    if (principal.organizationId !== null) this.verified.set(authorization, principal);
    return admit(principal, access, request);
  }
}

type Access = 'user' | 'organization' | 'public';

function admit(principal: Principal, access: Access, request: AuthenticatedRequest): true {
  if (access === 'user' && principal.kind !== 'user') throw new UserRequired();
  if (access === 'organization' && principal.organizationId === null) throw new NoOrganization();
  request.user = principal;
  return true;
}
