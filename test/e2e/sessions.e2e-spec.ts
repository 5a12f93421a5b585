import { Sql } from '../../src/platform/database/sql';
import { type Account, callerOf, expected, type SessionTokens, signUp } from '../support/accounts';
import { startTestApi, startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';

type SessionRow = { id: string; current: boolean; userAgent: string | null; address: string | null };

const OUR_PAGES = 'http://posthorn.test';
const COOKIE = '__Host-posthorn_refresh';

describe('sessions', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const anybody = () => callerOf(app);
  const signIn = async (account = ann, headers: Record<string, string> = {}) =>
    expected(200, await anybody()<SessionTokens>('POST', '/auth/login', { email: account.email, password: account.password }, headers));
  const refresh = (refreshToken: string) => anybody()<SessionTokens>('POST', '/auth/refresh', { refreshToken });
  const me = async (accessToken: string, on: Pick<TestApp, 'http'> = app) => (await callerOf(on, accessToken)('GET', '/users/me')).status;
  const sessionsOf = async (accessToken: string) =>
    expected(200, await callerOf(app, accessToken)<{ data: SessionRow[] }>('GET', '/users/me/sessions')).data;

  describe('POST /auth/refresh', () => {
    it('gives the next tokens, which work', async () => {
      const first = await signIn();
      const second = expected(200, await refresh(first.refreshToken));
      expect(second).toEqual({
        accessToken: expect.any(String),
        refreshToken: expect.stringMatching(/^phr_ses_\w{27}_2_/),
        tokenType: 'Bearer',
        expiresIn: 600,
      });
      expect(await me(second.accessToken)).toBe(200);
      expect(await me(first.accessToken)).toBe(200);
      expected(200, await refresh(second.refreshToken));
    });

    it('gives 30 who ask at once the same refresh token', async () => {
      const { refreshToken } = await signIn();
      const answers = await Promise.all(Array.from({ length: 30 }, () => refresh(refreshToken)));
      expect(new Set(answers.map((answer) => expected(200, answer).refreshToken)).size).toBe(1);
    });

    it('ends the whole session when a token comes back late, on another process too, and writes that down', async () => {
      const second = await startTestApi(app.environment);
      try {
        const first = await signIn();
        const next = expected(200, await refresh(first.refreshToken));
        expect(await me(next.accessToken, { http: second })).toBe(200);
        await app.http.get(Sql).run(`UPDATE session SET refreshed_at = refreshed_at - interval '11 seconds'`);
        expect(await refresh(first.refreshToken)).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
        expect(await refresh(next.refreshToken)).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
        await eventually(async () => (await me(next.accessToken, { http: second })) === 401, { within: 2_500 });
      } finally {
        await second.close();
      }
    });

    it('has no grace for a token before the last, however soon', async () => {
      const first = await signIn();
      const second = expected(200, await refresh(first.refreshToken));
      const third = expected(200, await refresh(second.refreshToken));
      expect((await refresh(first.refreshToken)).status).toBe(401);
      expect((await refresh(third.refreshToken)).status).toBe(401);
    });

    it.each([
      [''],
      ['x'],
      ['phr_'],
      ['phr_ses_0_1_x'],
      [`phr_ses_${'0'.repeat(27)}_1_${'A'.repeat(43)}`],
      ["phr_' OR 1=1--_1_"],
      ['\u0000'],
    ])('refuses %j with 401', async (refreshToken) => {
      expect(await refresh(refreshToken)).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
    });

    it('takes no access token and no API key', async () => {
      for (const token of [ann.accessToken, ann.apiKey]) expect([401, 422]).toContain((await refresh(token)).status);
    });

    it.each([{ refreshToken: 7 }, { refreshToken: 'x'.repeat(201) }, { refreshToken: ['x'] }, { token: 'x' }, { session: 'other' }, []])(
      'refuses the body %j with 422',
      async (body) => {
        expect((await anybody()('POST', '/auth/refresh', body, { origin: OUR_PAGES })).status).toBe(422);
      },
    );

    it('refuses who is gone', async () => {
      const eve = await signUp(app, 'Eve');
      await app.http.get(Sql).run('DELETE FROM user_account WHERE id = $1', [eve.userId]);
      expect((await refresh(eve.refreshToken)).status).toBe(401);
    });
  });

  it('is what a refresh token is for: it opens nothing else', async () => {
    const { refreshToken } = await signIn();
    expect(await me(refreshToken)).toBe(401);
  });

  describe('the refresh cookie', () => {
    const post = (path: string, { payload, ...headers }: Record<string, unknown> & { payload?: object }) =>
      app.http.inject({
        method: 'POST',
        url: `/api/v1/auth/${path}`,
        headers: headers as Record<string, string>,
        ...(payload && { payload }),
      });
    const byCookie = async () => {
      const { email, password } = ann;
      const reply = await post('login', { payload: { email, password, session: 'cookie' } });
      return { reply, cookie: reply.cookies.find(({ name }) => name === COOKIE)! };
    };
    const cookieOf = ({ name, value }: { name: string; value: string }) => `${name}=${value}`;

    it('holds the refresh token where no script sees it', async () => {
      const { reply, cookie } = await byCookie();
      expect(reply.json()).toEqual({ accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 600 });
      expect(cookie).toMatchObject({ path: '/', httpOnly: true, secure: true, sameSite: 'Strict', value: expect.stringMatching(/^phr_/) });
      expect(cookie).not.toHaveProperty('domain');
    });

    it('refreshes from our own pages, without a body, and hands out the next cookie only', async () => {
      const { cookie } = await byCookie();
      const reply = await post('refresh', { cookie: cookieOf(cookie), origin: OUR_PAGES });
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toEqual({ accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 600 });
      const next = reply.cookies.find(({ name }) => name === COOKIE)!;
      expect(next.value).toMatch(/_2_/);
      const asToken = await post('refresh', { cookie: cookieOf(next), origin: OUR_PAGES, payload: { session: 'token' } });
      expect(asToken.json()).not.toHaveProperty('refreshToken');
    });

    it.each<[string, Record<string, string>]>([
      ['no Origin', {}],
      ['the Origin null', { origin: 'null' }],
      ['another site', { origin: 'https://evil.example' }],
      ['a page whose name begins like ours', { origin: 'http://posthorn.test.evil.example' }],
      ['another port', { origin: 'http://posthorn.test:8080' }],
      ['another scheme', { origin: 'https://posthorn.test' }],
      ['a Referer instead', { referer: `${OUR_PAGES}/` }],
    ])('is refused from %s, and stays good', async (_what, headers) => {
      const { cookie } = await byCookie();
      for (const path of ['refresh', 'logout']) {
        const reply = await post(path, { cookie: cookieOf(cookie), ...headers });
        expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([403, 'origin_not_allowed']);
        expect(reply.cookies).toEqual([]);
      }
      expect((await post('refresh', { cookie: cookieOf(cookie), origin: OUR_PAGES })).statusCode).toBe(200);
    });

    it('does nothing on GET, nor for a form', async () => {
      const { cookie } = await byCookie();
      const headers = { cookie: cookieOf(cookie), origin: OUR_PAGES };
      expect((await app.http.inject({ url: '/api/v1/auth/refresh', headers })).statusCode).toBe(404);
      const form = await app.http.inject({
        method: 'POST',
        url: '/api/v1/auth/refresh',
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'session=token',
      });
      expect(form.statusCode).toBe(415);
    });

    it('is refused when it is missing or garbage', async () => {
      expect((await post('refresh', { origin: OUR_PAGES })).statusCode).toBe(401);
      expect((await post('refresh', { origin: OUR_PAGES, cookie: `${COOKIE}=garbage; ${COOKIE}=%00` })).statusCode).toBe(401);
    });

    it('is cleared by signing out', async () => {
      const { cookie } = await byCookie();
      const reply = await post('logout', { cookie: cookieOf(cookie), origin: OUR_PAGES });
      expect(reply.statusCode).toBe(204);
      expect(reply.cookies.find(({ name }) => name === COOKIE)).toMatchObject({ value: '', path: '/', secure: true });
      expect((await post('refresh', { cookie: cookieOf(cookie), origin: OUR_PAGES })).statusCode).toBe(401);
    });
  });

  describe('POST /auth/logout', () => {
    it('ends the session of the access token: its tokens are refused, those of other sessions are not', async () => {
      const [here, there] = [await signIn(), await signIn()];
      expect((await callerOf(app, here.accessToken)('POST', '/auth/logout')).status).toBe(204);
      expect((await refresh(here.refreshToken)).status).toBe(401);
      await eventually(async () => (await me(here.accessToken)) === 401, { within: 2_500 });
      expect(await me(there.accessToken)).toBe(200);
    });

    it('ends the session of a refresh token', async () => {
      const { refreshToken, accessToken } = await signIn();
      expect((await anybody()('POST', '/auth/logout', { refreshToken })).status).toBe(204);
      expect((await refresh(refreshToken)).status).toBe(401);
      await eventually(async () => (await me(accessToken)) === 401, { within: 2_500 });
    });

    it('is content with tokens that are not good any more', async () => {
      expect((await anybody()('POST', '/auth/logout', { refreshToken: 'gone' })).status).toBe(204);
      expect((await callerOf(app, 'a.b.c')('POST', '/auth/logout')).status).toBe(204);
    });
  });

  describe('/users/me/sessions', () => {
    it('shows where a person is signed in', async () => {
      const bob = await signUp(app, 'Bob');
      const phone = await signIn(bob, { 'user-agent': 'Phone 📱' });
      const shown = await sessionsOf(phone.accessToken);
      expect(shown).toHaveLength(2);
      expect(shown[0]).toEqual({
        id: expect.stringMatching(/^ses_/),
        current: true,
        userAgent: 'Phone 📱',
        address: '127.0.0.1',
        createdAt: expect.any(String),
        refreshedAt: expect.any(String),
        expiresAt: expect.any(String),
      });
      expect(shown[1]).toMatchObject({ current: false });
    });

    it('ends one session', async () => {
      const [here, lost] = [await signIn(), await signIn()];
      const id = (await sessionsOf(lost.accessToken)).find(({ current }) => current)!.id;
      const caller = callerOf(app, here.accessToken);
      expect((await caller('DELETE', `/users/me/sessions/${id}`)).status).toBe(204);
      expect((await caller('DELETE', `/users/me/sessions/${id}`)).status).toBe(204);
      expect((await refresh(lost.refreshToken)).status).toBe(401);
      await eventually(async () => (await me(lost.accessToken)) === 401, { within: 2_500 });
      expect(await me(here.accessToken)).toBe(200);
    });

    it('ends all others', async () => {
      const [here, ...others] = [await signIn(), await signIn(), await signIn()];
      expect((await callerOf(app, here.accessToken)('DELETE', '/users/me/sessions')).status).toBe(204);
      for (const { refreshToken } of others) expect((await refresh(refreshToken)).status).toBe(401);
      expected(200, await refresh(here.refreshToken));
      expect((await sessionsOf(here.accessToken)).map(({ current }) => current)).toEqual([true]);
    });

    it("does not know other people's", async () => {
      const eve = await signUp(app, 'Eve');
      const [{ id }] = (await sessionsOf((await signIn()).accessToken)) as [SessionRow];
      expect(await eve.user('DELETE', `/users/me/sessions/${id}`)).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
      for (const odd of ['%00', '..%2f..', 'ses_unknown', 'x'.repeat(300)])
        expect([404, 422]).toContain((await eve.user('DELETE', `/users/me/sessions/${odd}`)).status);
    });
  });

  it('leave nothing in the database that signs in or shows a device', async () => {
    const { refreshToken } = await signIn(ann, { 'user-agent': 'CanaryBrowser/1.0' });
    const [row] = await app.http.get(Sql).run<{ dump: string }>(`SELECT string_agg(session::text, '') AS dump FROM session`);
    for (const secret of [refreshToken.slice(-43), Buffer.from('CanaryBrowser').toString('hex'), 'CanaryBrowser', '127.0.0.1'])
      expect(row!.dump).not.toContain(secret);
  });
});
