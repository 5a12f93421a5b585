import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { Member } from '../domain/member';
import { MemberRepository } from '../domain/member.repository';
import { AlreadyMember } from '../domain/organization.errors';

@Injectable()
export class TypeOrmMemberRepository extends MemberRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override find(organizationId: string, userId: string): Promise<Member | null> {
    return this.store.findOneBy(Member, { organizationId, userId });
  }

  override findOwner(organizationId: string): Promise<Member | null> {
    return this.store.findOneBy(Member, { organizationId, role: 'owner' });
  }

  override async save(member: Member): Promise<void> {
    await this.store
      .save(member)
      .catch(onUniqueViolation('member_organization_id_user_id_key', () => new AlreadyMember()))
      .catch(onUniqueViolation('member_owner_key', () => new ConcurrentChange()));
  }

  override async remove(member: Member): Promise<void> {
    await this.store.remove(member);
  }
}
