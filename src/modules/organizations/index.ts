/** Tenants and who belongs to them. */
export { OrganizationsModule } from './organizations.module';
export { OrganizationCreated } from './organizations.events';
export { GetMemberships, type MembershipView } from './queries/get-memberships';
export { ListOrganizationsOfUser, type OrganizationOfUserView } from './queries/list-organizations-of-user';
