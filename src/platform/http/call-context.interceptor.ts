import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { type CallContext, inContext } from '../context/call-context';
import type { AuthenticatedRequest } from './principal';

/** Long enough to tell devices apart; senders may write whole books there. */
const MAX_USER_AGENT = 300;

/** Runs each handler in the context of its caller: see `callContext`. After the guards, which know who that is. */
export class CallContextInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const call = contextOf(context.switchToHttp().getRequest<AuthenticatedRequest>());
    return new Observable((subscriber) => inContext(call, () => next.handle().subscribe(subscriber)));
  }
}

/** Of a request, as far as the guards have come with it. */
export function contextOf({ user, ip, id, headers }: AuthenticatedRequest): CallContext {
  return {
    actor: user ? { kind: user.kind, id: user.id } : { kind: 'anonymous', id: null },
    organizationId: user?.organizationId ?? null,
    address: ip,
    userAgent: headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null,
    requestId: id,
  };
}
