import { randomBytes } from 'node:crypto';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { tokenIn } from '../support/smtp';

type Problem = { code: string; detail: unknown };

const PASSWORD = 'another horse, another staple';

describe('passwords', () => {
  let app: TestApp;
  let ann: Account;
  let anybody: ReturnType<typeof callerOf>;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    anybody = callerOf(app);
  });
  beforeEach(async () => {
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const forgot = (email: string, headers = {}) => anybody('POST', '/auth/forgot-password', { email }, headers);
  const reset = (token: string, password = PASSWORD) => anybody<Problem>('POST', '/auth/reset-password', { token, password });
  const login = (email: string, password: string) => anybody<{ accessToken: string } & Problem>('POST', '/auth/login', { email, password });
  /** The first mail of an account is the one that confirmed it. */
  const resetToken = async (email: string, count = 2) => tokenIn(await app.mail.mailTo(email, { count }));

  describe('forgotten', () => {
    it('are replaced through a mail, once, and all sessions end', async () => {
      expect(expected(202, await forgot(ann.email.toUpperCase()))).toEqual({});
      const mail = await app.mail.mailTo(ann.email, { count: 2 });
      expect(mail.subject).toBe('Choose a new password');
      expect(mail.text).toContain(`http://posthorn.test/reset-password#token=${tokenIn(mail)}`);
      expected(204, await reset(tokenIn(mail)));
      expected(401, await login(ann.email, ann.password));
      expected(200, await login(ann.email, PASSWORD));
      await eventually(async () => (await ann.user('GET', '/users/me')).status === 401, { within: 2_500 });
      expect((await app.mail.mailTo(ann.email, { count: 3 })).subject).toBe('Your password was reset');
      expect(await reset(tokenIn(mail))).toMatchObject({ status: 422, body: { code: 'reset_failed' } });
    });

    it('are answered the same for every address, and only the known one gets a mail', async () => {
      const before = app.mail.mails.length;
      const nobody = `nobody.${randomBytes(6).toString('hex')}@example.com`;
      const replies = await Promise.all([ann.email, nobody, 'no address', '\u0000'].map((email) => forgot(email)));
      for (const { status, body } of replies) expect({ status, body }).toEqual({ status: 202, body: {} });
      await resetToken(ann.email);
      expect(app.mail.mails.slice(before).flatMap(({ to }) => to)).toEqual([ann.email]);
    });

    it('lead to the configured address, whatever the request says of its host', async () => {
      expected(202, await forgot(ann.email, { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }));
      const mail = await app.mail.mailTo(ann.email, { count: 2 });
      expect(mail.text).toContain('http://posthorn.test/reset-password#');
      expect(`${mail.text}${String(mail.html)}`).not.toContain('evil.example');
    });

    it('take the token of the newest mail only', async () => {
      expected(202, await forgot(ann.email));
      const old = await resetToken(ann.email);
      expected(202, await forgot(ann.email));
      const token = await resetToken(ann.email, 3);
      expected(422, await reset(old));
      expected(204, await reset(token));
    });

    it('are replaced once, by many who send the token at once', async () => {
      expected(202, await forgot(ann.email));
      const token = await resetToken(ann.email);
      const replies = await Promise.all(Array.from({ length: 5 }, () => reset(token)));
      expect(replies.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
      expect(replies.filter(({ status }) => ![204, 409, 422].includes(status))).toEqual([]);
    });

    it('confirm the address as well', async () => {
      const email = `eve.${randomBytes(6).toString('hex')}@example.com`;
      expected(202, await anybody('POST', '/auth/register', { email, password: 'chosen by somebody else', name: 'Eve' }));
      const confirmation = tokenIn(await app.mail.mailTo(email));
      expected(202, await forgot(email));
      expected(204, await reset(await resetToken(email)));
      expected(200, await login(email, PASSWORD));
      // The older link would sign in without asking for anything else.
      expected(422, await anybody('POST', '/auth/verify-email', { token: confirmation }));
    });

    it('keep the token when the new password is refused', async () => {
      expected(202, await forgot(ann.email));
      const token = await resetToken(ann.email);
      for (const password of ['passwordpassword', ann.email, 'x'.repeat(11), 'x'.repeat(1_025)]) {
        const refused = expected(422, await reset(token, password));
        expect(refused).toMatchObject({ code: 'validation_error', detail: [{ loc: ['body', 'password'] }] });
      }
      expected(204, await reset(token));
    });

    it.each([
      { token: '', password: PASSWORD },
      { token: 'x'.repeat(201), password: PASSWORD },
      { token: 7, password: PASSWORD },
      { password: PASSWORD },
      { token: 'x' },
      {},
    ])('refuse %j', async (body) =>
      expect(await anybody('POST', '/auth/reset-password', body)).toMatchObject({ status: 422, body: { code: 'validation_error' } }),
    );

    it.each(['x', '\u0000', "' OR 1=1 --", '../../etc', '🔑'])('refuse the token %j', async (token) =>
      expect(await reset(token)).toMatchObject({ status: 422, body: { code: 'reset_failed' } }),
    );

    it.each([
      {},
      { email: '' },
      { email: 'x'.repeat(321) },
      { email: ['a@example.com'] },
      { email: null },
      { email: 'a@example.com', name: 'x' },
    ])('are not asked for by %j', async (body) =>
      expect(await anybody('POST', '/auth/forgot-password', body)).toMatchObject({ status: 422, body: { code: 'validation_error' } }),
    );
  });

  describe('changed', () => {
    const change = (currentPassword: string, newPassword = PASSWORD) =>
      ann.user<Problem>('POST', '/users/me/password', { currentPassword, newPassword });

    it('end the other sessions, and not this one', async () => {
      const { accessToken } = expected(200, await login(ann.email, ann.password));
      const elsewhere = callerOf(app, accessToken);
      expected(204, await change(ann.password));
      await eventually(async () => (await elsewhere('GET', '/users/me')).status === 401, { within: 2_500 });
      expected(200, await ann.user('GET', '/users/me'));
      expected(401, await login(ann.email, ann.password));
      expected(200, await login(ann.email, PASSWORD));
      expect((await app.mail.mailTo(ann.email, { count: 2 })).subject).toBe('Your password was changed');
    });

    it('need the current one', async () => {
      expect(await change('wrong wrong wrong')).toMatchObject({ status: 422, body: { code: 'wrong_password' } });
      expected(200, await login(ann.email, ann.password));
    });

    it.each(['passwordpassword', 'x'.repeat(11), 'x'.repeat(1_025)])('are not changed to %j', async (password) =>
      expect(await change(ann.password, password)).toMatchObject({
        status: 422,
        body: { code: 'validation_error', detail: [{ loc: ['body', 'newPassword'] }] },
      }),
    );

    it('are not guessed quickly', async () => {
      for (let i = 0; i < 5; i++) expect((await change('wrong wrong wrong')).status).toBe(422);
      const slowed = await change('wrong wrong wrong');
      expect(slowed).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
      expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
    });

    it('end a reset that is under way', async () => {
      expected(202, await forgot(ann.email));
      const token = await resetToken(ann.email);
      expected(204, await change(ann.password));
      expect(await reset(token, 'a third password of mine')).toMatchObject({ status: 422, body: { code: 'reset_failed' } });
    });

    it('belong to people, not to API keys', async () => {
      const body = { currentPassword: ann.password, newPassword: PASSWORD };
      expect((await ann.organization('POST', '/users/me/password', body)).status).toBe(403);
      expect((await anybody('POST', '/users/me/password', body)).status).toBe(401);
    });
  });

  describe('of any kind', () => {
    it.each([
      'x'.repeat(64),
      'y'.repeat(1_024),
      'zero\u0000zero\u0000zero',
      '  spaces at the ends  ',
      '🔑'.repeat(12),
      'na\u00efve caf\u00e9 au lait',
    ])('work: %j', async (password) => {
      expected(204, await ann.user('POST', '/users/me/password', { currentPassword: ann.password, newPassword: password }));
      expected(200, await login(ann.email, password));
      expected(200, await login(ann.email, password.normalize('NFD')));
      expected(401, await login(ann.email, password.slice(1)));
    });

    it('are refused when they are a megabyte long, before they are hashed', async () => {
      expect((await login(ann.email, 'x'.repeat(1_000_000))).status).toBe(422);
      expect((await login(ann.email, 'x'.repeat(2_000_000))).status).toBe(413);
    });
  });
});
