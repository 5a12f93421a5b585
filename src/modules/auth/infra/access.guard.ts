import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Reflector } from '@nestjs/core';
import { LRUCache } from 'lru-cache';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Access, type AccessRule } from '../../../platform/http/access';
import type { AuthenticatedRequest, Principal } from '../../../platform/http/principal';
import { ResolveApplication } from '../../webhooks';
import { AuthenticationFailed, InsufficientPermission } from '../domain/auth.errors';
import { Authenticator } from './authenticator';
import { admit, type Identity } from './identity';
import { RefusalLog } from './refusal-log';

/** How long a revoked key, an ended session, a removed member or a lowered role may still be let in. */
const REMEMBERED_MS = 2_000;
const MAX_REMEMBERED = 10_000;

/** Names the organization, for people who belong to several. */
const ORGANIZATION_HEADER = 'posthorn-organization';

type GuardedRequest = AuthenticatedRequest & { readonly params: Readonly<Record<string, string | undefined>> };

/** Guards every route by what it declares with `@Access`. A token that was verified a moment ago costs a look into a map. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly verified = new LRUCache<string, Identity>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });
  private readonly verifying = new Map<string, Promise<Identity | null>>();

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly queries: QueryBus,
    private readonly refusals: RefusalLog,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]) as AccessRule | undefined;
    if (access === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} does not declare its @Access.`);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const { authorization } = request.headers;
    if (authorization === undefined) throw new AuthenticationFailed();
    return this.fromMemory(authorization, access, request) ?? this.verify(authorization, access, request);
  }

  /** Null when memory does not let the caller in: a refusal is never from memory, which may be older than a new role. */
  private fromMemory(
    authorization: string,
    access: Exclude<AccessRule, 'public'>,
    request: GuardedRequest,
  ): boolean | Promise<boolean> | null {
    const identity = this.verified.get(authorization);
    if (!identity) return null;
    try {
      request.user = admit(identity, access, wanted(request));
    } catch {
      return null;
    }
    return this.withinPortal(request.user, request);
  }

  /** Whoever comes while a token is verified waits for that instead of asking too; a refusal is his own, as it is never from memory. */
  private async verify(authorization: string, access: Exclude<AccessRule, 'public'>, request: GuardedRequest): Promise<boolean> {
    const underWay = this.verifying.get(authorization);
    if (underWay) {
      await underWay;
      const admitted = this.fromMemory(authorization, access, request);
      if (admitted !== null) return admitted;
    }
    const identity = await this.identify(authorization, request);
    if (!identity) {
      this.refusals.ofToken(request);
      throw new AuthenticationFailed();
    }
    const principal = this.admitted(identity, access, request);
    request.user = principal;
    return this.withinPortal(principal, request);
  }

  private async identify(authorization: string, request: GuardedRequest): Promise<Identity | null> {
    const identified = this.authenticator.authenticate(request);
    this.verifying.set(authorization, identified);
    try {
      const identity = await identified;
      if (identity) this.verified.set(authorization, identity);
      return identity;
    } finally {
      if (this.verifying.get(authorization) === identified) this.verifying.delete(authorization);
    }
  }

  private admitted(identity: Identity, access: Exclude<AccessRule, 'public'>, request: GuardedRequest): Principal {
    try {
      return admit(identity, access, wanted(request));
    } catch (error) {
      if (error instanceof InsufficientPermission) this.refusals.ofPermission(identity, error.permission, error.organizationId, request);
      throw error;
    }
  }

  /** A portal token is good for one application, which a path may also name by its uid. */
  private withinPortal({ applicationId, organizationId }: Principal, { params: { app_id: named } }: GuardedRequest): true | Promise<true> {
    if (applicationId === null || named === undefined || named === applicationId) return true;
    return this.queries.execute(new ResolveApplication(organizationId ?? '', named)).then(({ id }) => {
      if (id !== applicationId) throw new EntityNotFound();
      return true;
    });
  }
}

function wanted({ params, headers }: GuardedRequest): string | undefined {
  return params['organizationId'] ?? headers[ORGANIZATION_HEADER]?.toString();
}
