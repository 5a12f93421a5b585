import { randomBytes } from 'node:crypto';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { tokenIn } from '../support/smtp';

const PASSWORD = 'correct horse battery staple';
const newAddress = () => `bob.${randomBytes(6).toString('hex')}@example.com`;

describe('REGISTRATION', () => {
  let app: TestApp;
  let ann: Account;

  const start = async (mode: string) => {
    app = await startTestApp({ worker: true, env: { REGISTRATION: mode } });
    // The first account may always be made.
    ann = await signUp(app);
  };
  const register = (email: string) => callerOf(app)('POST', '/auth/register', { email, password: PASSWORD, name: 'Bob' });

  afterEach(() => app.stop());

  it('closed: refuses everybody after the first, known or not', async () => {
    await start('closed');
    for (const email of [newAddress(), ann.email])
      expect(await register(email)).toMatchObject({ status: 403, body: { code: 'registration_closed' } });
  });

  it('invite: answers everybody the same, and makes accounts for who was invited', async () => {
    await start('invite');
    const [stranger, guest] = [newAddress(), newAddress()];
    expected(201, await ann.user('POST', `/organization/${ann.organizationId}/invitation`, { email: guest, role: 'developer' }));
    const invitation = await app.mail.mailTo(guest);
    expect(invitation.subject).toBe('You are invited to Posthorn');
    expect(invitation.text).toContain(`http://posthorn.test/accept-invitation#token=${tokenIn(invitation)}`);

    for (const email of [stranger, ann.email, guest.toUpperCase()]) expect(expected(202, await register(email))).toEqual({});
    const token = tokenIn(await app.mail.mailTo(guest, { count: 2 }));
    const { accessToken } = expected(200, await callerOf(app)<{ accessToken: string }>('POST', '/auth/verify-email', { token }));
    const joined = expected(200, await callerOf(app, accessToken)('POST', '/invitation/accept', { token: tokenIn(invitation) }));
    expect(joined).toMatchObject({ id: ann.organizationId });

    expect(app.mail.mails.filter(({ to }) => to.includes(stranger))).toEqual([]);
    expect(app.mail.mails.filter(({ to }) => to.includes(ann.email))).toHaveLength(1);
    expected(401, await callerOf(app)('POST', '/auth/login', { email: stranger, password: PASSWORD }));
  });
});
