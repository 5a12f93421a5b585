import { createPublicKey } from 'node:crypto';
import { loadConfig } from '../../src/config/env';
import { byKey, byNobody, bySecret, forgedJwt, newSigningKey } from '../../src/modules/auth/testing/forged-jwt';
import { Sql } from '../../src/platform/database/sql';
import { type Account, callerOf, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';

/** Its id, which refresh tokens name. */
const sessionOf = ({ refreshToken }: Account) => /ses_[0-9A-Za-z]{27}/.exec(refreshToken)![0];

describe('access', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const ROUTES = ['/users/me', '/api-key', '/app'];
  const get = (path: string, headers: Record<string, string> = {}) => app.http.inject({ url: `/api/v1${path}`, headers });

  it.each(ROUTES)('%s answers 401 without a token, and says what to do', async (path) => {
    const reply = await get(path);
    expect(reply.statusCode).toBe(401);
    expect(reply.headers).toMatchObject({
      'www-authenticate': 'Bearer',
      'content-type': expect.stringContaining('application/problem+json'),
    });
    expect(reply.json()).toMatchObject({ code: 'authentication_failed', detail: expect.stringContaining('Authorization: Bearer') });
  });

  it.each(ROUTES)('%s lets a signed-in person in', async (path) => {
    expect((await get(path, { authorization: `Bearer ${ann.accessToken}` })).statusCode).toBe(200);
  });

  it.each(['token', 'access_token', 'authorization', 'api_key'])('takes no token from the query (%s)', async (name) => {
    expect((await get(`/app?${name}=${ann.accessToken}`)).statusCode).toBe(401);
  });

  describe('a token that we did not make, or not for this', () => {
    const now = Math.floor(Date.now() / 1_000);
    const signing = () => loadConfig(app.environment).keys.signing[0]!;
    const forged = (header: object = {}, claims: object = {}, by = byKey(signing().privateKey)) =>
      forgedJwt(
        { alg: 'ES256', typ: 'at+jwt', kid: signing().id, ...header },
        { sub: ann.userId, sid: sessionOf(ann), iss: 'posthorn', aud: 'posthorn-api', iat: now, exp: now + 600, ...claims },
        by,
      );
    const publicPem = () => createPublicKey(signing().privateKey).export({ type: 'spki', format: 'pem' });

    it('is the only difference: one made by the same hand with the right words is good', async () => {
      expect((await get('/users/me', { authorization: `Bearer ${forged()}` })).statusCode).toBe(200);
    });

    it.each<[string, () => string]>([
      ['expired', () => forged({}, { exp: now - 1 })],
      ['without expiry', () => forged({}, { exp: undefined })],
      ['alg none', () => forged({ alg: 'none' }, {}, byNobody)],
      ['HS256 with our public key as the secret', () => forged({ alg: 'HS256' }, {}, bySecret(publicPem()))],
      ['unknown kid', () => forged({ kid: 'other' })],
      ['kid that names a file', () => forged({ kid: '../../../dev/null' })],
      ['kid with SQL', () => forged({ kid: "' OR '1'='1" })],
      ['foreign key', () => forged({}, {}, byKey(newSigningKey('x').privateKey))],
      ['wrong type', () => forged({ typ: 'JWT' })],
      ['type of an API key', () => forged({ typ: 'ak+jwt' })],
      ['wrong audience', () => forged({}, { aud: 'posthorn-portal' })],
      ['wrong issuer', () => forged({}, { iss: 'https://evil.example' })],
      ['unknown session', () => forged({}, { sid: `ses_${'0'.repeat(27)}` })],
      ['no session', () => forged({}, { sid: undefined })],
      ['unknown user', () => forged({}, { sub: 'user_unknown' })],
      ['unknown API key', () => `ph_live_${forged({ typ: 'ak+jwt' }, { jti: 'key_unknown', env: 'live' })}`],
      ['changed signature', () => ann.accessToken.replace(/.{6}$/, 'AAAAAA')],
      ['garbage', () => 'garbage'],
      ['7 kB of garbage', () => 'x.y.z'.repeat(1_400)],
    ])('%s: 401', async (_what, token) => {
      const reply = await get('/users/me', { authorization: `Bearer ${token()}` });
      expect(reply.statusCode).toBe(401);
      expect(reply.json()).toMatchObject({ code: 'authentication_failed' });
    });
  });

  it('ends within 2 seconds for who leaves the organization, and for who is gone', async () => {
    const eve = await signUp(app, 'Eve');
    const sql = app.http.get(Sql);
    await sql.run('DELETE FROM member WHERE user_id = $1', [eve.userId]);
    await eventually(async () => (await eve.user('GET', '/app')).status === 403, { within: 2_500 });
    expect(await eve.user('GET', '/app')).toMatchObject({ body: { code: 'no_organization' } });
    expect((await eve.user('GET', '/users/me')).status).toBe(200);
    await sql.run('DELETE FROM user_account WHERE id = $1', [eve.userId]);
    await eventually(async () => (await eve.user('GET', '/users/me')).status === 401, { within: 2_500 });
  });

  it('answers 404 for a route that does not exist, with or without a token', async () => {
    expect((await callerOf(app)('GET', '/no-such-route')).status).toBe(404);
    expect((await ann.user('GET', '/no-such-route')).status).toBe(404);
  });
});
