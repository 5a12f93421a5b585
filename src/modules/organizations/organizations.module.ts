import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AcceptInvitationHandler } from './commands/accept-invitation';
import { ChangeRoleHandler } from './commands/change-role';
import { CloseOrganizationHandler } from './commands/close-organization';
import { CreateInvitationHandler } from './commands/create-invitation';
import { CreateOrganizationHandler } from './commands/create-organization';
import { EraseOrganizationHandler } from './commands/erase-organization';
import { FoundFirstOrganizationHandler } from './commands/found-first-organization';
import { IssueInvitationHandler } from './commands/issue-invitation';
import { RemoveMemberHandler } from './commands/remove-member';
import { RenameOrganizationHandler } from './commands/rename-organization';
import { ResendInvitationHandler } from './commands/resend-invitation';
import { RestoreOrganizationHandler } from './commands/restore-organization';
import { RevokeInvitationHandler } from './commands/revoke-invitation';
import { ShredOrganizationHandler } from './commands/shred-organization';
import { TransferOwnershipHandler } from './commands/transfer-ownership';
import { Invitation } from './domain/invitation';
import { InvitationRepository } from './domain/invitation.repository';
import { Member } from './domain/member';
import { MemberRepository } from './domain/member.repository';
import { Organization } from './domain/organization';
import { OrganizationRepository } from './domain/organization.repository';
import { AcceptInvitationController } from './http/accept-invitation.controller';
import { InvitationsController } from './http/invitations.controller';
import { MembersController } from './http/members.controller';
import { OrganizationsController } from './http/organizations.controller';
import { TypeOrmInvitationRepository } from './infra/typeorm-invitation.repository';
import { TypeOrmMemberRepository } from './infra/typeorm-member.repository';
import { TypeOrmOrganizationRepository } from './infra/typeorm-organization.repository';
import { OrganizationErasure } from './organization-erasure.work';
import { FirstOrganizationObserver } from './processors/first-organization.observer';
import { ShredOrganizationObserver } from './processors/shred-organization.observer';
import { GetInvitationHandler } from './queries/get-invitation';
import { GetMemberHandler } from './queries/get-member';
import { GetMembershipsHandler } from './queries/get-memberships';
import { GetOrganizationHandler } from './queries/get-organization';
import { HasOpenInvitationHandler } from './queries/has-open-invitation';
import { IsOrganizationOpenHandler } from './queries/is-organization-open';
import { ListAdministratorsHandler } from './queries/list-administrators';
import { ListInvitationsHandler } from './queries/list-invitations';
import { ListMembersHandler } from './queries/list-members';
import { ListOrganizationsHandler } from './queries/list-organizations';
import { ListOwnedOrganizationsHandler } from './queries/list-owned-organizations';
import { ListOrganizationsOfUserHandler } from './queries/list-organizations-of-user';

const commands = [
  FoundFirstOrganizationHandler,
  CreateOrganizationHandler,
  RenameOrganizationHandler,
  CloseOrganizationHandler,
  RestoreOrganizationHandler,
  EraseOrganizationHandler,
  ShredOrganizationHandler,
  TransferOwnershipHandler,
  ChangeRoleHandler,
  RemoveMemberHandler,
  CreateInvitationHandler,
  ResendInvitationHandler,
  RevokeInvitationHandler,
  IssueInvitationHandler,
  AcceptInvitationHandler,
];
const queries = [
  GetOrganizationHandler,
  ListOrganizationsHandler,
  ListOwnedOrganizationsHandler,
  ListOrganizationsOfUserHandler,
  IsOrganizationOpenHandler,
  GetMemberHandler,
  GetMembershipsHandler,
  ListMembersHandler,
  GetInvitationHandler,
  ListInvitationsHandler,
  HasOpenInvitationHandler,
  ListAdministratorsHandler,
];
const adapters = [
  { provide: OrganizationRepository, useClass: TypeOrmOrganizationRepository },
  { provide: MemberRepository, useClass: TypeOrmMemberRepository },
  { provide: InvitationRepository, useClass: TypeOrmInvitationRepository },
];

@Module({
  imports: [TypeOrmModule.forFeature([Organization, Member, Invitation])],
  controllers: [OrganizationsController, MembersController, InvitationsController, AcceptInvitationController],
  providers: [...commands, ...queries, ...adapters, FirstOrganizationObserver, ShredOrganizationObserver, OrganizationErasure],
})
export class OrganizationsModule {}

/** Where nothing else of this is needed: whether an organization is open. */
@Module({ providers: [IsOrganizationOpenHandler] })
export class OrganizationStatusModule {}
