import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { emailHash } from '../domain/email-address';
import { User } from '../domain/user';
import { EmailNotVerified, InvalidCredentials } from '../domain/user.errors';
import { NOW } from '../testing/builders';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { PlainPasswordHasher } from '../testing/plain-password-hasher';
import { VerifyCredentials, VerifyCredentialsHandler } from './verify-credentials';

const PASSWORD = 'correct horse battery staple';

describe('VerifyCredentials', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const users = new InMemoryUserRepository();
  const passwords = new PlainPasswordHasher();
  const verify = (email: string, password: string) =>
    new VerifyCredentialsHandler(users, passwords, lookup, new FixedClock(NOW)).execute(new VerifyCredentials(email, password));

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
