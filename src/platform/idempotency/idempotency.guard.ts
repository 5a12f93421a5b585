import { type CanActivate, type ExecutionContext, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LookupHash } from '../crypto/lookup-hash';
import { InvalidField } from '../errors/domain-error';
import type { AuthenticatedRequest, Principal } from '../http/principal';
import { IdempotencyKeyReused, RequestUnderWay } from './idempotency.errors';
import { type Answer, type Claim, IdempotencyKeys, type KeyedRequest } from './idempotency-keys';

const KEY_HEADER = 'idempotency-key';
export const REPLAYED_HEADER = 'idempotency-replayed';
/** Printable ASCII, as header values should be. */
const KEY = /^[\x20-\x7e]{1,256}$/;

/**
 * A POST with `Idempotency-Key` takes effect once: whoever repeats it gets the first answer. Of callers with a token only;
 * the routes for everybody have no way to tell one caller from another. The last of the guards, so a token that has lost its
 * rights learns nothing. A guard and not an interceptor: those cost every request a chain of observables, and few carry a key.
 */
@Injectable()
export class IdempotencyGuard implements CanActivate, OnModuleInit {
  private readonly claims = new WeakMap<FastifyRequest, Claim>();
  private readonly logger = new Logger(IdempotencyGuard.name);

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly keys: IdempotencyKeys,
    private readonly hash: LookupHash,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Where every answer passes, refusals too, as the bytes that leave.
    server.addHook('onSend', (request, reply, payload, done) => {
      const claim = this.claims.get(request);
      if (claim) void this.settle(claim, reply, payload).then(() => done(null, payload));
      else done(null, payload);
    });
  }

  /** False when the answer has been given here. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    const key = request.headers[KEY_HEADER];
    if (key === undefined || request.method !== 'POST' || !request.user) return true;
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new InvalidField(['header', KEY_HEADER], 'must be 1 to 256 printable ASCII characters');
    }
    return this.claim(this.keyedRequest(request, request.user, key), request, http.getResponse<FastifyReply>());
  }

  private async claim(keyed: KeyedRequest, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const claimed = await this.keys.claim(keyed);
    if (claimed === 'other_request') throw new IdempotencyKeyReused();
    if (claimed === 'under_way') throw new RequestUnderWay();
    if ('status' in claimed) {
      await replay(claimed, reply);
      return false;
    }
    this.claims.set(request, claimed);
    return true;
  }

  private keyedRequest({ url, rawBody }: FastifyRequest, { kind, id, sessionId, organizationId }: Principal, key: string): KeyedRequest {
    const [path = '', query = ''] = url.split(/\?(.*)/s);
    const caller = [kind, id, sessionId, organizationId];
    return {
      id: this.hash.of('idempotency.key', JSON.stringify([caller, path.replace(/\/+$/, ''), key])).toString('base64url'),
      organizationId,
      requestHash: this.hash.of('idempotency.request', JSON.stringify([query, rawBody?.toString('latin1') ?? ''])),
    };
  }

  /** A failure is not kept: the next try may succeed. The request itself has taken effect or not, whatever becomes of its memory. */
  private async settle(claim: Claim, reply: FastifyReply, payload: unknown): Promise<void> {
    const { statusCode: status } = reply;
    const final = status < 500 && status !== 429 && (typeof payload === 'string' || payload === null || payload === undefined);
    const answer = {
      status,
      contentType: reply.getHeader('content-type')?.toString() ?? null,
      body: typeof payload === 'string' ? payload : '',
    };
    try {
      await (final ? this.keys.keep(claim, answer) : this.keys.release(claim));
    } catch (error) {
      this.logger.warn({ err: error }, 'an answer could not be kept for its idempotency key');
    }
  }
}

function replay({ status, contentType, body }: Answer, reply: FastifyReply): FastifyReply {
  void reply.status(status).header(REPLAYED_HEADER, 'true');
  if (contentType !== null) void reply.type(contentType);
  return reply.send(body === '' ? undefined : body);
}
