import { definePermission } from '../../platform/access/permission';

export const OrganizationRead = definePermission('organization.read', {
  atLeast: 'viewer',
  whenClosed: true,
  description: 'See the name of the organization, and when it will be erased.',
});
export const OrganizationUpdate = definePermission('organization.update', { atLeast: 'admin', description: 'Rename the organization.' });
export const OrganizationDelete = definePermission('organization.delete', { atLeast: 'owner', description: 'Delete the organization.' });
export const OrganizationRestore = definePermission('organization.restore', {
  atLeast: 'owner',
  whenClosed: true,
  description: 'Take the deletion of the organization back.',
});
export const OrganizationTransfer = definePermission('organization.transfer', {
  atLeast: 'owner',
  description: 'Make another member the owner.',
});
export const MemberRead = definePermission('member.read', { atLeast: 'viewer', description: 'See who belongs to the organization.' });
export const MemberLeave = definePermission('member.leave', { atLeast: 'viewer', description: 'Leave the organization.' });
export const MemberManage = definePermission('member.manage', { atLeast: 'admin', description: 'Change roles and remove members.' });
export const InvitationManage = definePermission('invitation.manage', {
  atLeast: 'admin',
  description: 'Invite people, and take invitations back.',
});
