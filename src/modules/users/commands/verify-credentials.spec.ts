import { randomUUID } from 'node:crypto';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { emailHash } from '../domain/email-address';
import { recoveryCodeHash } from '../domain/recovery-codes';
import { User } from '../domain/user';
import { EmailNotVerified, InvalidCredentials, SecondFactorRequired } from '../domain/user.errors';
import { aSecondFactor, NOW } from '../testing/builders';
import { InMemorySecondFactorRepository } from '../testing/in-memory-second-factor.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { PlainPasswordHasher } from '../testing/plain-password-hasher';
import { ReadableOneTimeCodes } from '../testing/readable-one-time-codes';
import { SecondFactorCheck } from './second-factor-check';
import { VerifyCredentials, VerifyCredentialsHandler } from './verify-credentials';

const PASSWORD = 'correct horse battery staple';

describe('VerifyCredentials', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const users = new InMemoryUserRepository();
  const passwords = new PlainPasswordHasher();
  const clock = new FixedClock(NOW);
  const factors = new InMemorySecondFactorRepository();
  const codes = new ReadableOneTimeCodes();
  const verify = (email: string, password: string, code: string | null = null) =>
    new VerifyCredentialsHandler(users, passwords, factors, new SecondFactorCheck(codes, lookup, clock), lookup, clock).execute(
      new VerifyCredentials(email, password, code),
    );

  async function registered(email: string, verified: boolean): Promise<User> {
    const registration = { name: 'Ann', email, emailHash: emailHash(lookup, email), passwordHash: await passwords.hash(PASSWORD) };
    const user = User.register(`user_${email}`, registration, NOW);
    if (verified) user.verifyEmail(NOW);
    await users.save(user);
    return user;
  }

  it('knows a verified user with the right password', async () => {
    const ann = await registered('ann@example.com', true);
    expect(await verify('Ann@example.com', PASSWORD)).toEqual({ userId: ann.id });
  });

  it('says the same about a wrong password and an unknown address, after the same work', async () => {
    await registered('bob@example.com', true);
    for (const email of ['bob@example.com', 'nobody@example.com', 'not an address']) {
      const before = passwords.work;
      await expect(verify(email, 'wrong wrong wrong')).rejects.toThrow(InvalidCredentials);
      expect(passwords.work - before).toBe(1);
    }
  });

  it('tells only who knows the password that the address is not verified', async () => {
    await registered('eve@example.com', false);
    await expect(verify('eve@example.com', PASSWORD)).rejects.toThrow(EmailNotVerified);
    await expect(verify('eve@example.com', 'wrong wrong wrong')).rejects.toThrow(InvalidCredentials);
  });

  describe('with a second factor', () => {
    const STEP = Math.floor(NOW.getTime() / 30_000);
    const RECOVERY = '7h2k-m3qx-9vd0-w5ts';
    let email: string;

    beforeEach(async () => {
      email = `${randomUUID()}@example.com`;
      const { id } = await registered(email, true);
      const factor = aSecondFactor(id);
      factor.confirm(STEP - 1, [recoveryCodeHash(lookup, id, RECOVERY)], NOW);
      await factors.save(factor);
    });

    it('asks for a code, but only who knows the password', async () => {
      await expect(verify(email, PASSWORD)).rejects.toThrow(SecondFactorRequired);
      await expect(verify(email, 'wrong wrong wrong')).rejects.toThrow(InvalidCredentials);
      await expect(verify(email, 'wrong wrong wrong', codes.codeAt(STEP))).rejects.toThrow(InvalidCredentials);
    });

    it('takes a code of the app once', async () => {
      await expect(verify(email, PASSWORD, codes.codeAt(STEP - 1))).rejects.toThrow(InvalidCredentials);
      await expect(verify(email, PASSWORD, ` ${codes.codeAt(STEP).replace(/^.../, '$& ')}`)).resolves.toBeDefined();
      await expect(verify(email, PASSWORD, codes.codeAt(STEP))).rejects.toThrow(InvalidCredentials);
    });

    it('lets one in of two who send the same code at once', async () => {
      const outcomes = await Promise.allSettled([1, 2].map(() => verify(email, PASSWORD, codes.codeAt(STEP))));
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(InvalidCredentials) });
    });

    it('takes a recovery code once, however it is typed', async () => {
      await expect(verify(email, PASSWORD, RECOVERY.toUpperCase().replaceAll('-', ' '))).resolves.toBeDefined();
      await expect(verify(email, PASSWORD, RECOVERY)).rejects.toThrow(InvalidCredentials);
    });

    it.each(['', '0', 'x'.repeat(100), '000000', '\u0000'])('takes no %j', async (code) =>
      expect(verify(email, PASSWORD, code)).rejects.toThrow(InvalidCredentials),
    );
  });

  it('hashes the password anew when the parameters have changed since', async () => {
    const { id, passwordHash } = await registered('old@example.com', true);
    passwords.generation++;
    await verify('old@example.com', PASSWORD);
    const renewed = (await users.findById(id))!.passwordHash!;
    expect(renewed).not.toBe(passwordHash);
    expect(passwords.needsRehash(renewed)).toBe(false);
    expect(await verify('old@example.com', PASSWORD)).toEqual({ userId: id });
    expect((await users.findById(id))!.passwordHash).toBe(renewed);
  });

  it('lets nobody in by password whose account has none', async () => {
    const { id } = await registered('oidc@example.com', true);
    const user = (await users.findById(id))!;
    await users.save(Object.assign(user, { passwordHash: null }));
    const before = passwords.work;
    await expect(verify('oidc@example.com', PASSWORD)).rejects.toThrow(InvalidCredentials);
    expect(passwords.work - before).toBe(1);
  });
});
