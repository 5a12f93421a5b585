import { commonPasswordsContract } from './common-passwords.contract';
import { emailChangeRepositoryContract } from './email-change-repository.contract';
import { emailVerificationRepositoryContract } from './email-verification-repository.contract';
import { FewCommonPasswords } from './few-common-passwords';
import { InMemoryEmailChangeRepository } from './in-memory-email-change.repository';
import { InMemoryEmailVerificationRepository } from './in-memory-email-verification.repository';
import { InMemoryPasswordResetRepository } from './in-memory-password-reset.repository';
import { InMemoryUserIdentityRepository } from './in-memory-user-identity.repository';
import { userIdentityRepositoryContract } from './user-identity-repository.contract';
import { InMemoryUserRepository } from './in-memory-user.repository';
import { InMemorySecondFactorRepository } from './in-memory-second-factor.repository';
import { oneTimeCodesContract } from './one-time-codes.contract';
import { ReadableOneTimeCodes } from './readable-one-time-codes';
import { secondFactorRepositoryContract } from './second-factor-repository.contract';
import { passwordHasherContract } from './password-hasher.contract';
import { passwordResetRepositoryContract } from './password-reset-repository.contract';
import { PlainPasswordHasher } from './plain-password-hasher';
import { userRepositoryContract } from './user-repository.contract';

describe('InMemoryUserRepository', () => {
  const users = new InMemoryUserRepository();
  userRepositoryContract(() => users);
});

describe('InMemoryEmailVerificationRepository', () => {
  const verifications = new InMemoryEmailVerificationRepository();
  emailVerificationRepositoryContract(() => verifications);
});

describe('InMemoryPasswordResetRepository', () => {
  const resets = new InMemoryPasswordResetRepository();
  passwordResetRepositoryContract(() => resets);
});

describe('InMemoryEmailChangeRepository', () => {
  const changes = new InMemoryEmailChangeRepository();
  emailChangeRepositoryContract(() => changes);
});

describe('InMemorySecondFactorRepository', () => {
  const factors = new InMemorySecondFactorRepository();
  secondFactorRepositoryContract(() => factors);
});

describe('ReadableOneTimeCodes', () => {
  const codes = new ReadableOneTimeCodes();
  oneTimeCodesContract(() => codes);
});

describe('PlainPasswordHasher', () => {
  const passwords = new PlainPasswordHasher();
  passwordHasherContract(() => passwords);
});

describe('FewCommonPasswords', () => {
  const common = new FewCommonPasswords();
  commonPasswordsContract(() => common);
});

describe('InMemoryUserIdentityRepository', () => {
  const identities = new InMemoryUserIdentityRepository();
  userIdentityRepositoryContract(() => identities);
});
