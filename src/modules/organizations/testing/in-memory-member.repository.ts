import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { Member } from '../domain/member';
import { MemberRepository } from '../domain/member.repository';
import { AlreadyMember } from '../domain/organization.errors';

export class InMemoryMemberRepository extends MemberRepository {
  private readonly rows = new InMemoryRows<Member>();

  override async find(organizationId: string, userId: string): Promise<Member | null> {
    return this.rows.find((member) => member.organizationId === organizationId && member.userId === userId);
  }

  override async save(member: Member): Promise<void> {
    const { id, organizationId, userId } = member;
    if (this.rows.find((other) => other.id !== id && other.organizationId === organizationId && other.userId === userId))
      throw new AlreadyMember();
    this.rows.save(member);
  }
}
