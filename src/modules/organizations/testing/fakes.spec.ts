import { InMemoryInvitationRepository } from './in-memory-invitation.repository';
import { InMemoryMemberRepository } from './in-memory-member.repository';
import { InMemoryOrganizationRepository } from './in-memory-organization.repository';
import { invitationRepositoryContract } from './invitation-repository.contract';
import { memberRepositoryContract } from './member-repository.contract';
import { organizationRepositoryContract } from './organization-repository.contract';

describe('InMemoryOrganizationRepository', () => {
  const organizations = new InMemoryOrganizationRepository();
  organizationRepositoryContract(() => organizations);
});

describe('InMemoryMemberRepository', () => {
  const members = new InMemoryMemberRepository();
  memberRepositoryContract(() => members);
});

describe('InMemoryInvitationRepository', () => {
  const invitations = new InMemoryInvitationRepository();
  invitationRepositoryContract(() => invitations);
});
