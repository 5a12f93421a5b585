import { newId } from '../../../platform/ids/id';
import { Member } from '../domain/member';
import { Organization } from '../domain/organization';

export const NOW = new Date('2026-12-01T10:00:00Z');

export function anOrganization({ userId = newId('user'), name = 'Ann' } = {}): Organization {
  return Organization.foundFirst(newId('org'), { userId, name }, NOW);
}

export function aMember(changes: Partial<Pick<Member, 'organizationId' | 'userId' | 'role'>> = {}): Member {
  return Member.join(newId('mem'), { organizationId: newId('org'), userId: newId('user'), role: 'viewer', ...changes }, NOW);
}
