import { Column, Entity } from 'typeorm';
import type { Role } from '../../../platform/access/permission';
import { TenantAggregateRoot } from '../../../platform/domain/tenant-aggregate-root';

/** A user in an organization, with one role. */
@Entity('member')
export class Member extends TenantAggregateRoot<Member> {
  @Column('text') readonly userId!: string;
  @Column('text') readonly role!: Role;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static join(
    id: string,
    membership: { readonly organizationId: string; readonly userId: string; readonly role: Role },
    now: Date,
  ): Member {
    const member = new Member();
    member.assign({ id, ...membership, createdAt: now, updatedAt: now });
    return member;
  }
}
