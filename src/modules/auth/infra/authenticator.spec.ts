import { createPublicKey } from 'node:crypto';
import type { IQuery, QueryBus } from '@nestjs/cqrs';
import { JwtService } from '@nestjs/jwt';
import { tokenHash } from '../../../platform/crypto/token-hash';
import { GetMemberships, IsOrganizationOpen } from '../../organizations';
import { IsActiveUser } from '../../users';
import { ACCESS_TOKEN, API_KEY, PORTAL_TOKEN } from '../domain/token-format';
import type { Token } from '../domain/token-signer';
import { GetValidApiKey } from '../queries/get-valid-api-key';
import { IsOpenPortal } from '../queries/is-open-portal';
import { IsOpenSession } from '../queries/is-open-session';
import { byKey, byNobody, bySecret, forgedJwt, newSigningKey } from '../testing/forged-jwt';
import type { ApiKeyUsage } from './api-key-usage';
import { Authenticator } from './authenticator';
import { JwtTokenSigner } from './jwt-token-signer';
import { SigningKeys } from './signing-keys';

const [current, previous, foreign] = ['now', 'before', 'now'].map(newSigningKey) as [Key, Key, Key];
type Key = ReturnType<typeof newSigningKey>;
const keysOf = (...signing: Key[]) => new SigningKeys({ keys: { signing, encryption: [], lookup: Buffer.alloc(0) } });
const signerOf = (...signing: Key[]) => new JwtTokenSigner(new JwtService(), keysOf(...signing));

const now = Math.floor(Date.now() / 1_000);
const access: Token = {
  type: ACCESS_TOKEN,
  claims: { sub: 'user_1', sid: 'ses_1' },
  issuedAt: new Date(now * 1_000),
  expiresAt: new Date((now + 600) * 1_000),
};
const apiKey: Token = { type: API_KEY, claims: { jti: 'key_1', env: 'live' }, issuedAt: new Date(now * 1_000), expiresAt: null };

const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'now' };
const CLAIMS = { sub: 'user_1', sid: 'ses_1', iss: 'posthorn', aud: 'posthorn-api', iat: now, exp: now + 600 };
const publicPem = createPublicKey(current.privateKey).export({ type: 'spki', format: 'pem' });

const MEMBERSHIPS = [{ organizationId: 'org_1', role: 'owner', closed: false }];

describe('Authenticator', () => {
  let answers: { active: boolean; open: boolean; apiKey: boolean; organization: boolean; hash: Buffer | null; portal: boolean };
  let asked: IQuery[];
  let noted: string[];
  const usage = { note: (id: string) => noted.push(id) } as unknown as ApiKeyUsage;
  const authenticatorOf = (bus: QueryBus, ...keys: Key[]) => new Authenticator(keysOf(...keys), signerOf(...keys), bus, usage);
  const queries = {
    execute: async (query: IQuery) => {
      asked.push(query);
      if (query instanceof IsOpenSession) return answers.open && query.sessionId === 'ses_1';
      if (query instanceof IsActiveUser) return answers.active;
      if (query instanceof GetMemberships) return MEMBERSHIPS;
      if (query instanceof GetValidApiKey)
        return answers.apiKey && query.environment === 'live'
          ? { organizationId: 'org_1', scopes: ['message.write'], tokenHash: answers.hash }
          : null;
      if (query instanceof IsOrganizationOpen) return answers.organization;
      if (query instanceof IsOpenPortal) return answers.portal;
      throw new Error('unexpected');
    },
  } as unknown as QueryBus;
  const authenticator = authenticatorOf(queries, current, previous);
  const authenticate = (authorization?: string) =>
    authenticator.authenticate({ headers: authorization === undefined ? {} : { authorization } });

  beforeEach(() => {
    answers = { active: true, open: true, apiKey: true, organization: true, hash: null, portal: true };
    noted = [];
    asked = [];
  });

  it('knows a person by an access token', async () => {
    const principal = { kind: 'user', id: 'user_1', sessionId: 'ses_1', memberships: MEMBERSHIPS };
    expect(await authenticate(`Bearer ${signerOf(current).sign(access)}`)).toEqual(principal);
    expect(await authenticate(`bearer ${signerOf(previous).sign(access)}`)).toEqual(principal);
  });

  it('knows a program by an API key', async () => {
    expect(await authenticate(`Bearer ph_live_${signerOf(current).sign(apiKey)}`)).toEqual({
      kind: 'api_key',
      id: 'key_1',
      organizationId: 'org_1',
      scopes: ['message.write'],
    });
    expect(noted).toEqual(['key_1']);
  });

  describe('an API key whose hash is stored', () => {
    const token = `ph_live_${signerOf(previous).sign(apiKey)}`;
    beforeEach(() => {
      answers.hash = tokenHash(token);
    });

    it('is good also when the key that signed it is gone', async () => {
      const later = authenticatorOf(queries, current);
      expect(await later.authenticate({ headers: { authorization: `Bearer ${token}` } })).toMatchObject({ kind: 'api_key', id: 'key_1' });
    });

    it('cannot be forged, even by who stole the signing key', async () => {
      expect(await authenticate(`Bearer ph_live_${signerOf(previous).sign(apiKey)}`)).toBeNull();
      const [head = '', body = ''] = token.split('.');
      expect(await authenticate(`Bearer ${head}.${body}.${'A'.repeat(86)}`)).toBeNull();
    });

    it('is nothing when its organization is closed', async () => {
      answers.organization = false;
      expect(await authenticate(`Bearer ${token}`)).toBeNull();
      expect(noted).toEqual([]);
    });
  });

  describe('a portal token', () => {
    const claims = { jti: 'ptk_1', org: 'org_1', app: 'app_1', capabilities: ['endpoint.read'], flags: ['beta'] };
    const portal: Token = { ...access, type: PORTAL_TOKEN, claims };

    it('is known, with what it may do', async () => {
      expect(await authenticate(`Bearer ${signerOf(current).sign(portal)}`)).toEqual({
        kind: 'portal',
        id: 'ptk_1',
        organizationId: 'org_1',
        applicationId: 'app_1',
        scopes: ['endpoint.read'],
        featureFlags: ['beta'],
      });
    });

    it('is refused when it was ended, when the organization is closed, and for ever', async () => {
      answers.portal = false;
      expect(await authenticate(`Bearer ${signerOf(current).sign(portal)}`)).toBeNull();
      answers = { ...answers, portal: true, organization: false };
      expect(await authenticate(`Bearer ${signerOf(current).sign(portal)}`)).toBeNull();
      answers.organization = true;
      expect(await authenticate(`Bearer ${signerOf(current).sign({ ...portal, expiresAt: null })}`)).toBeNull();
    });
  });

  it('refuses a good token of a user who is gone and of a key that was revoked', async () => {
    answers = { ...answers, active: false, apiKey: false };
    expect(await authenticate(`Bearer ${signerOf(current).sign(access)}`)).toBeNull();
    expect(await authenticate(`Bearer ph_live_${signerOf(current).sign(apiKey)}`)).toBeNull();
  });

  it('refuses a good token of a session that has ended', async () => {
    answers.open = false;
    expect(await authenticate(`Bearer ${signerOf(current).sign(access)}`)).toBeNull();
  });

  it('does not mix up requests that are under way at the same time', async () => {
    const who = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        authenticate(`Bearer ${signerOf(current).sign({ ...access, claims: { sub: `user_${i}`, sid: 'ses_1' } })}`),
      ),
    );
    expect(who.map((principal) => principal?.id)).toEqual(Array.from({ length: 50 }, (_, i) => `user_${i}`));
  });

  it('rejects when it could not find out: the database is away, the token may be good', async () => {
    const away = { execute: () => Promise.reject(new Error('connection terminated')) } as unknown as QueryBus;
    const blind = authenticatorOf(away, current);
    await expect(blind.authenticate({ headers: { authorization: `Bearer ${signerOf(current).sign(access)}` } })).rejects.toThrow(
      'connection terminated',
    );
  });

  const jwt = signerOf(current).sign(access);
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const keyJwt = signerOf(current).sign(apiKey);
  const forged = (header: object, claims: unknown = CLAIMS, by = byKey(current.privateKey)) =>
    forgedJwt({ ...HEADER, ...header }, claims, by);

  it.each<[string, string | undefined]>([
    ['nothing', undefined],
    ['an empty header', ''],
    ['no scheme', jwt],
    ['another scheme', `Basic ${jwt}`],
    ['two tokens', `Bearer ${jwt} ${jwt}`],
    ['the scheme twice', `Bearer Bearer ${jwt}`],
    ['alg none', `Bearer ${forged({ alg: 'none' }, CLAIMS, byNobody)}`],
    ['alg None with a signature', `Bearer ${forged({ alg: 'None' })}`],
    ['HS256 with our public key as the secret', `Bearer ${forged({ alg: 'HS256' }, CLAIMS, bySecret(publicPem))}`],
    ['HS256 with an empty secret', `Bearer ${forged({ alg: 'HS256' }, CLAIMS, bySecret(''))}`],
    ['ES384 announced', `Bearer ${forged({ alg: 'ES384' })}`],
    ["another installation's key under our kid", `Bearer ${forged({}, CLAIMS, byKey(foreign.privateKey))}`],
    [
      'an embedded key',
      `Bearer ${forged({ jwk: createPublicKey(foreign.privateKey).export({ format: 'jwk' }) }, CLAIMS, byKey(foreign.privateKey))}`,
    ],
    ...['other', '', '../../dev/null', "' OR 1=1--", '__proto__', ['now'], null, 'x'.repeat(5_000)].map((kid): [string, string] => [
      `kid ${JSON.stringify(kid).slice(0, 30)}`,
      `Bearer ${forged({ kid })}`,
    ]),
    ['no kid', `Bearer ${forged({ kid: undefined })}`],
    ...['JWT', 'ak+jwt', undefined, 7].map((typ): [string, string] => [`typ ${typ}`, `Bearer ${forged({ typ })}`]),
    ['no signature', `Bearer ${head}.${body}.`],
    ['two parts', `Bearer ${head}.${body}`],
    ['four parts', `Bearer ${jwt}.${signature}`],
    ['a changed body', `Bearer ${head}.${Buffer.from(JSON.stringify({ ...CLAIMS, sub: 'user_2' })).toString('base64url')}.${signature}`],
    ['padding', `Bearer ${jwt}==`],
    ['a line end', `Bearer ${jwt}\n`],
    ['a header that is no JSON', `Bearer x${jwt}`],
    ['one second too late', `Bearer ${forged({}, { ...CLAIMS, exp: now - 1 })}`],
    ['no expiry', `Bearer ${forged({}, { ...CLAIMS, exp: undefined })}`],
    ['expiry as text', `Bearer ${forged({}, { ...CLAIMS, exp: String(now + 600) })}`],
    ['not valid yet', `Bearer ${forged({}, { ...CLAIMS, nbf: now + 60 })}`],
    ['another audience', `Bearer ${forged({}, { ...CLAIMS, aud: 'posthorn-portal' })}`],
    ['no audience', `Bearer ${forged({}, { ...CLAIMS, aud: undefined })}`],
    ['another issuer', `Bearer ${forged({}, { ...CLAIMS, iss: 'somebody' })}`],
    ['no subject', `Bearer ${forged({}, { ...CLAIMS, sub: undefined })}`],
    ['no session', `Bearer ${forged({}, { ...CLAIMS, sid: undefined })}`],
    ['a subject that is no text', `Bearer ${forged({}, { ...CLAIMS, sub: { $ne: '' } })}`],
    ['claims that are a list', `Bearer ${forged({}, [])}`],
    ['claims that are null', `Bearer ${forged({}, null)}`],
    ['an API key without its prefix', `Bearer ${keyJwt}`],
    ['an API key with the prefix of the other environment', `Bearer ph_test_${keyJwt}`],
    ['an API key with a prefix of its own', `Bearer ph_prod_${keyJwt}`],
    ['an access token dressed as an API key', `Bearer ph_live_${jwt}`],
    ['an API key that expired', `Bearer ph_live_${signerOf(current).sign({ ...apiKey, expiresAt: new Date((now - 1) * 1_000) })}`],
  ])('refuses %s, and asks the database nothing', async (_what, authorization) => {
    expect(await authenticate(authorization)).toBeNull();
    expect(asked).toEqual([]);
  });
});
