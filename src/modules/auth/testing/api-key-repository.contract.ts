import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import type { ApiKeyRepository } from '../domain/api-key.repository';
import { anApiKey, NOW } from './builders';

export function apiKeyRepositoryContract(open: () => ApiKeyRepository): void {
  const saved = async () => {
    const apiKey = anApiKey({ name: 'billing 🎷', expiresAt: new Date('2027-01-01T00:00:00Z') });
    await open().save(apiKey);
    return apiKey;
  };

  it('finds what was saved', async () => {
    const { id, organizationId, expiresAt } = await saved();
    expect(await open().find(organizationId, id)).toMatchObject({
      id,
      organizationId,
      name: 'billing 🎷',
      expiresAt,
      revokedAt: null,
      createdAt: NOW,
    });
  });

  it("does not find another organization's key", async () => {
    const { id } = await saved();
    expect(await open().find(newId('org'), id)).toBeNull();
  });

  it('keeps a revocation', async () => {
    const { id, organizationId } = await saved();
    const apiKey = await open().find(organizationId, id);
    apiKey!.revoke(NOW);
    await open().save(apiKey!);
    expect(await open().find(organizationId, id)).toMatchObject({ revokedAt: NOW });
  });

  it('refuses to overwrite a change made meanwhile', async () => {
    const { id, organizationId } = await saved();
    const [mine, theirs] = [await open().find(organizationId, id), await open().find(organizationId, id)];
    theirs!.revoke(NOW);
    await open().save(theirs!);
    mine!.revoke(NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
  });
}
