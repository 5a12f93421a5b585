import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import type { Member } from '../domain/member';
import { AlreadyMember } from '../domain/organization.errors';
import type { MemberRepository } from '../domain/member.repository';
import { aMember, anOwner, NOW } from './builders';

/** `tenantId` makes an organization that members can belong to. */
export function memberRepositoryContract(open: () => MemberRepository, tenantId: () => Promise<string> = async () => newId('org')): void {
  const saved = async (member: Member) => {
    await open().save(member);
    return member;
  };
  const found = async ({ organizationId, userId }: Member) => (await open().find(organizationId, userId))!;

  it('finds a member in the one organization that they belong to', async () => {
    const member = await saved(aMember({ organizationId: await tenantId(), role: 'developer' }));
    expect(await found(member)).toMatchObject({ id: member.id, role: 'developer' });
    expect(await open().find(await tenantId(), member.userId)).toBeNull();
  });

  it('refuses a second membership of the same user', async () => {
    const { organizationId, userId } = await saved(aMember({ organizationId: await tenantId() }));
    await expect(saved(aMember({ organizationId, userId }))).rejects.toThrow(AlreadyMember);
  });

  it('knows the owner, and refuses a second one', async () => {
    const organizationId = await tenantId();
    expect(await open().findOwner(organizationId)).toBeNull();
    const owner = await saved(anOwner({ organizationId }));
    await saved(aMember({ organizationId }));
    expect(await open().findOwner(organizationId)).toMatchObject({ id: owner.id });
    await expect(saved(anOwner({ organizationId }))).rejects.toThrow(ConcurrentChange);
  });

  it('removes who was not changed meanwhile', async () => {
    const member = await saved(aMember({ organizationId: await tenantId() }));
    const [mine, theirs] = [await found(member), await found(member)];
    theirs.changeRole('admin', NOW);
    await open().save(theirs);
    await expect(open().remove(mine)).rejects.toThrow(ConcurrentChange);
    await open().remove(theirs);
    expect(await open().find(member.organizationId, member.userId)).toBeNull();
    await expect(open().remove(theirs)).rejects.toThrow(ConcurrentChange);
  });
}
