import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { loadConfig } from '../../src/config/env';
import { byKey, byNobody, bySecret, forgedJwt } from '../../src/modules/auth/testing/forged-jwt';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { problemOf } from '../support/refusal';

/** What attackers send in place of a token. Each is one change to a token that works, so that nothing else can be why it is refused. */
describe('hostile tokens', () => {
  let app: TestApp;
  let ann: Account;
  let portal: string;
  /** Counts the requests that a token made us send. */
  let fetched = 0;
  const trap = createServer((_request, response) => {
    fetched++;
    response.end('{}');
  });

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
    expected(201, await ann.organization('POST', '/app', { name: 'Acme', uid: 'acme' }));
    portal = expected(200, await ann.organization<{ token: string }>('POST', '/auth/app-portal-access/acme', {})).token;
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await app.stop();
    await new Promise((resolve) => trap.close(resolve));
  });

  const signing = () => loadConfig(app.environment).keys.signing[0]!;
  const now = Math.floor(Date.now() / 1_000);
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const genuine = () => JSON.parse(Buffer.from(ann.accessToken.split('.')[1]!, 'base64url').toString()) as object;
  const forged = (header: object = {}, claims: object = {}, by = byKey(signing().privateKey)) =>
    forgedJwt({ alg: 'ES256', typ: 'at+jwt', kid: signing().id, ...header }, { ...genuine(), ...claims }, by);
  const trapUrl = () => `http://127.0.0.1:${(trap.address() as { port: number }).port}/keys`;
  const get = (authorization: string | string[], path = '/users/me') =>
    app.http.inject({ url: `/api/v1${path}`, headers: { authorization } as Record<string, string> });
  const publicKey = (format: 'pem' | 'der') =>
    createPublicKey(signing().privateKey).export({ type: 'spki', format } as never) as Buffer | string;

  it('one like them, made by our key, works', async () => {
    expect((await get(`Bearer ${forged()}`)).statusCode).toBe(200);
  });

  it.each<[string, () => string]>([
    ['alg none', () => forged({ alg: 'none' }, {}, byNobody)],
    ['alg None with our signature', () => forged({ alg: 'None' })],
    ['alg of another curve', () => forged({ alg: 'ES512' })],
    ['no alg', () => forged({ alg: undefined })],
    ['HS256 with our public key in PEM', () => forged({ alg: 'HS256' }, {}, bySecret(publicKey('pem')))],
    ['HS256 with our public key in DER', () => forged({ alg: 'HS256' }, {}, bySecret(publicKey('der')))],
    ['HS256 with an empty key', () => forged({ alg: 'HS256' }, {}, bySecret(''))],
    ['its own key in the header', () => forged({ jwk: other.publicKey.export({ format: 'jwk' }) }, {}, byKey(other.privateKey))],
    ['jku to a server of theirs', () => forged({ jku: trapUrl(), kid: 'theirs' }, {}, byKey(other.privateKey))],
    ['x5u to a server of theirs', () => forged({ x5u: trapUrl(), kid: 'theirs' }, {}, byKey(other.privateKey))],
    ...['../../dev/null', "' OR 1=1--", 'unknown', '', ['test'], null, 7, {}, '__proto__'].map((kid): [string, () => string] => [
      `kid ${JSON.stringify(kid)}`,
      () => forged({ kid }),
    ]),
    ['crit that we do not know', () => forged({ crit: ['exp', 'b64'], b64: false }, { exp: now - 1 })],
    ['another key', () => forged({}, {}, byKey(other.privateKey))],
    ['a signature of zeros', () => forged({}, {}, () => Buffer.alloc(64))],
    ['no signature', () => forged({}, {}, byNobody)],
    ['four parts', () => `${forged()}.AAAA`],
    ['five parts, as encrypted ones have', () => `${forged()}.AAAA.AAAA`],
    ['JSON serialization', () => JSON.stringify({ payload: forged().split('.')[1], signatures: [] })],
    ['expired a second ago', () => forged({}, { exp: now - 1 })],
    ['no expiry', () => forged({}, { exp: undefined })],
    ['an expiry in words', () => forged({}, { exp: 'never' })],
    ['from the future', () => forged({}, { nbf: now + 600 })],
    ['another audience', () => forged({}, { aud: ['posthorn-portal'] })],
    ['another issuer', () => forged({}, { iss: 'https://evil.example' })],
    ['another person', () => forged({}, { sub: 'user_other' })],
    ['a person that is an object', () => forged({}, { sub: { $ne: '' } })],
    ['a session that is a list', () => forged({}, { sid: ['ses_1'] })],
    ['a session with NUL', () => forged({}, { sid: 'ses_\u0000' })],
    ['no type', () => forged({ typ: undefined })],
    ['the type of an API key', () => forged({ typ: 'ak+jwt' })],
    ['the type of a portal token', () => forged({ typ: 'pt+jwt' })],
    ['a refresh token', () => ann.refreshToken],
    ['an API key without its prefix', () => ann.apiKey.replace('ph_live_', '')],
    ['an access token with the prefix of an API key', () => `ph_live_${ann.accessToken}`],
    ['an API key for tests that is live', () => ann.apiKey.replace('ph_live_', 'ph_test_')],
    ['a portal token with the prefix of an API key', () => `ph_live_${portal}`],
    ['the token twice', () => `${ann.accessToken} ${ann.accessToken}`],
    ['the scheme twice', () => `Bearer ${ann.accessToken}`],
    ['12 kB', () => `${ann.accessToken}${'A'.repeat(12_000)}`],
  ])('refuses %s', async (_what, token) => {
    const problem = problemOf(await get(`Bearer ${token()}`));
    expect([problem.status, problem.code]).toEqual([401, 'authentication_failed']);
    expect(fetched).toBe(0);
  });

  it('refuses padding and line ends, which are other spellings of a good token', async () => {
    for (const spelled of [
      `Bearer ${ann.accessToken}=`,
      `Bearer ${ann.accessToken}==`,
      `Bearer  ${ann.accessToken}`,
      `Basic ${ann.accessToken}`,
    ])
      expect((await get(spelled)).statusCode).toBe(401);
  });

  it.each(['access_token', 'token', 'authorization', 'key'])('takes none from the query as %s', async (name) => {
    const reply = await app.http.inject({ url: `/api/v1/users/me?${name}=${ann.accessToken}` });
    expect(reply.statusCode).toBe(401);
  });

  it.each([{ jti: 'key_\u0000' }, { jti: '\ud800' }, { jti: '' }, { jti: { $ne: '' } }, { jti: 'key_unknown', env: 'prod' }, {}])(
    'survives an API key that nobody signed and that says %j',
    async (claims) => {
      const nobodys = forgedJwt({ alg: 'ES256', typ: 'ak+jwt', kid: 'gone' }, { env: 'live', ...claims }, () => Buffer.alloc(64, 1));
      expect((await get(`Bearer ph_live_${nobodys}`)).statusCode).toBe(401);
    },
  );

  it.each([{ sid: 'ses_\u0000' }, { sid: '\ud800' }, { sub: 'x'.repeat(8_000) }])('survives well-signed nonsense: %j', async (claims) => {
    expect((await get(`Bearer ${forged({}, claims)}`)).statusCode).toBe(401);
  });
});
