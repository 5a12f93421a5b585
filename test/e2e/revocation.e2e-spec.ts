import { request } from 'undici';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';

/** The bound that the API promises, and half a second for a slow machine to notice. */
const WITHIN = { within: 2_500 };

type Tokens = { accessToken: string; refreshToken: string };

/** What one API process takes away, another one refuses: they share nothing but PostgreSQL. */
describe('on a second API process', () => {
  let app: TestApp;
  let second: Awaited<ReturnType<typeof startProcess>>;
  let ann: Account;
  let bob: Account;
  const anybody = () => callerOf(app);

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    second = await startProcess('main', app.environment);
    [ann, bob] = [await signUp(app, 'Ann'), await signUp(app, 'Bob')];
    const { id } = expected(
      201,
      await ann.user<{ id: string }>('POST', `/organization/${ann.organizationId}/invitation`, { email: bob.email, role: 'admin' }),
    );
    expect(id).toMatch(/^inv_/);
    const mail = await app.mail.mailTo(bob.email, { count: 2 });
    const token = /#token=(\S+)/.exec(mail.text ?? '')![1]!;
    expected(200, await bob.user('POST', '/invitation/accept', { token }));
  }, 60_000);
  afterAll(async () => {
    await second.stop();
    await app.stop();
  });

  /** Status of a request to the second process. */
  async function status(method: 'GET' | 'POST' | 'PATCH', path: string, token: string, payload?: object): Promise<number> {
    const { statusCode, body } = await request(`${second.url}/api/v1${path}`, {
      method,
      headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...(payload && { 'content-type': 'application/json' }) },
      body: payload ? JSON.stringify(payload) : null,
    });
    await body.dump();
    return statusCode;
  }

  const signIn = async ({ email, password }: Account) => expected(200, await anybody()<Tokens>('POST', '/auth/login', { email, password }));

  it('a revoked API key is refused', async () => {
    const { id, token } = expected(201, await ann.user<{ id: string; token: string }>('POST', '/api-key', { name: 'short-lived' }));
    expect(await status('GET', '/app', token)).toBe(200);
    expected(204, await ann.user('DELETE', `/api-key/${id}`));
    await eventually(async () => (await status('GET', '/app', token)) === 401, WITHIN);
  });

  it('the tokens of a session that ended are refused', async () => {
    const { accessToken, refreshToken } = await signIn(ann);
    expect(await status('GET', '/users/me', accessToken)).toBe(200);
    expected(204, await callerOf(app, accessToken)('POST', '/auth/logout'));
    expect(await status('POST', '/auth/refresh', '', { refreshToken })).toBe(401);
    await eventually(async () => (await status('GET', '/users/me', accessToken)) === 401, WITHIN);
  });

  it('a refresh token that was used twice ends its session', async () => {
    const first = await signIn(ann);
    const next = expected(200, await anybody()<Tokens>('POST', '/auth/refresh', { refreshToken: first.refreshToken }));
    const last = expected(200, await anybody()<Tokens>('POST', '/auth/refresh', { refreshToken: next.refreshToken }));
    expect(await status('GET', '/users/me', last.accessToken)).toBe(200);
    expect(await status('POST', '/auth/refresh', '', { refreshToken: first.refreshToken })).toBe(401);
    expect(await status('POST', '/auth/refresh', '', { refreshToken: last.refreshToken })).toBe(401);
    await eventually(async () => (await status('GET', '/users/me', last.accessToken)) === 401, WITHIN);
  });

  it('a role that was lowered may no more', async () => {
    const path = `/organization/${ann.organizationId}`;
    expect(await status('PATCH', path, bob.accessToken, { name: 'by an admin' })).toBe(200);
    expected(200, await ann.user('PATCH', `${path}/member/${bob.userId}`, { role: 'viewer' }));
    await eventually(async () => (await status('PATCH', path, bob.accessToken, { name: 'by a viewer' })) === 403, WITHIN);
    expect(await status('GET', path, bob.accessToken)).toBe(200);
  });

  it('a member who was removed finds nothing', async () => {
    const path = `/organization/${ann.organizationId}`;
    expect(await status('GET', path, bob.accessToken)).toBe(200);
    expected(204, await ann.user('DELETE', `${path}/member/${bob.userId}`));
    await eventually(async () => (await status('GET', path, bob.accessToken)) === 404, WITHIN);
  });

  it('a changed password ends the other sessions', async () => {
    const [stays, goes] = [await signIn(ann), await signIn(ann)];
    expect(await status('GET', '/users/me', goes.accessToken)).toBe(200);
    const change = { currentPassword: ann.password, newPassword: 'another long password of Ann' };
    expected(204, await callerOf(app, stays.accessToken)('POST', '/users/me/password', change));
    expect(await status('POST', '/auth/refresh', '', { refreshToken: goes.refreshToken })).toBe(401);
    await eventually(async () => (await status('GET', '/users/me', goes.accessToken)) === 401, WITHIN);
    expect(await status('GET', '/users/me', stays.accessToken)).toBe(200);
  });
});
