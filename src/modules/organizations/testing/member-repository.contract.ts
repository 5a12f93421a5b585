import { newId } from '../../../platform/ids/id';
import { AlreadyMember } from '../domain/organization.errors';
import type { MemberRepository } from '../domain/member.repository';
import { aMember } from './builders';

/** `tenantId` makes an organization that members can belong to. */
export function memberRepositoryContract(open: () => MemberRepository, tenantId: () => Promise<string> = async () => newId('org')): void {
  it('finds a member in the one organization that they belong to', async () => {
    const member = aMember({ organizationId: await tenantId(), role: 'developer' });
    await open().save(member);
    expect(await open().find(member.organizationId, member.userId)).toMatchObject({ id: member.id, role: 'developer' });
    expect(await open().find(await tenantId(), member.userId)).toBeNull();
  });

  it('refuses a second membership of the same user', async () => {
    const member = aMember({ organizationId: await tenantId() });
    await open().save(member);
    await expect(open().save(aMember({ organizationId: member.organizationId, userId: member.userId }))).rejects.toThrow(AlreadyMember);
  });
}
