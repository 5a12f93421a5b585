import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type Actor, inContext } from '../../../platform/context/call-context';
import type { DomainEvent } from '../../../platform/events/domain-event';
import { EventRecorder } from '../../../platform/events/event-recorder';
import type { AuthenticatedRequest } from '../../../platform/http/principal';
import { RequestContext } from '../../../platform/http/request-context';
import { AccessRefused, TokenRefused } from '../auth.events';
import { ACCESS_TOKEN, API_KEY, apiKeyPrefix, PORTAL_TOKEN } from '../domain/token-format';
import { TokenSigner } from '../domain/token-signer';
import { jwtBehind } from './bearer-jwt';
import type { Identity } from './identity';

/** The same subject is refused the same thing once in this time, as far as the log is concerned: nobody can flood it. */
const ONCE_IN_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** Types of tokens, with what stands before them and the claim that names whose they are. */
const KINDS = [
  { type: ACCESS_TOKEN, prefix: '', kind: 'user', subject: z.object({ sub: z.string() }).transform(({ sub }) => sub) },
  { type: PORTAL_TOKEN, prefix: '', kind: 'portal', subject: z.object({ jti: z.string() }).transform(({ jti }) => jti) },
  { type: API_KEY, prefix: apiKeyPrefix('live'), kind: 'api_key', subject: z.object({ jti: z.string() }).transform(({ jti }) => jti) },
  { type: API_KEY, prefix: apiKeyPrefix('test'), kind: 'api_key', subject: z.object({ jti: z.string() }).transform(({ jti }) => jti) },
] as const;

/**
 * Writes down who was refused what, where that says something: of callers whom we know. Forgeries are nobody's, cost nothing to send, and
 * are counted by the metrics of HTTP. Never in the way of the answer: an entry that cannot be written is logged.
 */
@Injectable()
export class RefusalLog {
  private readonly logger = new Logger(RefusalLog.name);
  private readonly recent = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: ONCE_IN_MS });

  constructor(
    private readonly events: EventRecorder,
    private readonly signer: TokenSigner,
  ) {}

  /** Somebody known lacks a permission. */
  ofPermission(identity: Identity, permission: string, organizationId: string | null, request: AuthenticatedRequest): void {
    const { kind, id } = identity;
    this.write(AccessRefused({ subject: id, permission }), `${id} ${permission}`, { kind, id }, organizationId, request);
  }

  /** A token was refused. Written down when it is a good one whose time is not over: then somebody ended what it stands for. */
  ofToken(request: AuthenticatedRequest): void {
    for (const { type, prefix, kind, subject } of KINDS) {
      const jwt = jwtBehind(prefix)(request);
      const known = subject.safeParse(jwt === null ? null : this.signer.open(type, jwt));
      if (!known.success) continue;
      this.write(TokenRefused({ subject: known.data }), known.data, { kind, id: known.data }, null, request);
      return;
    }
  }

  private write(event: DomainEvent, key: string, actor: Actor, organizationId: string | null, request: AuthenticatedRequest): void {
    if (this.recent.has(key)) return;
    this.recent.set(key, true);
    const { address, userAgent, requestId, trace } = new RequestContext(request);
    const context = { actor, organizationId: null, address, userAgent, requestId, trace };
    inContext(context, () => this.events.record(event, organizationId)).catch((error: unknown) => {
      this.logger.warn({ err: error, type: event.type }, 'refusal not written to the audit log');
    });
  }
}
