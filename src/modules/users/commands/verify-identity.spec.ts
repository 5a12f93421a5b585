import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { recoveryCodeHash } from '../domain/recovery-codes';
import type { User } from '../domain/user';
import { SecondFactorMissing, UserNotFound, WrongCode, WrongPassword } from '../domain/user.errors';
import { aSecondFactor, aUser, NOW } from '../testing/builders';
import { InMemorySecondFactorRepository } from '../testing/in-memory-second-factor.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { PlainPasswordHasher } from '../testing/plain-password-hasher';
import { ReadableOneTimeCodes } from '../testing/readable-one-time-codes';
import { SecondFactorCheck } from './second-factor-check';
import { VerifyIdentity, VerifyIdentityHandler } from './verify-identity';

const PASSWORD = 'correct horse battery staple';
const STEP = Math.floor(NOW.getTime() / 30_000);

describe('VerifyIdentity', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const users = new InMemoryUserRepository();
  const factors = new InMemorySecondFactorRepository();
  const passwords = new PlainPasswordHasher();
  const codes = new ReadableOneTimeCodes();
  const check = new SecondFactorCheck(codes, lookup, new FixedClock(NOW));
  let ann: User;

  const verify = (password: string, code: string | null = null, userId = ann.id) =>
    new VerifyIdentityHandler(users, passwords, factors, check).execute(new VerifyIdentity(userId, password, code));

  beforeEach(async () => {
    ann = Object.assign(aUser(), { passwordHash: await passwords.hash(PASSWORD) });
    await users.save(ann);
  });

  it('knows the password', async () => {
    await expect(verify(PASSWORD)).resolves.toBeUndefined();
    await expect(verify('wrong wrong wrong')).rejects.toThrow(WrongPassword);
    await expect(verify(PASSWORD, null, 'user_unknown')).rejects.toThrow(UserNotFound);
  });

  it('knows no password of who has none', async () => {
    await users.save(Object.assign((await users.findById(ann.id))!, { passwordHash: null }));
    await expect(verify(PASSWORD)).rejects.toThrow(WrongPassword);
  });

  it('uses up a code, where one is asked for', async () => {
    await expect(verify(PASSWORD, '123456')).rejects.toThrow(SecondFactorMissing);
    const factor = aSecondFactor(ann.id);
    factor.confirm(STEP - 1, [recoveryCodeHash(lookup, ann.id, '7h2k-m3qx-9vd0-w5ts')], NOW);
    await factors.save(factor);
    await expect(verify('wrong wrong wrong', codes.codeAt(STEP))).rejects.toThrow(WrongPassword);
    await verify(PASSWORD, codes.codeAt(STEP));
    await expect(verify(PASSWORD, codes.codeAt(STEP))).rejects.toThrow(WrongCode);
    await verify(PASSWORD, '7H2K M3QX 9VD0 W5TS');
  });
});
