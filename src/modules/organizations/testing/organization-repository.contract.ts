import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { AlreadyFounded } from '../domain/organization.errors';
import type { OrganizationRepository } from '../domain/organization.repository';
import { anOrganization, daysLater, NOW } from './builders';

export function organizationRepositoryContract(open: () => OrganizationRepository): void {
  it('finds the first organization of a user', async () => {
    const { id, founderUserId } = await saved({ name: 'Жанна 🎷' });
    expect(await open().findByFounder(founderUserId!)).toMatchObject({ id, name: "Жанна 🎷's organization", version: 1 });
    expect(await open().find(id)).toMatchObject({ id, deletedAt: null, eraseAt: null });
    expect(await open().findByFounder('user_unknown')).toBeNull();
    expect(await open().find('org_unknown')).toBeNull();
  });

  it('keeps one first organization for each user', async () => {
    const { founderUserId } = await saved();
    await expect(saved({ userId: founderUserId! })).rejects.toThrow(AlreadyFounded);
  });

  it('removes an organization once', async () => {
    const { id } = await saved();
    const organization = (await open().find(id))!;
    organization.close(2, NOW);
    await open().save(organization);
    expect(await open().find(id)).toMatchObject({ deletedAt: NOW, eraseAt: daysLater(2) });
    await open().remove(organization);
    expect(await open().find(id)).toBeNull();
    await expect(open().remove(organization)).rejects.toThrow(ConcurrentChange);
  });

  it('does not remove what was restored meanwhile', async () => {
    const { id } = await saved();
    const [mine, theirs] = [await open().find(id), await open().find(id)];
    theirs!.rename('Restored', NOW);
    await open().save(theirs!);
    await expect(open().remove(mine!)).rejects.toThrow(ConcurrentChange);
    expect(await open().find(id)).toMatchObject({ name: 'Restored' });
  });

  async function saved(of: Parameters<typeof anOrganization>[0] = {}) {
    const organization = anOrganization(of);
    await open().save(organization);
    return organization;
  }
}
