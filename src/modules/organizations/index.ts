/** Tenants and who belongs to them. */
export { OrganizationsModule } from './organizations.module';
export { OrganizationCreated } from './organizations.events';
export { GetMembership, type MembershipView, type RoleName } from './queries/get-membership';
export { ListOrganizationsOfUser, type OrganizationOfUserView } from './queries/list-organizations-of-user';
