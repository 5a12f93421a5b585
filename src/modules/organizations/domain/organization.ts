import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import { OrganizationCreated } from '../organizations.events';

/** A tenant: the company that sends. */
@Entity('organization')
export class Organization extends AggregateRoot<Organization> {
  @EncryptedColumn() readonly name!: string;
  /** Whose first organization this is: one for each user. Null for all that people make later. */
  @Column('text', { nullable: true }) readonly founderUserId: string | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  /** Its own name is encrypted with its own key. */
  get organizationId(): string {
    return this.id;
  }

  static foundFirst(id: string, founder: { readonly userId: string; readonly name: string }, now: Date): Organization {
    const organization = new Organization();
    organization.assign({ id, name: `${founder.name}'s organization`, founderUserId: founder.userId, createdAt: now, updatedAt: now });
    organization.record(OrganizationCreated({ organizationId: id, userId: founder.userId }));
    return organization;
  }
}
