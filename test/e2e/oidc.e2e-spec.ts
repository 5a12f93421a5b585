import { randomBytes } from 'node:crypto';
import { Sql } from '../../src/platform/database/sql';
import { callerOf, expected, signUp } from '../support/accounts';
import { startTestApi, startTestApp, type TestApp } from '../support/app';
import { type OidcServer, startOidcServer } from '../support/oidc';

const CALLBACK = 'http://posthorn.test/api/v1/auth/oidc/real/callback';
const COOKIE = '__Host-posthorn_oidc';

type Cookie = { name: string; value: string };

describe('signing in with an OpenID provider', () => {
  let oidc: OidcServer;
  let app: TestApp;

  beforeAll(async () => {
    oidc = await startOidcServer(CALLBACK);
    const client = { clientId: 'posthorn', clientSecret: 'a secret of the client' };
    const providers = [
      { id: 'real', name: 'Example ID', issuer: oidc.issuer, ...client },
      { id: 'away', name: 'Away', issuer: 'http://127.0.0.1:9', ...client },
      { id: 'wrong', name: 'Wrong secret', issuer: oidc.issuer, clientId: 'posthorn', clientSecret: 'not the secret' },
    ];
    app = await startTestApp({ worker: true, env: { OIDC_PROVIDERS: JSON.stringify(providers) } });
  });
  afterAll(async () => {
    await app.stop();
    await oidc.stop();
  });

  const get = (path: string, cookies: readonly Cookie[] = [], on: Pick<TestApp, 'http'> = app) =>
    on.http.inject({
      url: `/api/v1/auth/oidc${path}`,
      headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    });
  const start = async (on: Pick<TestApp, 'http'> = app) => {
    const reply = await get('/real', [], on);
    expect(reply.statusCode).toBe(302);
    return { url: String(reply.headers.location), cookie: reply.cookies.find(({ name }) => name === COOKIE)! };
  };
  /** The path and query of our callback, as the browser of this person asks for it. */
  const wayBack = async (url: string, person: string) => (await oidc.signIn(url, person)).replace(/^.*\/oidc/, '');
  const signIn = async (person: string, on: Pick<TestApp, 'http'> = app) => {
    const { url, cookie } = await start(on);
    return get(await wayBack(url, person), [cookie], on);
  };
  const meOf = async (cookies: readonly Cookie[]) => {
    const { value } = cookies.find(({ name }) => name === '__Host-posthorn_refresh')!;
    const { accessToken } = expected(200, await callerOf(app)<{ accessToken: string }>('POST', '/auth/refresh', { refreshToken: value }));
    return expected(
      200,
      await callerOf(app, accessToken)<{ id: string; name: string; email: string; emailVerified: boolean }>('GET', '/users/me'),
    );
  };
  const somebody = (name: string) => `${name}|${name.toLowerCase()}.${randomBytes(6).toString('hex')}@example.com|verified`;

  it('is offered by name, without secrets', async () => {
    expect((await get('')).json()).toEqual({
      data: [
        { id: 'real', name: 'Example ID' },
        { id: 'away', name: 'Away' },
        { id: 'wrong', name: 'Wrong secret' },
      ],
    });
  });

  it('sends the browser there with state, nonce and PKCE, and keeps what belongs to them in a sealed cookie', async () => {
    const { url, cookie } = await start();
    const query = new URL(url).searchParams;
    expect(url.startsWith(`${oidc.issuer}/auth?`)).toBe(true);
    expect(Object.fromEntries(query)).toMatchObject({
      client_id: 'posthorn',
      response_type: 'code',
      scope: 'openid email profile',
      redirect_uri: CALLBACK,
      code_challenge_method: 'S256',
      state: expect.any(String),
      nonce: expect.any(String),
    });
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/', maxAge: 600 });
    expect(Buffer.from(cookie.value, 'base64url').toString('latin1')).not.toContain(query.get('state')!);
  });

  it('makes an account at the first time, and finds it at the second', async () => {
    const person = somebody('Ann');
    const first = await signIn(person);
    expect([first.statusCode, first.headers.location]).toEqual([302, 'http://posthorn.test/']);
    const me = await meOf(first.cookies);
    expect(me).toMatchObject({ name: 'Ann', email: person.split('|')[1], emailVerified: true });
    expect((await meOf((await signIn(person)).cookies)).id).toBe(me.id);
    expect(first.cookies.find(({ name }) => name === COOKIE)).toMatchObject({ value: '' });
  });

  it('finds the account of a verified address', async () => {
    const bob = await signUp(app, 'Bob');
    expect((await meOf((await signIn(`Robert|${bob.email}|verified`)).cookies)).id).toBe(bob.userId);
    expect((await callerOf(app)('POST', '/auth/login', { email: bob.email, password: bob.password })).status).toBe(200);
  });

  it('lets nobody in with an address that the provider did not verify', async () => {
    const carol = await signUp(app, 'Carol');
    for (const email of [carol.email, 'nobody@example.com']) {
      const reply = await signIn(`Eve|${email}|unverified`);
      expect([reply.statusCode, reply.headers.location]).toEqual([302, 'http://posthorn.test/#error=email_not_verified_elsewhere']);
      expect(reply.cookies.map(({ name }) => name)).toEqual([COOKIE]);
    }
  });

  it('makes no account where registration is not open', async () => {
    await signUp(app, 'First');
    const closed = await startTestApi({ ...app.environment, REGISTRATION: 'closed' });
    try {
      expect((await signIn(somebody('Dave'), { http: closed })).headers.location).toBe('http://posthorn.test/#error=no_account');
    } finally {
      await closed.close();
    }
  });

  describe('leads back with an error, and signs nobody in,', () => {
    const refused = async (path: string, cookies: readonly Cookie[]) => {
      const reply = await get(path, cookies);
      expect([reply.statusCode, reply.headers.location]).toEqual([302, 'http://posthorn.test/#error=provider_refused']);
      expect(reply.cookies.map(({ name }) => name)).toEqual([COOKIE]);
    };

    it('when the code was used before', async () => {
      const { url, cookie } = await start();
      const back = await wayBack(url, somebody('Erin'));
      expect((await get(back, [cookie])).headers.location).toBe('http://posthorn.test/');
      await refused(back, [cookie]);
    });

    it('when another browser comes back: no cookie, the cookie of another sign-in, of another provider, garbage', async () => {
      const { url } = await start();
      const back = await wayBack(url, somebody('Frank'));
      const other = (await start()).cookie;
      await refused(back, []);
      await refused(back, [other]);
      for (const value of ['garbage', '', 'A'.repeat(3_000), `${other.value.slice(0, -4)}AAAA`])
        await refused(back, [{ name: COOKIE, value }]);
      await refused(back.replace('/real/', '/wrong/'), [other]);
    });

    it('when state, code or the answer as a whole was changed', async () => {
      const { url, cookie } = await start();
      const back = await wayBack(url, somebody('Grace'));
      for (const changed of [
        back.replace(/state=[^&]+/, 'state=other'),
        back.replace(/&?state=[^&]+/, ''),
        back.replace(/code=[^&]+/, 'code=other'),
        back.replace(/&iss=[^&]+/, '&iss=https%3A%2F%2Fevil.example'),
        '/real/callback',
        '/real/callback?error=access_denied&state=x',
        '/real/callback?%00=%ff&code[]=1&code=2',
      ])
        await refused(changed, [cookie]);
    });

    it('when the provider does not know us', async () => {
      const begun = await get('/wrong');
      const url = String(begun.headers.location).replace(encodeURIComponent('/oidc/wrong/'), encodeURIComponent('/oidc/real/'));
      const back = (await wayBack(url, somebody('Heidi'))).replace('/real/', '/wrong/');
      await refused(back, [begun.cookies.find(({ name }) => name === COOKIE)!]);
    });
  });

  it('says so when the provider is away', async () => {
    const reply = await get('/away');
    expect([reply.statusCode, reply.headers.location]).toEqual([302, 'http://posthorn.test/#error=provider_unavailable']);
  });

  it.each(['/none', '/__proto__', '/%00', '/real%2f..'])('knows no provider %s', async (path) => {
    expect((await get(path)).statusCode).toBe(404);
  });

  it('stores neither the subject nor the address in the clear', async () => {
    const person = somebody('Ivan');
    await signIn(person);
    const [row] = await app.http.get(Sql).run<{ dump: string }>(`SELECT string_agg(user_identity::text, '') AS dump FROM user_identity`);
    expect(row!.dump).not.toContain('Ivan');
    expect(row!.dump).not.toContain(Buffer.from('Ivan').toString('hex'));
  });
});
