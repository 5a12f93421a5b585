/** People: registration, proof of address, credentials. Sessions and tokens are the business of `auth`. */
export { UsersModule } from './users.module';
export { UserEmailVerified, UserRegistered, UserRegistrationRepeated } from './users.events';
export { EmailAddress, NewPassword, DisplayName, normalizeEmail } from './users.schemas';
export { IssueEmailVerification, type IssuedEmailVerification } from './commands/issue-email-verification';
export { RegisterUser } from './commands/register-user';
export { VerifyCredentials } from './commands/verify-credentials';
export { VerifyEmail, type EmailProof } from './commands/verify-email';
export { FindUserByEmail } from './queries/find-user-by-email';
export { GetUser } from './queries/get-user';
export { GetUsers } from './queries/get-users';
export type { UserView } from './queries/user-view';
export { IsActiveUser } from './queries/is-active-user';
