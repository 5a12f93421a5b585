import { MemberRemoved, MemberRoleChanged, OwnershipTransferred } from '../organizations.events';
import { aMember, anOwner, NOW } from '../testing/builders';
import type { Member } from './member';
import { OwnerIsFixed, OwnerMustTransfer } from './organization.errors';

describe('Member', () => {
  const belonging = ({ organizationId, userId }: Member) => ({ organizationId, userId });
  const known = (member: Member) => {
    member.pullEvents();
    return member;
  };

  it('gets another role, and tells when it is another', () => {
    const member = known(aMember({ role: 'viewer' }));
    member.changeRole('viewer', NOW);
    expect(member.pullEvents()).toEqual([]);
    member.changeRole('admin', NOW);
    expect(member.role).toBe('admin');
    expect(member.pullEvents()).toEqual([MemberRoleChanged(belonging(member))]);
  });

  it('leaves', () => {
    const member = known(aMember());
    member.leave();
    expect(member.pullEvents()).toEqual([MemberRemoved(belonging(member))]);
  });

  it('stays the owner until somebody else is', () => {
    const [owner, heir] = [known(anOwner()), known(aMember())];
    expect(() => {
      owner.changeRole('admin', NOW);
    }).toThrow(OwnerIsFixed);
    expect(() => {
      owner.leave();
    }).toThrow(OwnerMustTransfer);
    owner.handOverTo(heir, NOW);
    expect([owner.role, heir.role]).toEqual(['admin', 'owner']);
    expect([...owner.pullEvents(), ...heir.pullEvents()]).toEqual([
      OwnershipTransferred({ organizationId: owner.organizationId, userId: heir.userId }),
    ]);
  });
});
