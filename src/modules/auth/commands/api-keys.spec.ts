// Declares the permissions that are scopes.
import '../../webhooks';
import { tokenHash } from '../../../platform/crypto/token-hash';
import { InvalidField } from '../../../platform/errors/domain-error';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import type { NewApiKey } from '../domain/api-key';
import { ApiKeyNotFound } from '../domain/auth.errors';
import { NOW } from '../testing/builders';
import { InMemoryApiKeyRepository } from '../testing/in-memory-api-key.repository';
import { ReadableTokenSigner } from '../testing/readable-token-signer';
import { ChangeApiKey, ChangeApiKeyHandler } from './change-api-key';
import { CreateApiKey, CreateApiKeyHandler } from './create-api-key';
import { RevokeApiKey, RevokeApiKeyHandler } from './revoke-api-key';

describe('API keys', () => {
  const clock = new FixedClock(NOW);
  let apiKeys: InMemoryApiKeyRepository;
  const create = (changes: Partial<NewApiKey> = {}) =>
    new CreateApiKeyHandler(apiKeys, new ReadableTokenSigner(), clock).execute(
      new CreateApiKey({ organizationId: 'org_1', name: 'billing', scopes: null, environment: 'live', expiresAt: null, ...changes }),
    );
  const revoke = (organizationId: string, id: string) =>
    new RevokeApiKeyHandler(apiKeys, clock).execute(new RevokeApiKey(organizationId, id));

  beforeEach(() => {
    apiKeys = new InMemoryApiKeyRepository();
  });

  it('hands out a token that names the key, and stores none', async () => {
    const { id, token, ...rest } = await create();
    expect(id).toMatch(/^key_/);
    expect(rest).toEqual({ name: 'billing', scopes: null, lastUsedAt: null, prefix: 'ph_live_', createdAt: NOW, expiresAt: null });
    expect(token).toMatch(/^ph_live_/);
    expect(ReadableTokenSigner.read(token.slice('ph_live_'.length))).toMatchObject({ type: 'ak+jwt', claims: { jti: id, env: 'live' } });
    const stored = await apiKeys.find('org_1', id);
    expect(stored!.tokenHash).toEqual(tokenHash(token));
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(apiKeys.events).toEqual([{ type: 'api_key.created', payload: { apiKeyId: id } }]);
  });

  it('puts the expiry into the token too', async () => {
    const expiresAt = new Date(NOW.getTime() + 1_000);
    const { token } = await create({ environment: 'test', expiresAt });
    expect(ReadableTokenSigner.read(token.slice('ph_test_'.length))).toMatchObject({
      claims: { env: 'test', exp: expiresAt.getTime() / 1_000 },
    });
  });

  it('refuses an expiry that is over', async () => {
    await expect(create({ expiresAt: NOW })).rejects.toThrow(InvalidField);
  });

  it('has the scopes that it is given, each once, and no others', async () => {
    const { scopes } = await create({ scopes: ['message.write', 'endpoint.read', 'message.write'] });
    expect(scopes).toEqual(['endpoint.read', 'message.write']);
    for (const wrong of ['message.delete', 'api_key.manage', '__proto__', ''])
      await expect(create({ scopes: [wrong] })).rejects.toThrow(InvalidField);
  });

  it('is changed, and says which fields', async () => {
    const { id } = await create();
    const change = (changes: ChangeApiKey['changes'], organizationId = 'org_1') =>
      new ChangeApiKeyHandler(apiKeys, clock).execute(new ChangeApiKey(organizationId, id, changes));
    await change({ scopes: ['message.write'], name: undefined });
    expect(await apiKeys.find('org_1', id)).toMatchObject({ name: 'billing', scopes: ['message.write'] });
    expect(apiKeys.events.at(-1)).toEqual({ type: 'api_key.updated', payload: { apiKeyId: id, fields: ['scopes'] } });
    await change({ name: 'other', scopes: null });
    expect(await apiKeys.find('org_1', id)).toMatchObject({ name: 'other', scopes: null });
    await expect(change({ scopes: ['nothing'] })).rejects.toThrow(InvalidField);
    await expect(change({ name: 'mine' }, 'org_2')).rejects.toThrow(ApiKeyNotFound);
    await revoke('org_1', id);
    await expect(change({ name: 'gone' })).rejects.toThrow(ApiKeyNotFound);
  });

  it('is revoked once', async () => {
    const { id } = await create();
    await revoke('org_1', id);
    await revoke('org_1', id);
    expect(await apiKeys.find('org_1', id)).toMatchObject({ revokedAt: NOW });
    expect(apiKeys.events.map(({ type }) => type)).toEqual(['api_key.created', 'api_key.revoked']);
  });

  it("does not revoke another organization's key", async () => {
    const { id } = await create();
    await expect(revoke('org_2', id)).rejects.toThrow(ApiKeyNotFound);
    expect(await apiKeys.find('org_1', id)).toMatchObject({ revokedAt: null });
  });
});
