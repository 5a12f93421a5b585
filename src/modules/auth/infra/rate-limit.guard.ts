import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../../config/env';
import type { AuthenticatedRequest } from '../../../platform/http/principal';
import { Clock } from '../../../platform/time/clock';
import { RateLimited } from '../domain/auth.errors';

const SECOND_MS = 1_000;

/**
 * So many requests a second for each API key, portal token or session, counted in this process: a limit against loops that run wild,
 * in a microsecond a request. All counts begin anew with each second, so memory is bounded by who calls within one.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly limit: number;
  private readonly limitText: string;
  private counts = new Map<string, number>();
  private second = 0;

  constructor(
    @Inject(CONFIG) { http }: Pick<Config, 'http'>,
    private readonly clock: Clock,
  ) {
    this.limit = http.requestsPerSecond;
    this.limitText = String(this.limit);
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.limit === 0) return true;
    const http = context.switchToHttp();
    const { user } = http.getRequest<AuthenticatedRequest>();
    if (!user) return true;
    const count = this.count(user.sessionId ?? user.id);
    const reply = http.getResponse<FastifyReply>();
    void reply.header('ratelimit-limit', this.limitText);
    void reply.header('ratelimit-remaining', String(Math.max(0, this.limit - count)));
    void reply.header('ratelimit-reset', '1');
    if (count > this.limit) throw new RateLimited();
    return true;
  }

  private count(key: string): number {
    const second = Math.floor(this.clock.now().getTime() / SECOND_MS);
    if (second !== this.second) {
      this.second = second;
      this.counts = new Map();
    }
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count;
  }
}
