import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApi, startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { tokenIn } from '../support/smtp';

type Organization = { id: string; name: string; role: string; deletedAt: string | null; eraseAt: string | null };
type Member = { id: string; name: string; email: string; role: string; joinedAt: string };
type Invitation = { id: string; email: string; role: string; invitedBy: string; expiresAt: string };
type Page<Item> = { data: Item[]; iterator: string | null; done: boolean };

/** Ids that nobody has: each is looked for, and none is a reason to fail. */
const STRANGE_IDS = [
  'org_unknown',
  '%2e%2e%2f',
  '%2F',
  '%00',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '%F0%9F%98%80',
  '-1',
  '1e3',
];

describe('organizations', () => {
  let app: TestApp;
  let ann: Account;
  let bob: Account;
  let eve: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    [ann, bob, eve] = await Promise.all([signUp(app, 'Ann'), signUp(app, 'Bob'), signUp(app, 'Eve')]);
  });
  afterAll(() => app.stop());

  /** Names are unique, so that mails tell which organization they come from. */
  const names = new Map<string, string>();
  const found = async (owner = ann, name = `Acme ${names.size}.`) => {
    const { id } = expected(201, await owner.user<Organization>('POST', '/organization', { name }));
    names.set(id, name);
    return id;
  };
  const invite = (organizationId: string, email: string, role = 'developer', by = ann) =>
    by.user<Invitation>('POST', `/organization/${organizationId}/invitation`, { email, role });
  /** The token in the first, second, … mail that an organization sends to an address. */
  const tokenOf = async (organizationId: string, email: string, nth = 1) =>
    tokenIn(
      await eventually(
        () =>
          app.mail.mails
            .filter(
              ({ to, mail: { text = '' } }) =>
                to.includes(email) && text.includes('invitation#') && text.includes(names.get(organizationId)!),
            )
            .map(({ mail }) => mail)[nth - 1],
        { what: `mail ${nth} to ${email}` },
      ),
    );
  const join = async (organizationId: string, guest: Account, role = 'developer', host = ann) => {
    expected(201, await invite(organizationId, guest.email, role, host));
    expected(200, await guest.user('POST', '/invitation/accept', { token: await tokenOf(organizationId, guest.email) }));
  };
  const memberOf = async (organizationId: string, userId: string, asked = ann) =>
    asked.user<Member>('GET', `/organization/${organizationId}/member/${userId}`);
  const codes = (replies: { status: number; body: Record<string, unknown> | undefined }[]) =>
    replies.map(({ status, body }) => (status < 300 ? status : `${status} ${String(body?.['code'])}`)).sort();

  describe('as such', () => {
    it('are made by people, who then own them', async () => {
      const made = expected(201, await ann.user<Organization>('POST', '/organization', { name: ' Tyrell Corporation ' }));
      expect(made).toMatchObject({ id: expect.stringMatching(/^org_/), name: 'Tyrell Corporation', role: 'owner', deletedAt: null });
      expect(expected(200, await ann.user('GET', `/organization/${made.id}`))).toEqual(made);
      const { data } = expected(200, await ann.user<Page<Organization>>('GET', '/organization'));
      expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining([ann.organizationId, made.id]));
    });

    it('are listed in pages, in both orders', async () => {
      const carol = await signUp(app, 'Carol');
      const ids = [carol.organizationId, await found(carol, 'One'), await found(carol, 'Two')];
      const first = expected(200, await carol.user<Page<Organization>>('GET', '/organization?limit=2'));
      const second = expected(200, await carol.user<Page<Organization>>('GET', `/organization?limit=2&iterator=${first.iterator!}`));
      expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
      expect([first.done, second.done]).toEqual([false, true]);
      const last = expected(200, await carol.user<Page<Organization>>('GET', '/organization?limit=1&order=descending'));
      expect(last.data.map(({ id }) => id)).toEqual(ids.slice(-1));
    });

    it('are renamed by admins', async () => {
      const id = await found();
      await join(id, bob, 'admin');
      await join(id, eve, 'developer');
      expect(await bob.user('PATCH', `/organization/${id}`, { name: 'Renamed' })).toMatchObject({
        status: 200,
        body: { name: 'Renamed', role: 'admin' },
      });
      expect(await eve.user('PATCH', `/organization/${id}`, { name: 'Mine' })).toMatchObject({
        status: 403,
        body: { code: 'insufficient_permission' },
      });
    });

    it('of others do not exist, whatever is done to them', async () => {
      const id = await found();
      const replies = await Promise.all([
        eve.user('GET', `/organization/${id}`),
        eve.user('PATCH', `/organization/${id}`, { name: 'Mine' }),
        eve.user('DELETE', `/organization/${id}`),
        eve.user('POST', `/organization/${id}/restore`),
        eve.user('POST', `/organization/${id}/leave`),
        eve.user('POST', `/organization/${id}/transfer`, { userId: eve.userId }),
        eve.user('GET', `/organization/${id}/member`),
        eve.user('GET', `/organization/${id}/member/${ann.userId}`),
        eve.user('PATCH', `/organization/${id}/member/${ann.userId}`, { role: 'viewer' }),
        eve.user('DELETE', `/organization/${id}/member/${ann.userId}`),
        eve.user('GET', `/organization/${id}/invitation`),
        eve.user('POST', `/organization/${id}/invitation`, { email: eve.email, role: 'admin' }),
      ]);
      expect(new Set(codes(replies))).toEqual(new Set(['404 not_found']));
      expect(expected(200, await ann.user<Organization>('GET', `/organization/${id}`)).name).toBe(names.get(id));
    });

    it.each(STRANGE_IDS)('have no id like %s', async (id) => {
      for (const path of [`/organization/${id}`, `/organization/${id}/member`]) {
        expect([404, 422]).toContain((await ann.user('GET', path)).status);
      }
      for (const path of ['member', 'invitation']) {
        expect([404, 405, 422]).toContain((await ann.user('DELETE', `/organization/${ann.organizationId}/${path}/${id}`)).status);
      }
    });

    it.each<[object]>([
      [{}],
      [{ name: '' }],
      [{ name: 'x'.repeat(101) }],
      [{ name: 7 }],
      [{ name: { a: 1 } }],
      [{ name: null }],
      [{ name: 'a', id: 'org_1' }],
      [{ name: 'a', role: 'owner' }],
      [{ name: 'a', deletedAt: null }],
      [{ name: 'a', founderUserId: 'user_1' }],
      [JSON.parse('{"name":"a","__proto__":{"admin":true}}') as object],
      [{ name: 'a', constructor: {} }],
    ])('are not made of %j', async (body) => {
      for (const reply of [
        await ann.user('POST', '/organization', body),
        await ann.user('PATCH', `/organization/${ann.organizationId}`, body),
      ])
        expect(reply).toMatchObject({ status: 422, body: { code: 'validation_error' } });
    });
  });

  describe('have members', () => {
    it('who see each other', async () => {
      const id = await found();
      await join(id, bob, 'viewer');
      const { data } = expected(200, await bob.user<Page<Member>>('GET', `/organization/${id}/member`));
      expect(data.map(({ id: userId, name, email, role }) => ({ userId, name, email, role }))).toEqual(
        expect.arrayContaining([
          { userId: ann.userId, name: 'Ann', email: ann.email, role: 'owner' },
          { userId: bob.userId, name: 'Bob', email: bob.email, role: 'viewer' },
        ]),
      );
      const page = expected(200, await bob.user<Page<Member>>('GET', `/organization/${id}/member?limit=1`));
      const next = expected(200, await bob.user<Page<Member>>('GET', `/organization/${id}/member?limit=1&iterator=${page.iterator!}`));
      expect([...page.data, ...next.data]).toEqual(data);
    });

    it('whose new role holds within 2 seconds, in another process as well', async () => {
      const other = { http: await startTestApi(app.environment) };
      try {
        const id = await found();
        await join(id, bob, 'admin');
        const there = callerOf(other, bob.accessToken);
        const rename = () => there('PATCH', `/organization/${id}`, { name: 'Again' });
        expect((await rename()).status).toBe(200);
        expect(await ann.user('PATCH', `/organization/${id}/member/${bob.userId}`, { role: 'viewer' })).toMatchObject({
          status: 200,
          body: { id: bob.userId, role: 'viewer' },
        });
        await eventually(async () => (await rename()).status === 403, { within: 2_500 });
        expect((await ann.user('DELETE', `/organization/${id}/member/${bob.userId}`)).status).toBe(204);
        await eventually(async () => (await there('GET', `/organization/${id}`)).status === 404, { within: 2_500 });
      } finally {
        await other.http.close();
      }
    });

    it('who may leave, the owner excepted', async () => {
      const id = await found();
      await join(id, bob, 'viewer');
      expect((await bob.user('POST', `/organization/${id}/leave`)).status).toBe(204);
      expect((await memberOf(id, bob.userId)).status).toBe(404);
      for (const [method, path] of [
        ['POST', 'leave'],
        ['DELETE', `member/${ann.userId}`],
      ] as const) {
        expect(await ann.user(method, `/organization/${id}/${path}`)).toMatchObject({ status: 409, body: { code: 'owner_must_transfer' } });
      }
    });

    it('of whom one is the owner, until that is handed over', async () => {
      const id = await found();
      await join(id, bob, 'admin');
      expect(await bob.user('PATCH', `/organization/${id}/member/${ann.userId}`, { role: 'viewer' })).toMatchObject({
        status: 409,
        body: { code: 'owner_is_fixed' },
      });
      expect(await bob.user('POST', `/organization/${id}/transfer`, { userId: bob.userId })).toMatchObject({ status: 403 });
      expect(await ann.user('POST', `/organization/${id}/transfer`, { userId: eve.userId })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
      expect(await ann.user('POST', `/organization/${id}/transfer`, { userId: bob.userId })).toMatchObject({
        status: 200,
        body: { role: 'admin' },
      });
      expect((await memberOf(id, bob.userId)).body.role).toBe('owner');
    });

    it('never two owners, and never none, however many hand over at once', async () => {
      const id = await found();
      await join(id, bob);
      await join(id, eve);
      const replies = await Promise.all(
        [bob, eve, bob, eve].map(({ userId }) => ann.user('POST', `/organization/${id}/transfer`, { userId })),
      );
      for (const code of codes(replies)) expect([200, '409 concurrent_change', '403 insufficient_permission']).toContain(code);
      expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
      const { data } = expected(200, await ann.user<Page<Member>>('GET', `/organization/${id}/member`));
      expect(data.filter(({ role }) => role === 'owner')).toHaveLength(1);
    });

    it('who are removed or changed, not both', async () => {
      const id = await found();
      await join(id, bob, 'viewer');
      const path = `/organization/${id}/member/${bob.userId}`;
      const replies = await Promise.all([ann.user('DELETE', path), ann.user('PATCH', path, { role: 'admin' }), ann.user('DELETE', path)]);
      for (const code of codes(replies)) expect([200, 204, '404 not_found', '409 concurrent_change']).toContain(code);
      const removed = replies.some(({ status }) => status === 204);
      expect((await memberOf(id, bob.userId)).status).toBe(removed ? 404 : 200);
    });

    it.each<[object]>([
      [{}],
      [{ role: 'owner' }],
      [{ role: 'root' }],
      [{ role: ['admin'] }],
      [{ role: 'admin', userId: 'user_1' }],
      [{ role: 'admin', organizationId: 'org_1' }],
    ])('whose role is not changed by %j', async (body) => {
      expect(await ann.user('PATCH', `/organization/${ann.organizationId}/member/${ann.userId}`, body)).toMatchObject({ status: 422 });
    });

    it.each<[object]>([
      [{}],
      [{ userId: '' }],
      [{ userId: null }],
      [{ userId: [] }],
      [{ userId: { a: 1 } }],
      [{ userId: '\u0000' }],
      [{ userId: 'user_1', role: 'owner' }],
    ])('to whom nothing is handed over by %j', async (body) => {
      expect(await ann.user('POST', `/organization/${ann.organizationId}/transfer`, body)).toMatchObject({ status: 422 });
      expect((await memberOf(ann.organizationId, ann.userId)).body.role).toBe('owner');
    });

    it.each(['?limit[$gt]=1', '?limit=0', '?limit=-1', '?limit=1e9', '?iterator=%00', '?order=sideways'])(
      'who are not listed by %s',
      async (query) => {
        for (const path of ['member', 'invitation']) {
          expect((await ann.user('GET', `/organization/${ann.organizationId}/${path}${query}`)).status).toBe(422);
        }
      },
    );
  });

  describe('invite', () => {
    it('people by mail, who then belong to them', async () => {
      const id = await found();
      const made = expected(201, await invite(id, ` ${bob.email.toUpperCase()} `, 'admin'));
      expect(made).toMatchObject({ id: expect.stringMatching(/^inv_/), email: bob.email, role: 'admin', invitedBy: ann.userId });
      expect(JSON.stringify(made)).not.toMatch(/token/i);
      expect(expected(200, await ann.user<Page<Invitation>>('GET', `/organization/${id}/invitation`)).data).toEqual([made]);
      const token = await tokenOf(id, bob.email);
      expect(await bob.user('POST', '/invitation/accept', { token })).toMatchObject({ status: 200, body: { id, role: 'admin' } });
      expect(await bob.user('POST', '/invitation/accept', { token })).toMatchObject({ status: 422, body: { code: 'invitation_invalid' } });
      expect(expected(200, await ann.user<Page<Invitation>>('GET', `/organization/${id}/invitation`)).data).toEqual([]);
      expect(await invite(id, bob.email)).toMatchObject({ status: 409, body: { code: 'already_member' } });
    });

    it('by tokens that nobody else can use, and says the same of all that are not good', async () => {
      const id = await found();
      expected(201, await invite(id, bob.email));
      const { id: revoked } = expected(201, await invite(id, `gone.${eve.email}`));
      const [token, dead] = [await tokenOf(id, bob.email), await tokenOf(id, `gone.${eve.email}`)];
      expect((await ann.user('DELETE', `/organization/${id}/invitation/${revoked}`)).status).toBe(204);
      const replies = await Promise.all(
        [token, dead, 'unknown', 'x'.repeat(200), '\u0000'].map((each) => eve.user('POST', '/invitation/accept', { token: each })),
      );
      expect(new Set(replies.map(({ status, body }) => JSON.stringify([status, body['code'], body['detail']]))).size).toBe(1);
      expect(replies[0]).toMatchObject({ status: 422, body: { code: 'invitation_invalid' } });
      expect((await bob.user('POST', '/invitation/accept', { token })).status).toBe(200);
    });

    it('an address once, and again by sending the invitation again', async () => {
      const id = await found();
      const { id: invitationId } = expected(201, await invite(id, bob.email));
      expect(await invite(id, bob.email, 'admin')).toMatchObject({ status: 409, body: { code: 'already_invited' } });
      const first = await tokenOf(id, bob.email);
      expect((await ann.user('POST', `/organization/${id}/invitation/${invitationId}/resend`)).status).toBe(202);
      const second = await tokenOf(id, bob.email, 2);
      expect((await bob.user('POST', '/invitation/accept', { token: first })).status).toBe(422);
      expect((await bob.user('POST', '/invitation/accept', { token: second })).status).toBe(200);
    });

    it('one person once, however often they accept at the same moment', async () => {
      const id = await found();
      expected(201, await invite(id, bob.email));
      const token = await tokenOf(id, bob.email);
      const replies = await Promise.all(Array.from({ length: 5 }, () => bob.user('POST', '/invitation/accept', { token })));
      expect(codes(replies)).toEqual([200, ...Array.from({ length: 4 }, () => '422 invitation_invalid')]);
    });

    it('somebody new, who then needs no organization of their own', async () => {
      const id = await found();
      const email = `new.${bob.email}`;
      expected(201, await invite(id, email, 'viewer'));
      const token = await tokenOf(id, email);
      const anybody = callerOf(app);
      expected(202, await anybody('POST', '/auth/register', { email, password: 'a long enough passphrase', name: 'New' }));
      const proof = tokenIn(await app.mail.mailTo(email, { count: 2 }));
      const { accessToken } = expected(200, await anybody<{ accessToken: string }>('POST', '/auth/verify-email', { token: proof }));
      const newcomer = callerOf(app, accessToken);
      expected(200, await newcomer('POST', '/invitation/accept', { token }));
      const { data } = expected(200, await newcomer<Page<Organization>>('GET', '/organization'));
      expect(data.map((each) => [each.id, each.role])).toEqual([[id, 'viewer']]);
    });

    it('only through their admins', async () => {
      const id = await found();
      await join(id, bob, 'developer');
      const { id: invitationId } = expected(201, await invite(id, eve.email));
      const replies = await Promise.all([
        invite(id, `more.${eve.email}`, 'viewer', bob),
        bob.user('GET', `/organization/${id}/invitation`),
        bob.user('POST', `/organization/${id}/invitation/${invitationId}/resend`),
        bob.user('DELETE', `/organization/${id}/invitation/${invitationId}`),
      ]);
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([403]));
      const foreign = `/organization/${bob.organizationId}/invitation/${invitationId}`;
      expect((await bob.user('DELETE', foreign)).status).toBe(404);
      expect((await bob.user('POST', `${foreign}/resend`)).status).toBe(404);
      expect((await ann.organization('GET', `/organization/${ann.organizationId}/invitation`)).status).toBe(403);
    });

    it.each<[object]>([
      [{}],
      [{ email: 'ann', role: 'viewer' }],
      [{ email: 'a@localhost', role: 'viewer' }],
      [{ email: 'a@b@example.com', role: 'viewer' }],
      [{ email: 'a\r\nbcc: x@example.com', role: 'viewer' }],
      [{ email: 'a\u0000@example.com', role: 'viewer' }],
      [{ email: `${'x'.repeat(330)}@example.com`, role: 'viewer' }],
      [{ email: 'ann@example.com', role: 'owner' }],
      [{ email: 'ann@example.com' }],
      [{ email: ['ann@example.com'], role: 'viewer' }],
      [{ email: 'ann@example.com', role: 'viewer', expiresAt: '2099-01-01T00:00:00Z' }],
      [{ email: 'ann@example.com', role: 'viewer', organizationId: 'org_1' }],
    ])('nobody by %j', async (body) => {
      expect(await ann.user('POST', `/organization/${ann.organizationId}/invitation`, body)).toMatchObject({ status: 422 });
    });

    it.each<[object]>([
      [{}],
      [{ token: '' }],
      [{ token: null }],
      [{ token: {} }],
      [{ token: 'x', role: 'owner' }],
      [{ token: 'x'.repeat(201) }],
    ])('and take no answer like %j', async (body) => {
      expect(await bob.user('POST', '/invitation/accept', body)).toMatchObject({ status: 422, body: { code: 'validation_error' } });
    });
  });
});
