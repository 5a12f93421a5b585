import { OrganizationClosed, OrganizationRestored, OrganizationUpdated } from '../organizations.events';
import { anOrganization, daysLater, NOW } from '../testing/builders';

describe('Organization', () => {
  const known = () => {
    const organization = anOrganization();
    organization.pullEvents();
    return organization;
  };

  it('tells of a new name, and not of the same', () => {
    const organization = known();
    organization.rename(organization.name, NOW);
    expect(organization.pullEvents()).toEqual([]);
    organization.rename('Other', NOW);
    expect(organization.pullEvents()).toEqual([OrganizationUpdated({ organizationId: organization.id })]);
  });

  it('can be restored while its days of grace last', () => {
    const organization = known();
    organization.close(7, NOW);
    organization.close(7, daysLater(3));
    expect(organization).toMatchObject({ deletedAt: NOW, eraseAt: daysLater(7) });
    organization.restore(NOW);
    organization.restore(NOW);
    expect(organization).toMatchObject({ deletedAt: null, eraseAt: null });
    const { id: organizationId } = organization;
    expect(organization.pullEvents()).toEqual([OrganizationClosed({ organizationId }), OrganizationRestored({ organizationId })]);
  });
});
