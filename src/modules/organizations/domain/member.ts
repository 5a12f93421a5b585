import { Column, Entity } from 'typeorm';
import { TenantAggregateRoot } from '../../../platform/domain/tenant-aggregate-root';
import { MemberJoined, MemberRemoved, MemberRoleChanged, OwnershipTransferred } from '../organizations.events';
import { OwnerIsFixed, OwnerMustTransfer } from './organization.errors';

/** Roles that are given; `owner` is handed over. */
export type GrantedRole = 'admin' | 'developer' | 'viewer';

type Belonging = { readonly organizationId: string; readonly userId: string };

/** A user in an organization, with one role. Every organization has one owner, always. */
@Entity('member')
export class Member extends TenantAggregateRoot<Member> {
  @Column('text') readonly userId!: string;
  @Column('text') readonly role!: GrantedRole | 'owner';
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  /** The event of the new organization speaks for its owner. */
  static own(id: string, belonging: Belonging, now: Date): Member {
    const member = new Member();
    member.assign({ id, ...belonging, role: 'owner', createdAt: now, updatedAt: now });
    return member;
  }

  static join(id: string, { role, ...belonging }: Belonging & { readonly role: GrantedRole }, now: Date): Member {
    const member = new Member();
    member.assign({ id, ...belonging, role, createdAt: now, updatedAt: now });
    member.record(MemberJoined(belonging));
    return member;
  }

  /** @throws OwnerIsFixed */
  changeRole(role: GrantedRole, now: Date): void {
    if (this.role === 'owner') throw new OwnerIsFixed();
    if (this.role === role) return;
    this.assign({ role, updatedAt: now });
    this.record(MemberRoleChanged({ organizationId: this.organizationId, userId: this.userId }));
  }

  /** Before the row is removed. @throws OwnerMustTransfer */
  leave(): void {
    if (this.role === 'owner') throw new OwnerMustTransfer();
    this.record(MemberRemoved({ organizationId: this.organizationId, userId: this.userId }));
  }

  /** Both are to be saved in one transaction, this one first. */
  handOverTo(heir: Member, now: Date): void {
    this.assign({ role: 'admin', updatedAt: now });
    heir.assign({ role: 'owner', updatedAt: now });
    heir.record(OwnershipTransferred({ organizationId: this.organizationId, userId: heir.userId }));
  }
}
