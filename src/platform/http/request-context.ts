import type { SpanContext } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { type Actor, type CallContext, inContext } from '../context/call-context';
import type { AuthenticatedRequest } from './principal';

/** Long enough to tell devices apart; senders may write whole books there. */
const MAX_USER_AGENT = 300;
const ANONYMOUS: Actor = { kind: 'anonymous', id: null };

/** Of a request, as far as the guards have come with it: read when it is asked for. */
export class RequestContext implements CallContext {
  constructor(private readonly request: AuthenticatedRequest) {}

  get actor(): Actor {
    return this.request.user ?? ANONYMOUS;
  }
  get organizationId(): string | null {
    return this.request.user?.organizationId ?? null;
  }
  get address(): string {
    return this.request.ip;
  }
  get userAgent(): string | null {
    return this.request.headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null;
  }
  get requestId(): string {
    return this.request.id;
  }
  get trace(): SpanContext | null {
    return this.request.trace ?? null;
  }
}

/**
 * Runs each request in its context, guards and all: see `callContext`. A hook of the server, the last before the handler: an
 * interceptor would cost each request a chain of observables.
 */
export function runInRequestContext(server: FastifyInstance): void {
  server.addHook('preHandler', (request, _reply, done) => {
    inContext(new RequestContext(request), done);
  });
}
