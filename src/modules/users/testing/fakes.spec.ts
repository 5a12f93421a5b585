import { commonPasswordsContract } from './common-passwords.contract';
import { emailVerificationRepositoryContract } from './email-verification-repository.contract';
import { FewCommonPasswords } from './few-common-passwords';
import { InMemoryEmailVerificationRepository } from './in-memory-email-verification.repository';
import { InMemoryUserRepository } from './in-memory-user.repository';
import { passwordHasherContract } from './password-hasher.contract';
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

describe('PlainPasswordHasher', () => {
  const passwords = new PlainPasswordHasher();
  passwordHasherContract(() => passwords);
});

describe('FewCommonPasswords', () => {
  const common = new FewCommonPasswords();
  commonPasswordsContract(() => common);
});
