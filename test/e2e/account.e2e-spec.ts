import { Sql } from '../../src/platform/database/sql';
import { newId } from '../../src/platform/ids/id';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { contractOf, descriptionOf } from '../support/description';
import { eventually } from '../support/eventually';

type Problem = { code: string; detail: unknown };
type Export = { taskId: string; status: string; data: { profile: object; organizations: object[]; sessions: object[] } | null };

describe('an account', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
  });
  beforeEach(async () => {
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const rows = <Row extends object>(text: string, values: unknown[]) => app.http.get(Sql).run<Row>(text, values);
  const login = ({ email, password }: Account) => callerOf(app)<Problem>('POST', '/auth/login', { email, password });

  describe('exported', () => {
    const request = async () => expected(202, await ann.user<{ taskId: string }>('POST', '/users/me/export')).taskId;
    const finished = (taskId: string) =>
      eventually(async () => {
        const found = expected(200, await ann.user<Export>('GET', `/users/me/export/${taskId}`));
        return found.status === 'finished' && found;
      });

    it('is all that is known of the person', async () => {
      const taskId = await request();
      const { data } = await finished(taskId);
      expect(data).toMatchObject({
        profile: { id: ann.userId, email: ann.email, name: 'Ann', emailVerified: true },
        organizations: [{ id: ann.organizationId, role: 'owner' }],
        sessions: [{ id: expect.stringMatching(/^ses_/) }],
      });
      const url = `/api/v1/users/me/export/${taskId}`;
      const reply = await app.http.inject({ url, headers: { authorization: `Bearer ${ann.accessToken}` } });
      contractOf(await descriptionOf(app)).check('GET', url, reply);
      const [stored] = await rows<{ row: string }>('SELECT t::text AS row FROM task t WHERE id = $1', [taskId]);
      for (const text of [ann.email, Buffer.from(ann.email).toString('hex')]) expect(stored!.row).not.toContain(text);
    });

    it('is for nobody else', async () => {
      const taskId = await request();
      const bob = await signUp(app, 'Bob');
      expect((await bob.user('GET', `/users/me/export/${taskId}`)).status).toBe(404);
      expect((await ann.organization('GET', `/users/me/export/${taskId}`)).status).toBe(403);
      for (const id of ['x', 'null', '..%2F', '%F0%9F%94%91', ann.userId])
        expect((await ann.user('GET', `/users/me/export/${id}`)).status).toBe(404);
      expect((await ann.user('GET', '/users/me/export/%00')).status).toBe(422);
    });
  });

  describe('closed', () => {
    const close = (account: Account, password = account.password) => account.user<Problem>('DELETE', '/users/me', { password });

    it('needs the password', async () => {
      expect(await close(ann, 'wrong wrong wrong')).toMatchObject({ status: 422, body: { code: 'wrong_password' } });
      expect(await ann.user('DELETE', '/users/me', {})).toMatchObject({ status: 422, body: { code: 'validation_error' } });
      expected(200, await login(ann));
    });

    it('ends everything at once, and is erased soon', async () => {
      expected(202, await ann.user('POST', '/users/me/export'));
      expect(expected(202, await close(ann))).toEqual({});
      expect(await login(ann)).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
      await eventually(async () => (await ann.user('GET', '/users/me')).status === 401, { within: 2_500 });
      await eventually(async () => (await ann.organization('GET', '/app')).status >= 400, { within: 2_500 });

      await eventually(async () => (await rows('SELECT 1 FROM user_account WHERE id = $1', [ann.userId])).length === 0);
      const left = `SELECT user_id FROM email_verification UNION ALL SELECT user_id FROM session UNION ALL SELECT user_id FROM task`;
      expect(await rows(`SELECT 1 FROM (${left}) AS part WHERE user_id = $1`, [ann.userId])).toEqual([]);
      // The address is free again.
      const { email, password } = ann;
      const mails = app.mail.mails.filter(({ to }) => to.includes(email)).length;
      expected(202, await callerOf(app)('POST', '/auth/register', { email, password, name: 'Ann again' }));
      expect((await app.mail.mailTo(email, { count: mails + 1 })).subject).toBe('Confirm your e-mail address');
    });

    it('waits until what is shared has another owner', async () => {
      const bob = await signUp(app, 'Bob');
      await rows(
        `INSERT INTO member (id, version, organization_id, user_id, role, created_at, updated_at) VALUES ($1, 1, $2, $3, 'viewer', now(), now())`,
        [newId('mem'), ann.organizationId, bob.userId],
      );
      expect(await close(ann)).toMatchObject({ status: 409, body: { code: 'owns_organization' } });
      expected(200, await login(ann));
      // Who is a member only may leave.
      expected(202, await close(bob));
      await eventually(async () => (await rows('SELECT 1 FROM user_account WHERE id = $1', [bob.userId])).length === 0);
      expect(await rows('SELECT 1 FROM member WHERE organization_id = $1 AND user_id = $2', [ann.organizationId, bob.userId])).toEqual([]);
      expected(202, await close(ann));
    });
  });
});
