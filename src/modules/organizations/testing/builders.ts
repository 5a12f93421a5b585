import { randomBytes } from 'node:crypto';
import { newId } from '../../../platform/ids/id';
import { Invitation } from '../domain/invitation';
import { type GrantedRole, Member } from '../domain/member';
import { Organization } from '../domain/organization';

export const NOW = new Date('2026-12-01T10:00:00Z');

export const daysLater = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

export function anOrganization({ userId = newId('user'), name = 'Ann' } = {}): Organization {
  return Organization.foundFirst(newId('org'), { userId, name }, NOW);
}

export function aMember(of: { organizationId?: string; userId?: string; role?: GrantedRole } = {}): Member {
  return Member.join(newId('mem'), { organizationId: newId('org'), userId: newId('user'), role: 'viewer', ...of }, NOW);
}

export function anOwner({ organizationId = newId('org'), userId = newId('user') } = {}): Member {
  return Member.own(newId('mem'), { organizationId, userId }, NOW);
}

export function anInvitation({ organizationId = newId('org'), email = 'bob@example.com', emailHash = randomBytes(32) } = {}): Invitation {
  return Invitation.create(newId('inv'), { organizationId, email, emailHash, role: 'developer', inviterUserId: newId('user') }, NOW);
}
