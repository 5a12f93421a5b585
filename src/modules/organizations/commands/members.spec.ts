import { ConcurrentChange, EntityNotFound } from '../../../platform/errors/domain-error';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { OwnerMustTransfer } from '../domain/organization.errors';
import { aMember, anOwner, NOW } from '../testing/builders';
import { InMemoryMemberRepository } from '../testing/in-memory-member.repository';
import { ChangeRole, ChangeRoleHandler } from './change-role';
import { RemoveMember, RemoveMemberHandler } from './remove-member';
import { TransferOwnership, TransferOwnershipHandler } from './transfer-ownership';

const ORGANIZATION = 'org_1';

describe('members', () => {
  let members: InMemoryMemberRepository;

  beforeEach(async () => {
    members = new InMemoryMemberRepository();
    await members.save(anOwner({ organizationId: ORGANIZATION, userId: 'user_ann' }));
    await members.save(aMember({ organizationId: ORGANIZATION, userId: 'user_bob' }));
    await members.save(aMember({ organizationId: 'org_2', userId: 'user_eve' }));
  });

  const clock = new FixedClock(NOW);
  const transfer = (to: string) =>
    new TransferOwnershipHandler(members, new ImmediateUnitOfWork(), clock).execute(new TransferOwnership(ORGANIZATION, to));
  const change = (userId: string) => new ChangeRoleHandler(members, clock).execute(new ChangeRole(ORGANIZATION, userId, 'admin'));
  const remove = (userId: string) => new RemoveMemberHandler(members).execute(new RemoveMember(ORGANIZATION, userId));
  const roleOf = async (userId: string) => (await members.find(ORGANIZATION, userId))?.role;

  it('hand the organization over', async () => {
    await transfer('user_bob');
    expect([await roleOf('user_ann'), await roleOf('user_bob')]).toEqual(['admin', 'owner']);
    await remove('user_ann');
    await expect(remove('user_bob')).rejects.toThrow(OwnerMustTransfer);
  });

  it('may hand it to themselves, which changes nothing', async () => {
    await transfer('user_ann');
    expect(await roleOf('user_ann')).toBe('owner');
  });

  it('of another organization do not exist', async () => {
    for (const act of [transfer, change, remove]) await expect(act('user_eve')).rejects.toThrow(EntityNotFound);
  });

  it('are not brought back by a change of role that comes too late', async () => {
    const stale = (await members.find(ORGANIZATION, 'user_bob'))!;
    await remove('user_bob');
    stale.changeRole('admin', NOW);
    await expect(members.save(stale)).rejects.toThrow(ConcurrentChange);
    expect(await roleOf('user_bob')).toBeUndefined();
  });
});
