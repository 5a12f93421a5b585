import { randomBytes } from 'node:crypto';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { tokenIn } from '../support/smtp';

type Problem = { code: string; detail: unknown };

describe('a change of address', () => {
  let app: TestApp;
  let ann: Account;
  let address: string;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
  });
  beforeEach(async () => {
    ann = await signUp(app);
    address = `new.${randomBytes(6).toString('hex')}@example.com`;
  });
  afterAll(() => app.stop());

  const change = (email: string, password = ann.password) => ann.user<Problem>('POST', '/users/me/email', { email, password });
  const confirm = (token: string) => callerOf(app)<Problem>('POST', '/auth/confirm-email-change', { token });
  const login = (email: string) => callerOf(app)('POST', '/auth/login', { email, password: ann.password });

  it('happens when both addresses have agreed, and ends all sessions', async () => {
    expect(expected(202, await change(` ${address.toUpperCase()}`))).toEqual({});
    const [old, fresh] = [await app.mail.mailTo(ann.email, { count: 2 }), await app.mail.mailTo(address)];
    expect([old.subject, fresh.subject]).toEqual(['Do you want another e-mail address?', 'Confirm your new e-mail address']);
    for (const mail of [old, fresh]) expect(mail.text).toContain(`http://posthorn.test/confirm-email-change#token=${tokenIn(mail)}`);

    expect(expected(200, await confirm(tokenIn(fresh)))).toEqual({ confirmed: 'new', changed: false });
    expected(200, await login(ann.email));
    expect(expected(200, await confirm(tokenIn(old)))).toEqual({ confirmed: 'old', changed: true });
    expected(401, await login(ann.email));
    expected(200, await login(address));
    await eventually(async () => (await ann.user('GET', '/users/me')).status === 401, { within: 2_500 });
    expect((await app.mail.mailTo(address, { count: 2 })).subject).toBe('Your e-mail address was changed');
    for (const mail of [old, fresh])
      expect(await confirm(tokenIn(mail))).toMatchObject({ status: 422, body: { code: 'email_change_failed' } });
  });

  it('needs the password, and an address that is another one', async () => {
    expect(await change(address, 'wrong wrong wrong')).toMatchObject({ status: 422, body: { code: 'wrong_password' } });
    expect(await change(ann.email.toUpperCase())).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'email'] }] } });
  });

  it('does not tell that the address has an account, except to its owner', async () => {
    const bob = await signUp(app, 'Bob');
    expect(expected(202, await change(bob.email))).toEqual({});
    const mail = await app.mail.mailTo(bob.email, { count: 2 });
    expect(mail.subject).toBe('Somebody wants to use your address');
    expect(mail.text).not.toContain('#token=');
    const old = await app.mail.mailTo(ann.email, { count: 2 });
    expect(expected(200, await confirm(tokenIn(old)))).toEqual({ confirmed: 'old', changed: false });
    expected(200, await login(ann.email));
    expected(200, await callerOf(app)('POST', '/auth/login', { email: bob.email, password: bob.password }));
  });

  it('ends when the password is reset', async () => {
    expected(202, await change(address));
    const [old, fresh] = [await app.mail.mailTo(ann.email, { count: 2 }), await app.mail.mailTo(address)];
    expected(202, await callerOf(app)('POST', '/auth/forgot-password', { email: ann.email }));
    const token = tokenIn(await app.mail.mailTo(ann.email, { count: 3 }));
    expected(204, await callerOf(app)('POST', '/auth/reset-password', { token, password: 'another horse, another staple' }));
    for (const mail of [old, fresh]) expected(422, await confirm(tokenIn(mail)));
  });

  it.each([
    'ann',
    'ann@localhost',
    'a@b@example.com',
    '"ann lee"@example.com',
    'ann@example.com\r\nBcc: all@example.com',
    'an\u0000n@example.com',
    'ann@[127.0.0.1]',
    'an\u202en@example.com',
    `${'a'.repeat(320)}@example.com`,
  ])('does not lead to %j', async (email) =>
    expect(await change(email)).toMatchObject({ status: 422, body: { code: 'validation_error', detail: [{ loc: ['body', 'email'] }] } }),
  );

  it('may lead to an address with a plus, or of another alphabet', async () => {
    for (const email of [address.replace('@', '+tag@'), `жанна.${randomBytes(4).toString('hex')}@пример.рф`])
      expected(202, await change(email));
  });

  it.each(['x', '\u0000', "' OR 1=1 --", '🔑'])('is not agreed to by the token %j', async (token) =>
    expect(await confirm(token)).toMatchObject({ status: 422, body: { code: 'email_change_failed' } }),
  );

  it('does not concern the name', async () => {
    const renamed = expected(200, await ann.user('PATCH', '/users/me', { name: " Жанна d'Arc " }));
    expect(renamed).toMatchObject({ id: ann.userId, name: "Жанна d'Arc", email: ann.email });
    for (const body of [
      {},
      { name: '' },
      { name: 'a\u0000b' },
      { name: 'x'.repeat(101) },
      { name: 'Ann', email: address },
      { name: 'Ann', id: 'user_1' },
    ])
      expect(await ann.user('PATCH', '/users/me', body)).toMatchObject({ status: 422, body: { code: 'validation_error' } });
  });
});
