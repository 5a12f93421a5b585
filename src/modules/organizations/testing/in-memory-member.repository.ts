import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { Member } from '../domain/member';
import { MemberRepository } from '../domain/member.repository';
import { AlreadyMember } from '../domain/organization.errors';

export class InMemoryMemberRepository extends MemberRepository {
  private readonly rows = new InMemoryRows<Member>();
  readonly events = this.rows.events;

  override async find(organizationId: string, userId: string): Promise<Member | null> {
    return this.rows.find((member) => member.organizationId === organizationId && member.userId === userId);
  }

  override async findOwner(organizationId: string): Promise<Member | null> {
    return this.rows.find((member) => member.organizationId === organizationId && member.role === 'owner');
  }

  override async save(member: Member): Promise<void> {
    const { id, organizationId, userId, role } = member;
    if (this.rows.find((other) => other.id !== id && other.organizationId === organizationId && other.userId === userId))
      throw new AlreadyMember();
    if (role === 'owner' && this.rows.find((other) => other.id !== id && other.organizationId === organizationId && other.role === 'owner'))
      throw new ConcurrentChange();
    this.rows.save(member);
  }

  override async remove(member: Member): Promise<void> {
    this.rows.remove(member);
  }
}
