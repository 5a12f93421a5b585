import type { ExecutionContext } from '@nestjs/common';
import type { Clock } from '../../../platform/time/clock';
import { RateLimited } from '../domain/auth.errors';
import { NOW } from '../testing/builders';
import { RateLimitGuard } from './rate-limit.guard';

describe('RateLimitGuard', () => {
  const clock: Clock = { now: () => new Date(now) };
  let headers: Record<string, string>;
  const guardOf = (requestsPerSecond: number) =>
    new RateLimitGuard({ http: { requestsPerSecond } } as ConstructorParameters<typeof RateLimitGuard>[0], clock);
  const ask = (guard: RateLimitGuard, user?: { id: string; sessionId: string | null }) => {
    headers = {};
    const reply = { header: (name: string, value: string) => (headers[name] = value) };
    return guard.canActivate({
      switchToHttp: () => ({ getRequest: () => ({ user }), getResponse: () => reply }),
    } as unknown as ExecutionContext);
  };
  const key = { id: 'key_1', sessionId: null };
  let now: number;

  beforeEach(() => {
    now = NOW.getTime();
  });

  it('lets so many through in a second, and says how many are left', () => {
    const guard = guardOf(2);
    expect(ask(guard, key)).toBe(true);
    expect(headers).toEqual({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': '1' });
    expect(ask(guard, key)).toBe(true);
    expect(() => ask(guard, key)).toThrow(RateLimited);
    expect(headers).toMatchObject({ 'ratelimit-remaining': '0' });
    now += 1_000;
    expect(ask(guard, key)).toBe(true);
  });

  it('counts keys and sessions by themselves', () => {
    const guard = guardOf(1);
    for (const user of [key, { id: 'key_2', sessionId: null }, { id: 'user_1', sessionId: 'ses_1' }, { id: 'user_1', sessionId: 'ses_2' }])
      expect(ask(guard, user)).toBe(true);
    expect(() => ask(guard, { id: 'user_1', sessionId: 'ses_1' })).toThrow(RateLimited);
  });

  it('counts neither strangers nor, without a limit, anybody', () => {
    expect(ask(guardOf(1))).toBe(true);
    const guard = guardOf(0);
    for (let i = 0; i < 10; i++) expect(ask(guard, key)).toBe(true);
    expect(headers).toEqual({});
  });
});
