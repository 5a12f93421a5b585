import { AlreadyFounded } from '../domain/organization.errors';
import type { OrganizationRepository } from '../domain/organization.repository';
import { anOrganization } from './builders';

export function organizationRepositoryContract(open: () => OrganizationRepository): void {
  it('finds the first organization of a user', async () => {
    const { id, founderUserId } = await saved({ name: 'Жанна 🎷' });
    expect(await open().findByFounder(founderUserId!)).toMatchObject({ id, name: "Жанна 🎷's organization", version: 1 });
    expect(await open().findByFounder('user_unknown')).toBeNull();
  });

  it('keeps one first organization for each user', async () => {
    const { founderUserId } = await saved();
    await expect(saved({ userId: founderUserId! })).rejects.toThrow(AlreadyFounded);
  });

  async function saved(of: Parameters<typeof anOrganization>[0] = {}) {
    const organization = anOrganization(of);
    await open().save(organization);
    return organization;
  }
}
