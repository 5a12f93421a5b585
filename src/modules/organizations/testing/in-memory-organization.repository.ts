import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { Organization } from '../domain/organization';
import { AlreadyFounded } from '../domain/organization.errors';
import { OrganizationRepository } from '../domain/organization.repository';

export class InMemoryOrganizationRepository extends OrganizationRepository {
  private readonly rows = new InMemoryRows<Organization>();
  readonly events = this.rows.events;

  override async find(id: string): Promise<Organization | null> {
    return this.rows.find((organization) => organization.id === id);
  }

  override async findByFounder(userId: string): Promise<Organization | null> {
    return this.rows.find((organization) => organization.founderUserId === userId);
  }

  override async save(organization: Organization): Promise<void> {
    const { id, founderUserId } = organization;
    if (founderUserId !== null && this.rows.find((other) => other.id !== id && other.founderUserId === founderUserId))
      throw new AlreadyFounded();
    this.rows.save(organization);
  }

  override async remove(organization: Organization): Promise<void> {
    this.rows.remove(organization);
  }
}
