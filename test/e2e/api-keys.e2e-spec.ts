import { generateKeyPairSync } from 'node:crypto';
import { loadConfig } from '../../src/config/env';
import { byKey, forgedJwt } from '../../src/modules/auth/testing/forged-jwt';
import { Sql } from '../../src/platform/database/sql';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApi, startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';

type Key = {
  id: string;
  name: string;
  prefix: string;
  token: string;
  createdAt: string;
  expiresAt: string | null;
  scopes: string[] | null;
  lastUsedAt: string | null;
};
type Page = { data: Key[]; iterator: string | null; done: boolean };

/** Any route of an organization. */
const ROUTE = '/app';

describe('API keys', () => {
  let app: TestApp;
  let ann: Account;
  let bob: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    [ann, bob] = await Promise.all([signUp(app, 'Ann'), signUp(app, 'Bob')]);
  });
  afterAll(() => app.stop());

  const create = async (body: object = {}, account = ann) =>
    expected(201, await account.user<Key>('POST', '/api-key', { name: 'billing', ...body }));
  const statusWith = async (token: string, on: TestApp = app) => (await callerOf(on, token)('GET', ROUTE)).status;

  it('are made once, and shown once', async () => {
    const key = await create({ name: ' billing service ' });
    expect(key).toEqual({
      id: expect.stringMatching(/^key_/),
      name: 'billing service',
      prefix: 'ph_live_',
      token: expect.stringMatching(/^ph_live_[\w-]+\.[\w-]+\.[\w-]+$/),
      scopes: null,
      createdAt: expect.any(String),
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(await statusWith(key.token)).toBe(200);

    const { data } = expected(200, await ann.user<Page>('GET', '/api-key'));
    const { token, ...shown } = key;
    expect(data[0]).toEqual(shown);
    expect(JSON.stringify(data)).not.toContain(token);
  });

  it('do what their scopes say, which can be changed', async () => {
    const { id, token } = await create({ scopes: ['message.read', 'application.list'] });
    const caller = callerOf(app, token);
    expect((await caller('GET', '/app')).status).toBe(200);
    expect(await caller('POST', '/app', { name: 'x' })).toMatchObject({ status: 403, body: { code: 'insufficient_permission' } });
    const changed = expected(200, await ann.user<Key>('PATCH', `/api-key/${id}`, { scopes: ['application.write'], name: 'writer' }));
    expect(changed).toMatchObject({ id, name: 'writer', scopes: ['application.write'] });
    expect(changed).not.toHaveProperty('token');
    await eventually(async () => (await caller('GET', '/app')).status === 403, { within: 2_500 });
    expect((await caller('POST', '/app', { name: 'x' })).status).toBe(201);
    expect((await bob.user('PATCH', `/api-key/${id}`, { name: 'mine' })).status).toBe(404);
    for (const scopes of [['message.delete'], ['api_key.manage'], [], 'message.read', [7]])
      expect((await ann.user('PATCH', `/api-key/${id}`, { scopes })).status).toBe(422);
  });

  it('outlive the signing key that made them, and cannot be made by who stole it', async () => {
    const { token } = await create();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const fresh = `fresh:${privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')}`;
    const second = await startTestApi({ ...app.environment, TOKEN_KEYS: fresh });
    try {
      expect((await callerOf({ http: second }, token)('GET', ROUTE)).status).toBe(200);
    } finally {
      await second.close();
    }
    const [, payload = ''] = token.split('.');
    const { id, privateKey: stolen } = loadConfig(app.environment).keys.signing[0]!;
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(await statusWith(`ph_live_${forgedJwt({ alg: 'ES256', typ: 'ak+jwt', kid: id }, claims, byKey(stolen))}`)).toBe(401);
    expect(await statusWith(`ph_live_${forgedJwt({ alg: 'ES256', typ: 'ak+jwt', kid: 'gone' }, claims, byKey(stolen))}`)).toBe(401);
  });

  it('may be for tests', async () => {
    const { token, prefix } = await create({ environment: 'test' });
    expect(prefix).toBe('ph_test_');
    expect(token).toMatch(/^ph_test_/);
    expect(await statusWith(token)).toBe(200);
    expect(await statusWith(token.replace('ph_test_', 'ph_live_'))).toBe(401);
    expect(await statusWith(token.replace('ph_test_', ''))).toBe(401);
  });

  it('stop within 2 seconds after they are revoked, in every process', async () => {
    const other = { ...app, http: await startTestApi(app.environment) };
    try {
      const { id, token } = await create();
      expect(await statusWith(token)).toBe(200);
      expect(await statusWith(token, other)).toBe(200);
      expect((await ann.user('DELETE', `/api-key/${id}`)).status).toBe(204);
      await eventually(async () => (await statusWith(token)) === 401 && (await statusWith(token, other)) === 401, { within: 2_500 });

      const { data } = expected(200, await ann.user<Page>('GET', '/api-key'));
      expect(data.map((key) => key.id)).not.toContain(id);
      expect((await ann.user('DELETE', `/api-key/${id}`)).status).toBe(204);
    } finally {
      await other.http.close();
    }
  });

  it('stop when they expire', async () => {
    const { token, expiresAt } = await create({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect(expiresAt).not.toBeNull();
    expect(await statusWith(token)).toBe(200);
    await eventually(async () => (await statusWith(token)) === 401, { within: 5_000 });
  });

  it('leave a trace in the audit log', async () => {
    const { id } = await create();
    await ann.user('DELETE', `/api-key/${id}`);
    const entries = await app.http
      .get(Sql)
      .run('SELECT organization_id AS organization, actor_id AS actor, action FROM audit_entry WHERE object = $1 ORDER BY id', [id]);
    expect(entries).toEqual([
      { organization: ann.organizationId, actor: ann.userId, action: 'api_key.created' },
      { organization: ann.organizationId, actor: ann.userId, action: 'api_key.revoked' },
    ]);
  });

  it('are listed in pages', async () => {
    const carol = await signUp(app, 'Carol');
    for (const name of ['one', 'two']) await create({ name }, carol);
    const first = expected(200, await carol.user<Page>('GET', '/api-key?limit=2'));
    const second = expected(200, await carol.user<Page>('GET', `/api-key?limit=2&iterator=${first.iterator}`));
    expect([...first.data, ...second.data].map(({ name }) => name)).toEqual(['two', 'one', 'test']);
    expect([first.done, second.done]).toEqual([false, true]);
  });

  it('are managed by people only', async () => {
    for (const [method, path] of [
      ['GET', '/api-key'],
      ['POST', '/api-key'],
      ['PATCH', '/api-key/key_1'],
      ['DELETE', '/api-key/key_1'],
      ['GET', '/users/me'],
    ] as const) {
      expect(await ann.organization(method, path, method === 'POST' ? { name: 'more' } : undefined)).toMatchObject({
        status: 403,
        body: { code: path === '/users/me' ? 'user_required' : 'insufficient_permission' },
      });
    }
  });

  it('of others do not exist', async () => {
    const { id, token } = await create();
    const theirs = expected(200, await bob.user<Page>('GET', '/api-key'));
    expect(theirs.data.map((key) => key.id)).not.toContain(id);
    expect(await bob.user('DELETE', `/api-key/${id}`)).toMatchObject({ status: 404, body: { code: 'api_key_not_found' } });
    expect(await bob.user('DELETE', '/api-key/key_unknown')).toMatchObject({ status: 404, body: { code: 'api_key_not_found' } });
    expect(await statusWith(token)).toBe(200);
  });

  it.each<[object, (string | number)[]]>([
    [{}, ['body', 'name']],
    [{ name: '' }, ['body', 'name']],
    [{ name: 'x'.repeat(101) }, ['body', 'name']],
    [{ name: 'a', expiresAt: 'tomorrow' }, ['body', 'expiresAt']],
    [{ name: 'a', expiresAt: '2020-01-01T00:00:00Z' }, ['body', 'expiresAt']],
    [{ name: 'a', expiresAt: '+294277-01-01T00:00:00Z' }, ['body', 'expiresAt']],
    [{ name: 'a', environment: 'prod' }, ['body', 'environment']],
    [{ name: 'a', organizationId: 'org_2' }, ['body']],
  ])('are not made of %j', async (body, loc) => {
    const reply = await ann.user<{ detail: { loc: unknown }[] }>('POST', '/api-key', body);
    expect(reply.status).toBe(422);
    expect(reply.body.detail.map((problem) => problem.loc)).toEqual([loc]);
  });

  it.each(['%00', '..%2f..', '%F0%9F%98%80', 'x'.repeat(300)])('have no id like %s', async (id) => {
    expect([404, 422]).toContain((await ann.user('DELETE', `/api-key/${id}`)).status);
  });
});
