import { FixedClock } from '../../../platform/testing/fixed-clock';
import { OrganizationClosed, OrganizationCreated, OrganizationErased } from '../organizations.events';
import { anOrganization, daysLater, NOW } from '../testing/builders';
import { InMemoryOrganizationRepository } from '../testing/in-memory-organization.repository';
import { EraseOrganization, EraseOrganizationHandler } from './erase-organization';

describe('EraseOrganization', () => {
  const organizations = new InMemoryOrganizationRepository();
  const erase = (id: string, at: Date) =>
    new EraseOrganizationHandler(organizations, new FixedClock(at)).execute(new EraseOrganization(id));
  const closed = async () => {
    const organization = anOrganization();
    organization.close(7, NOW);
    await organizations.save(organization);
    return organization;
  };

  it('waits for the end of the days of grace, then erases once', async () => {
    const { id, founderUserId } = await closed();
    expect(await erase(id, daysLater(6))).toEqual({ waitMs: 86_400_000 });
    expect(await erase(id, daysLater(7))).toBeNull();
    expect(await erase(id, daysLater(8))).toBeNull();
    const of = { organizationId: id };
    expect(organizations.events).toEqual([
      OrganizationCreated({ ...of, userId: founderUserId! }),
      OrganizationClosed(of),
      OrganizationErased(of),
    ]);
    expect(await organizations.find(id)).toBeNull();
  });

  it('leaves what was restored', async () => {
    const organization = await closed();
    organization.restore(NOW);
    await organizations.save(organization);
    expect(await erase(organization.id, daysLater(8))).toBeNull();
    expect(await organizations.find(organization.id)).not.toBeNull();
  });
});
