import type { QueryBus } from '@nestjs/cqrs';
import { callContext, inContext } from '../../../platform/context/call-context';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { newId } from '../../../platform/ids/id';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { InvalidRefreshToken, SessionNotFound } from '../domain/auth.errors';
import type { SessionTokens } from '../domain/session-tokens';
import { TooManyAttempts } from '../domain/sign-in-throttle';
import { NOW } from '../testing/builders';
import { InMemorySessionRepository } from '../testing/in-memory-session.repository';
import { InMemorySignInThrottle } from '../testing/in-memory-sign-in-throttle';
import { ReadableTokenSigner } from '../testing/readable-token-signer';
import { EndSession, EndSessionHandler } from './end-session';
import { EndSessions, EndSessionsHandler } from './end-sessions';
import { OpenSession, OpenSessionHandler } from './open-session';
import { RefreshSession, RefreshSessionHandler } from './refresh-session';
import { type SessionProof, SignOut, SignOutHandler } from './sign-out';

describe('sessions', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const signer = new ReadableTokenSigner();
  let sessions: InMemorySessionRepository;
  let active: boolean;
  let throttle: InMemorySignInThrottle;
  const clockAt = (seconds: number) => new FixedClock(new Date(NOW.getTime() + seconds * 1_000));
  const queries = { execute: async () => active } as unknown as QueryBus;

  const open = (userId: string) => new OpenSessionHandler(sessions, signer, lookup, clockAt(0)).execute(new OpenSession(userId));
  const refresh = (token: string, seconds = 0) =>
    new RefreshSessionHandler(sessions, queries, throttle, signer, lookup, clockAt(seconds)).execute(new RefreshSession(token));
  const signOut = (proof: Partial<SessionProof>) =>
    new SignOutHandler(sessions, signer, lookup, clockAt(0)).execute(new SignOut({ accessToken: null, refreshToken: null, ...proof }));
  const claimsOf = ({ accessToken }: SessionTokens) =>
    (ReadableTokenSigner.read(accessToken) as { claims: { sub: string; sid: string; jti: string; exp: number } }).claims;
  const endOf = async (tokens: SessionTokens) => (await sessions.find(claimsOf(tokens).sid))!.revokedAt;

  beforeEach(() => {
    sessions = new InMemorySessionRepository();
    active = true;
    throttle = new InMemorySignInThrottle();
  });

  it('open with a sign-in, which remembers its device', async () => {
    const call = {
      actor: { kind: 'anonymous', id: null },
      organizationId: null,
      address: '203.0.113.7',
      userAgent: 'Firefox',
      requestId: null,
      trace: null,
    } as const;
    const tokens = await inContext(call, () => open('user_1'));
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 600 });
    const { sub, sid, jti, exp } = claimsOf(tokens);
    expect([sub, exp]).toEqual(['user_1', NOW.getTime() / 1_000 + 600]);
    expect(jti).toMatch(/^tok_/);
    expect(await sessions.find(sid)).toMatchObject({ userId: 'user_1', device: { userAgent: 'Firefox', address: '203.0.113.7' } });
  });

  it('store nothing that opens them', async () => {
    const { refreshToken, accessToken } = await open('user_1');
    const stored = JSON.stringify(await sessions.find(claimsOf({ accessToken } as SessionTokens).sid));
    expect([refreshToken, accessToken, refreshToken.slice(-43)].filter((secret) => stored.includes(secret))).toEqual([]);
  });

  it('go on with each new refresh token', async () => {
    const first = await open('user_1');
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken, 3_600);
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    expect(claimsOf(third).sid).toBe(claimsOf(first).sid);
  });

  it('give all who refresh at once the same child', async () => {
    const { refreshToken } = await open('user_1');
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
  });

  it('end for thief and owner when an old token comes back', async () => {
    const first = await open('user_1');
    const second = await refresh(first.refreshToken);
    await expect(refresh(first.refreshToken, 11)).rejects.toThrow(InvalidRefreshToken);
    await expect(refresh(second.refreshToken, 11)).rejects.toThrow(InvalidRefreshToken);
    expect(sessions.events.map(({ type }) => type)).toEqual(['auth.signed_in', 'session.reuse_detected', 'session.revoked']);
  });

  it('are refused to who is gone, to forgers and to garbage, and stay as they are', async () => {
    const { refreshToken } = await open('user_1');
    const bad = ['', 'garbage', refreshToken.replace(/.{4}$/, 'AAAA'), refreshToken.replace(/ses_\w{27}/, newId('ses'))];
    for (const token of bad) await expect(refresh(token)).rejects.toThrow(InvalidRefreshToken);
    active = false;
    await expect(refresh(refreshToken)).rejects.toThrow(InvalidRefreshToken);
    active = true;
    await refresh(refreshToken);
  });

  it('stay open to who has a good token, however many bad ones come from their address', async () => {
    const { refreshToken } = await open('user_1');
    await inContext({ ...callContext(), address: '192.0.2.1' }, async () => {
      for (let i = 0; i < 30; i++) await expect(refresh('garbage')).rejects.toThrow(InvalidRefreshToken);
      await expect(refresh('garbage')).rejects.toThrow(TooManyAttempts);
      await refresh(refreshToken);
    });
  });

  it('end by signing out with either token, once', async () => {
    const byAccess = await open('user_1');
    const byRefresh = await open('user_1');
    await signOut({ accessToken: byAccess.accessToken });
    await signOut({ refreshToken: byRefresh.refreshToken });
    await signOut({ refreshToken: byRefresh.refreshToken });
    expect([await endOf(byAccess), await endOf(byRefresh)]).toEqual([NOW, NOW]);
    await expect(refresh(byAccess.refreshToken)).rejects.toThrow(InvalidRefreshToken);
  });

  it('do not end for who shows nothing good', async () => {
    const tokens = await open('user_1');
    await signOut({});
    await signOut({ accessToken: 'garbage', refreshToken: tokens.refreshToken.replace(/.{4}$/, 'AAAA') });
    expect(await endOf(tokens)).toBeNull();
  });

  it('end one by one, by their owner only', async () => {
    const tokens = await open('user_1');
    const { sid } = claimsOf(tokens);
    const end = (userId: string, id: string) => new EndSessionHandler(sessions, clockAt(0)).execute(new EndSession(userId, id));
    await expect(end('user_2', sid)).rejects.toThrow(SessionNotFound);
    await expect(end('user_1', 'ses_unknown')).rejects.toThrow(SessionNotFound);
    await end('user_1', sid);
    await end('user_1', sid);
    expect(sessions.events.at(-1)).toEqual({
      type: 'session.revoked',
      payload: { sessionId: sid, userId: 'user_1', reason: 'ended_by_user' },
    });
    expect(sessions.events).toHaveLength(2);
  });

  it('end all together, or all but one, and nobody else’s', async () => {
    const [mine, other, foreign] = [await open('user_1'), await open('user_1'), await open('user_2')];
    const endAll = (except: string | null) =>
      new EndSessionsHandler(sessions, new ImmediateUnitOfWork(), clockAt(0)).execute(
        new EndSessions('user_1', except, 'password_changed'),
      );
    await endAll(claimsOf(mine).sid);
    expect([await endOf(mine), await endOf(other), await endOf(foreign)]).toEqual([null, NOW, null]);
    await endAll(null);
    expect([await endOf(mine), await endOf(foreign)]).toEqual([NOW, null]);
  });
});
