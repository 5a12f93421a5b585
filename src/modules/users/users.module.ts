import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IssueEmailVerificationHandler } from './commands/issue-email-verification';
import { RegisterUserHandler } from './commands/register-user';
import { VerifyCredentialsHandler } from './commands/verify-credentials';
import { VerifyEmailHandler } from './commands/verify-email';
import { CommonPasswords } from './domain/common-passwords';
import { EmailVerification } from './domain/email-verification';
import { EmailVerificationRepository } from './domain/email-verification.repository';
import { PasswordHasher } from './domain/password-hasher';
import { User } from './domain/user';
import { UserRepository } from './domain/user.repository';
import { Argon2PasswordHasher } from './infra/argon2-password-hasher';
import { DictionaryCommonPasswords } from './infra/dictionary-common-passwords';
import { TypeOrmEmailVerificationRepository } from './infra/typeorm-email-verification.repository';
import { TypeOrmUserRepository } from './infra/typeorm-user.repository';
import { FindUserByEmailHandler } from './queries/find-user-by-email';
import { GetUserHandler } from './queries/get-user';
import { GetUsersHandler } from './queries/get-users';
import { IsActiveUserHandler } from './queries/is-active-user';

const commands = [RegisterUserHandler, IssueEmailVerificationHandler, VerifyEmailHandler, VerifyCredentialsHandler];
const queries = [GetUserHandler, GetUsersHandler, FindUserByEmailHandler, IsActiveUserHandler];
const adapters = [
  { provide: UserRepository, useClass: TypeOrmUserRepository },
  { provide: EmailVerificationRepository, useClass: TypeOrmEmailVerificationRepository },
  { provide: PasswordHasher, useClass: Argon2PasswordHasher },
  { provide: CommonPasswords, useClass: DictionaryCommonPasswords },
];

@Module({
  imports: [TypeOrmModule.forFeature([User, EmailVerification])],
  providers: [...commands, ...queries, ...adapters],
})
export class UsersModule {}
