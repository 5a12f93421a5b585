import { openTestStore, type TestStore } from '../../../../test/support/store';
import type { PageRequest } from '../../../platform/http/list-page';
import { newId } from '../../../platform/ids/id';
import { ApiKey, type NewApiKey } from '../domain/api-key';
import { GetValidApiKey, GetValidApiKeyHandler } from '../queries/get-valid-api-key';
import { ListApiKeys, ListApiKeysHandler } from '../queries/list-api-keys';
import { apiKeyRepositoryContract } from '../testing/api-key-repository.contract';
import { anApiKey, NOW } from '../testing/builders';
import { ApiKeyUsage } from './api-key-usage';
import { TypeOrmApiKeyRepository } from './typeorm-api-key.repository';

describe('API keys in PostgreSQL', () => {
  let db: TestStore;
  let apiKeys: TypeOrmApiKeyRepository;

  beforeAll(async () => {
    db = await openTestStore(ApiKey);
    apiKeys = new TypeOrmApiKeyRepository(db.store);
  });
  afterAll(() => db.close());

  const saved = async (changes: Partial<NewApiKey> = {}) => {
    const apiKey = anApiKey(changes);
    await apiKeys.save(apiKey);
    return apiKey;
  };

  describe('TypeOrmApiKeyRepository', () => {
    apiKeyRepositoryContract(() => apiKeys);
  });

  describe('GetValidApiKey', () => {
    const valid = (id: string, environment: 'live' | 'test' = 'live') =>
      new GetValidApiKeyHandler(db.sql).execute(new GetValidApiKey(id, environment));

    it('knows the organization of a key, in its environment only', async () => {
      const { id, organizationId } = await saved();
      expect(await valid(id)).toEqual({ organizationId, scopes: null, tokenHash: null });
      expect(await valid(id, 'test')).toBeNull();
      expect(await valid('key_unknown')).toBeNull();
    });

    it('refuses what was revoked or has expired', async () => {
      const revoked = await saved();
      revoked.revoke(NOW);
      await apiKeys.save(revoked);
      expect(await valid(revoked.id)).toBeNull();

      const expired = await saved({ expiresAt: new Date(NOW.getTime() + 1) });
      await db.sql.run(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [expired.id]);
      expect(await valid(expired.id)).toBeNull();
    });
  });

  describe('ApiKeyUsage', () => {
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
    const usedAt = async (id: string) =>
      (await db.sql.run<{ at: Date | null }>('SELECT last_used_at AS at FROM api_key WHERE id = $1', [id]))[0]!.at;

    it('writes the last use of all keys together, and never an older one', async () => {
      const [one, two] = [await saved(), await saved()];
      let now = at(5);
      const usage = new ApiKeyUsage(db.sql, { now: () => now });
      usage.note(one.id);
      usage.note(two.id);
      now = at(9);
      usage.note(one.id);
      expect(await usedAt(one.id)).toBeNull();
      await usage.write();
      expect([await usedAt(one.id), await usedAt(two.id)]).toEqual([at(9), at(5)]);
      const late = new ApiKeyUsage(db.sql, { now: () => at(7) });
      late.note(one.id);
      late.note('key_unknown');
      await late.onApplicationShutdown();
      expect(await usedAt(one.id)).toEqual(at(9));
    });
  });

  describe('ListApiKeys', () => {
    const list = (organizationId: string, page: Partial<PageRequest> = {}) =>
      new ListApiKeysHandler(db.sql, db.cipher).execute(
        new ListApiKeys(organizationId, { limit: 50, iterator: null, order: 'descending', ...page }),
      );

    it('shows the keys of one organization that are not revoked, newest first, without tokens', async () => {
      const organizationId = newId('org');
      const live = await saved({ organizationId, name: 'billing' });
      const test = await saved({ organizationId, name: 'staging', environment: 'test' });
      const revoked = await saved({ organizationId });
      revoked.revoke(NOW);
      await apiKeys.save(revoked);
      await saved();

      const { data, done } = await list(organizationId);
      expect(done).toBe(true);
      expect(data).toEqual([
        { id: test.id, name: 'staging', scopes: null, lastUsedAt: null, prefix: 'ph_test_', createdAt: NOW, expiresAt: null },
        { id: live.id, name: 'billing', scopes: null, lastUsedAt: null, prefix: 'ph_live_', createdAt: NOW, expiresAt: null },
      ]);
    });

    it('goes on where a page ended', async () => {
      const organizationId = newId('org');
      for (let i = 0; i < 3; i++) await saved({ organizationId, name: `key ${i}` });
      const first = await list(organizationId, { limit: 2 });
      const second = await list(organizationId, { limit: 2, iterator: first.iterator });
      expect([...first.data, ...second.data].map(({ name }) => name)).toEqual(['key 2', 'key 1', 'key 0']);
      expect([first.done, second.done]).toEqual([false, true]);
    });
  });
});
