import { defineModule } from '../../platform/modules/feature-module';
import { UsersModule } from './users.module';

/** People: registration, proof of address, credentials. Sessions and tokens are the business of `auth`. */
export const users = defineModule({ name: 'users', module: UsersModule });
export {
  EmailChangeRequested,
  PasswordResetRequested,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SecondFactorDisabled,
  SecondFactorEnabled,
  UserEmailChanged,
  UserEmailVerified,
  UserErased,
  UserErasureRequested,
  UserIdentityLinked,
  UserPasswordChanged,
  UserPasswordReset,
  UserProfileUpdated,
  UserRegistered,
  UserRegistrationRepeated,
} from './users.events';
export { DisplayName, EmailAddress, NewPassword, Password, SecondFactorCode, normalizeEmail } from './users.schemas';
export { ChangePassword } from './commands/change-password';
export { ConfirmEmailChange, type EmailChangeProgress } from './commands/confirm-email-change';
export { ConfirmSecondFactor, type RecoveryCodes } from './commands/confirm-second-factor';
export { EraseUser } from './commands/erase-user';
export { IssueEmailChange, type IssuedEmailChange, type TakenEmail } from './commands/issue-email-change';
export { IssueEmailVerification, type IssuedEmailVerification } from './commands/issue-email-verification';
export { IssuePasswordReset, type IssuedPasswordReset } from './commands/issue-password-reset';
export { RegisterUser } from './commands/register-user';
export { RemoveSecondFactor } from './commands/remove-second-factor';
export { RenameUser } from './commands/rename-user';
export { RenewRecoveryCodes } from './commands/renew-recovery-codes';
export { RequestEmailChange } from './commands/request-email-change';
export { RequestErasure } from './commands/request-erasure';
export { RequestPasswordReset } from './commands/request-password-reset';
export { ResetPassword } from './commands/reset-password';
export { SignInWithIdentity } from './commands/sign-in-with-identity';
export { StartSecondFactor, type StartedSecondFactor } from './commands/start-second-factor';
export { VerifyCredentials } from './commands/verify-credentials';
export { VerifyIdentity } from './commands/verify-identity';
export { VerifyEmail, type EmailProof } from './commands/verify-email';
export { FindUserByEmail } from './queries/find-user-by-email';
export { GetUser } from './queries/get-user';
export { GetUsers } from './queries/get-users';
export type { UserView } from './queries/user-view';
export { HasUsers } from './queries/has-users';
export { IsActiveUser } from './queries/is-active-user';
