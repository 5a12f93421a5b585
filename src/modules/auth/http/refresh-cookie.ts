import '@fastify/cookie';
import {
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { CONFIG, type Config } from '../../../config/env';
import { DomainError } from '../../../platform/errors/domain-error';

/** `__Host-`: browsers take it from this host over TLS only, for all paths, and no subdomain can overwrite it. */
const NAME = '__Host-posthorn_refresh';
const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;
/** As long as a session can last. */
const MAX_AGE_SECONDS = 90 * 86_400;

type Tokens = { readonly refreshToken: string };

declare module 'fastify' {
  interface FastifyRequest {
    /** The refresh token came by cookie: the next one goes the same way, and never where a script could read it. */
    livesOnCookie?: true;
  }
}

export class OriginNotAllowed extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'origin_not_allowed';

  constructor() {
    super('The refresh cookie serves the pages under PUBLIC_URL only. Send the refresh token in the body instead.');
  }
}

export function setRefreshCookie(reply: FastifyReply, refreshToken: string): void {
  void reply.setCookie(NAME, refreshToken, { ...ATTRIBUTES, maxAge: MAX_AGE_SECONDS });
}

/** Where the caller asks for `"session": "cookie"`, the refresh token goes into a cookie that no script can read, and not into the body. */
@Injectable()
export class HandsRefreshCookie implements NestInterceptor<Tokens, object> {
  intercept(context: ExecutionContext, next: CallHandler<Tokens>): Observable<object> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    return next.handle().pipe(
      map((tokens) => {
        if (!wantsCookie(request)) return tokens;
        const { refreshToken, ...rest } = tokens;
        setRefreshCookie(http.getResponse<FastifyReply>(), refreshToken);
        return rest;
      }),
    );
  }
}

@Injectable()
export class ClearsRefreshCookie implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer: unknown) => {
        void reply.clearCookie(NAME, ATTRIBUTES);
        return answer;
      }),
    );
  }
}

/**
 * Cookies come along by themselves, so a request that lives on one must come from our own pages: browsers name the page that
 * sends it in `Origin`, and no page can lie there.
 */
@Injectable()
export class FromOwnPages implements PipeTransform<FastifyRequest, string | null> {
  private readonly origin: string;

  constructor(@Inject(CONFIG) { http }: Pick<Config, 'http'>) {
    this.origin = new URL(http.publicUrl).origin;
  }

  transform(request: FastifyRequest): string | null {
    if (hasTokenOfItsOwn(request)) return null;
    if (request.headers.origin !== this.origin) throw new OriginNotAllowed();
    request.livesOnCookie = true;
    return request.cookies[NAME] ?? null;
  }
}

const Request = createParamDecorator((_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>());

/** Parameter: the refresh token of the cookie; null when the caller shows another token, in the body or the header. */
export const RefreshCookie = () => Request(FromOwnPages);

function hasTokenOfItsOwn({ body, headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined || typeof (body as { refreshToken?: unknown } | undefined)?.refreshToken === 'string';
}

function wantsCookie({ body, livesOnCookie }: FastifyRequest): boolean {
  return livesOnCookie === true || (body as { session?: unknown } | undefined)?.session === 'cookie';
}
