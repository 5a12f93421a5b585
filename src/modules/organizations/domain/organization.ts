import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import {
  OrganizationClosed,
  OrganizationCreated,
  OrganizationErased,
  OrganizationRestored,
  OrganizationUpdated,
} from '../organizations.events';

type Founding = { readonly userId: string; readonly name: string };

const DAY_MS = 86_400_000;

/** A tenant: the company that sends. */
@Entity('organization')
export class Organization extends AggregateRoot<Organization> {
  @EncryptedColumn() readonly name!: string;
  /** Whose first organization this is: one for each user. Null for all that people make later. */
  @Column('text', { nullable: true }) readonly founderUserId: string | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;
  /** From here on it is closed, and can be restored until `eraseAt`. */
  @Column('timestamptz', { nullable: true }) readonly deletedAt: Date | null = null;
  @Column('timestamptz', { nullable: true }) readonly eraseAt: Date | null = null;

  /** Its own name is encrypted with its own key. */
  get organizationId(): string {
    return this.id;
  }

  static found(id: string, { userId, name }: Founding, now: Date): Organization {
    const organization = new Organization();
    organization.assign({ id, name, createdAt: now, updatedAt: now });
    organization.record(OrganizationCreated({ organizationId: id, userId }));
    return organization;
  }

  /** @param founder with their own name */
  static foundFirst(id: string, founder: Founding, now: Date): Organization {
    const organization = Organization.found(id, { ...founder, name: `${founder.name}'s organization` }, now);
    organization.assign({ founderUserId: founder.userId });
    return organization;
  }

  rename(name: string, now: Date): void {
    if (name === this.name) return;
    this.assign({ name, updatedAt: now });
    this.record(OrganizationUpdated({ organizationId: this.id }));
  }

  /** Closing again does not begin the days of grace anew. */
  close(graceDays: number, now: Date): void {
    if (this.deletedAt) return;
    this.assign({ deletedAt: now, eraseAt: new Date(now.getTime() + graceDays * DAY_MS), updatedAt: now });
    this.record(OrganizationClosed({ organizationId: this.id }));
  }

  restore(now: Date): void {
    if (!this.deletedAt) return;
    this.assign({ deletedAt: null, eraseAt: null, updatedAt: now });
    this.record(OrganizationRestored({ organizationId: this.id }));
  }

  /** Before it is removed. */
  erase(): void {
    this.record(OrganizationErased({ organizationId: this.id }));
  }
}
