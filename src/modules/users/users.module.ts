import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangePasswordHandler } from './commands/change-password';
import { ConfirmEmailChangeHandler } from './commands/confirm-email-change';
import { ConfirmSecondFactorHandler } from './commands/confirm-second-factor';
import { EraseUserHandler } from './commands/erase-user';
import { IssueEmailChangeHandler } from './commands/issue-email-change';
import { IssueEmailVerificationHandler } from './commands/issue-email-verification';
import { IssuePasswordResetHandler } from './commands/issue-password-reset';
import { RegisterUserHandler } from './commands/register-user';
import { RemoveSecondFactorHandler } from './commands/remove-second-factor';
import { RenameUserHandler } from './commands/rename-user';
import { RenewRecoveryCodesHandler } from './commands/renew-recovery-codes';
import { RequestEmailChangeHandler } from './commands/request-email-change';
import { RequestErasureHandler } from './commands/request-erasure';
import { RequestPasswordResetHandler } from './commands/request-password-reset';
import { ResetPasswordHandler } from './commands/reset-password';
import { SecondFactorCheck } from './commands/second-factor-check';
import { StartSecondFactorHandler } from './commands/start-second-factor';
import { VerifyCredentialsHandler } from './commands/verify-credentials';
import { VerifyEmailHandler } from './commands/verify-email';
import { VerifyIdentityHandler } from './commands/verify-identity';
import { CommonPasswords } from './domain/common-passwords';
import { EmailChange } from './domain/email-change';
import { EmailChangeRepository } from './domain/email-change.repository';
import { EmailVerification } from './domain/email-verification';
import { EmailVerificationRepository } from './domain/email-verification.repository';
import { OneTimeCodes } from './domain/one-time-codes';
import { PasswordHasher } from './domain/password-hasher';
import { PasswordReset } from './domain/password-reset';
import { PasswordResetRepository } from './domain/password-reset.repository';
import { SecondFactor } from './domain/second-factor';
import { SecondFactorRepository } from './domain/second-factor.repository';
import { User } from './domain/user';
import { UserIdentity } from './domain/user-identity';
import { UserIdentityRepository } from './domain/user-identity.repository';
import { SignInWithIdentityHandler } from './commands/sign-in-with-identity';
import { TypeOrmUserIdentityRepository } from './infra/typeorm-user-identity.repository';
import { UserRepository } from './domain/user.repository';
import { Argon2PasswordHasher } from './infra/argon2-password-hasher';
import { DictionaryCommonPasswords } from './infra/dictionary-common-passwords';
import { OtpauthOneTimeCodes } from './infra/otpauth-one-time-codes';
import { TypeOrmEmailChangeRepository } from './infra/typeorm-email-change.repository';
import { TypeOrmEmailVerificationRepository } from './infra/typeorm-email-verification.repository';
import { TypeOrmPasswordResetRepository } from './infra/typeorm-password-reset.repository';
import { TypeOrmSecondFactorRepository } from './infra/typeorm-second-factor.repository';
import { TypeOrmUserRepository } from './infra/typeorm-user.repository';
import { FindUserByEmailHandler } from './queries/find-user-by-email';
import { GetUserHandler } from './queries/get-user';
import { GetUsersHandler } from './queries/get-users';
import { HasUsersHandler } from './queries/has-users';
import { IsActiveUserHandler } from './queries/is-active-user';

const commands = [
  SignInWithIdentityHandler,
  RegisterUserHandler,
  IssueEmailVerificationHandler,
  VerifyEmailHandler,
  VerifyCredentialsHandler,
  RequestPasswordResetHandler,
  IssuePasswordResetHandler,
  ResetPasswordHandler,
  ChangePasswordHandler,
  RenameUserHandler,
  RequestEmailChangeHandler,
  IssueEmailChangeHandler,
  ConfirmEmailChangeHandler,
  StartSecondFactorHandler,
  ConfirmSecondFactorHandler,
  RenewRecoveryCodesHandler,
  RemoveSecondFactorHandler,
  VerifyIdentityHandler,
  RequestErasureHandler,
  EraseUserHandler,
];
const queries = [GetUserHandler, GetUsersHandler, FindUserByEmailHandler, HasUsersHandler, IsActiveUserHandler];
const adapters = [
  { provide: UserIdentityRepository, useClass: TypeOrmUserIdentityRepository },
  { provide: UserRepository, useClass: TypeOrmUserRepository },
  { provide: EmailVerificationRepository, useClass: TypeOrmEmailVerificationRepository },
  { provide: PasswordResetRepository, useClass: TypeOrmPasswordResetRepository },
  { provide: EmailChangeRepository, useClass: TypeOrmEmailChangeRepository },
  { provide: SecondFactorRepository, useClass: TypeOrmSecondFactorRepository },
  { provide: PasswordHasher, useFactory: () => new Argon2PasswordHasher() },
  { provide: CommonPasswords, useClass: DictionaryCommonPasswords },
  { provide: OneTimeCodes, useClass: OtpauthOneTimeCodes },
];

@Module({
  imports: [TypeOrmModule.forFeature([User, UserIdentity, EmailVerification, PasswordReset, EmailChange, SecondFactor])],
  providers: [...commands, SecondFactorCheck, ...queries, ...adapters],
})
export class UsersModule {}
