import { randomBytes } from 'node:crypto';
import { Sql } from '../../src/platform/database/sql';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';

describe('POST /auth/login', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const login = (email: string, password: string) => callerOf(app)('POST', '/auth/login', { email, password });

  it('gives a token that works', async () => {
    const session = expected(200, await login(ann.email, ann.password));
    expect(session).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^phr_ses_/),
      tokenType: 'Bearer',
      expiresIn: 600,
    });
    const me = expected(200, await callerOf(app, session['accessToken'] as string)('GET', '/users/me'));
    expect(me).toMatchObject({ id: ann.userId, email: ann.email });
  });

  it('takes the address in any spelling', async () => {
    expected(200, await login(` ${ann.email.toUpperCase()} `, ann.password));
  });

  it('says the same about a wrong password and an unknown address', async () => {
    const attempts = [
      login(ann.email, 'wrong wrong wrong'),
      login('nobody@example.com', ann.password),
      login('no address', ''.padEnd(12, 'x')),
    ];
    for (const { status, headers, body } of await Promise.all(attempts)) {
      expect(status).toBe(401);
      expect(headers).toMatchObject({ 'content-type': expect.stringContaining('application/problem+json') });
      expect({ ...body, requestId: '' }).toEqual({
        type: 'http://posthorn.test/docs/errors#invalid_credentials',
        title: 'Not authenticated',
        status: 401,
        code: 'invalid_credentials',
        detail: 'The e-mail address or the password is wrong.',
        requestId: '',
      });
    }
  });

  it('writes down who signed in and whose password was wrong, and of an unknown address nothing but that', async () => {
    const bob = await signUp(app, 'Bob');
    await login(bob.email, 'wrong wrong wrong');
    await login('unknown.canary@example.com', 'wrong wrong wrong');
    expected(200, await login(bob.email, bob.password));
    const rows = await app.http
      .get(Sql)
      .run<{ action: string; result: string; object: string }>(
        `SELECT action, result, object FROM audit_entry WHERE action LIKE 'auth.sign%' AND object IN ($1, 'nobody') ORDER BY id DESC LIMIT 3`,
        [bob.userId],
      );
    expect(rows).toEqual([
      { action: 'auth.signed_in', result: 'success', object: bob.userId },
      { action: 'auth.sign_in_failed', result: 'refused', object: 'nobody' },
      { action: 'auth.sign_in_failed', result: 'refused', object: bob.userId },
    ]);
  });

  it('tells only who knows the password that the address is not confirmed', async () => {
    const [email, password] = [`eve.${randomBytes(6).toString('hex')}@example.com`, 'correct horse battery staple'];
    expected(202, await callerOf(app)('POST', '/auth/register', { email, password, name: 'Eve' }));
    expect(await login(email, password)).toMatchObject({ status: 403, body: { code: 'email_not_verified' } });
    expect(await login(email, 'wrong wrong wrong')).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });

  it.each([
    {},
    { email: 'ann@example.com' },
    { email: '', password: 'x' },
    { email: 'ann@example.com', password: 'x'.repeat(1_025) },
    { email: 7, password: [] },
  ])('refuses %j with 422', async (body) => {
    expect(await callerOf(app)('POST', '/auth/login', body)).toMatchObject({ status: 422, body: { code: 'validation_error' } });
  });
});
