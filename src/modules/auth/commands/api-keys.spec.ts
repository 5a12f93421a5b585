import { InvalidField } from '../../../platform/errors/domain-error';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import type { NewApiKey } from '../domain/api-key';
import { ApiKeyNotFound } from '../domain/auth.errors';
import { NOW } from '../testing/builders';
import { InMemoryApiKeyRepository } from '../testing/in-memory-api-key.repository';
import { ReadableTokenSigner } from '../testing/readable-token-signer';
import { CreateApiKey, CreateApiKeyHandler } from './create-api-key';
import { RevokeApiKey, RevokeApiKeyHandler } from './revoke-api-key';

describe('API keys', () => {
  const clock = new FixedClock(NOW);
  let apiKeys: InMemoryApiKeyRepository;
  const create = (changes: Partial<NewApiKey> = {}) =>
    new CreateApiKeyHandler(apiKeys, new ReadableTokenSigner(), clock).execute(
      new CreateApiKey({ organizationId: 'org_1', name: 'billing', environment: 'live', expiresAt: null, ...changes }),
    );
  const revoke = (organizationId: string, id: string) =>
    new RevokeApiKeyHandler(apiKeys, clock).execute(new RevokeApiKey(organizationId, id));

  beforeEach(() => {
    apiKeys = new InMemoryApiKeyRepository();
  });

  it('hands out a token that names the key, and stores none', async () => {
    const { id, token, ...rest } = await create();
    expect(id).toMatch(/^key_/);
    expect(rest).toEqual({ name: 'billing', prefix: 'ph_live_', createdAt: NOW, expiresAt: null });
    expect(token).toMatch(/^ph_live_/);
    expect(ReadableTokenSigner.read(token.slice('ph_live_'.length))).toMatchObject({ type: 'ak+jwt', claims: { jti: id, env: 'live' } });
    expect(JSON.stringify(await apiKeys.find('org_1', id))).not.toContain(token);
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
