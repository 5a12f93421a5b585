import { defineModule } from '../../platform/modules/feature-module';
import { OrganizationsModule } from './organizations.module';

/** Tenants and who belongs to them. */
export const organizations = defineModule({ name: 'organizations', module: OrganizationsModule });
export { OrganizationStatusModule } from './organizations.module';
export {
  InvitationCreated,
  InvitationResent,
  OrganizationClosed,
  OrganizationCreated,
  OrganizationErased,
  OrganizationRestored,
  OwnershipTransferred,
} from './organizations.events';
export { CloseOrganization } from './commands/close-organization';
export { IssueInvitation, type IssuedInvitation } from './commands/issue-invitation';
export { RemoveMember } from './commands/remove-member';
export { GetMemberships, type MembershipView } from './queries/get-memberships';
export { HasOpenInvitation } from './queries/has-open-invitation';
export { IsOrganizationOpen } from './queries/is-organization-open';
export { ListAdministrators } from './queries/list-administrators';
export { ListOrganizationsOfUser, type OrganizationOfUserView } from './queries/list-organizations-of-user';
export { ListOwnedOrganizations, type OwnedOrganization } from './queries/list-owned-organizations';
