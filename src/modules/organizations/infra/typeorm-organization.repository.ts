import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { Organization } from '../domain/organization';
import { AlreadyFounded } from '../domain/organization.errors';
import { OrganizationRepository } from '../domain/organization.repository';

@Injectable()
export class TypeOrmOrganizationRepository extends OrganizationRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override find(id: string): Promise<Organization | null> {
    return this.store.findOneBy(Organization, { id });
  }

  override findByFounder(userId: string): Promise<Organization | null> {
    return this.store.findOneBy(Organization, { founderUserId: userId });
  }

  override async save(organization: Organization): Promise<void> {
    await this.store.save(organization).catch(onUniqueViolation('organization_founder_user_id_key', () => new AlreadyFounded()));
  }

  override async remove(organization: Organization): Promise<void> {
    await this.store.remove(organization);
  }
}
