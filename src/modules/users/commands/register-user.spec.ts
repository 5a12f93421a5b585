import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { InMemoryEventRecorder } from '../../../platform/testing/in-memory-event-recorder';
import { emailHash } from '../domain/email-address';
import { NOW } from '../testing/builders';
import { FewCommonPasswords } from '../testing/few-common-passwords';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { PlainPasswordHasher } from '../testing/plain-password-hasher';
import { RegisterUser, RegisterUserHandler } from './register-user';

const PASSWORD = 'correct horse battery staple';

describe('RegisterUser', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  let users: InMemoryUserRepository;
  let events: InMemoryEventRecorder;
  let passwords: PlainPasswordHasher;
  const register = (email: string, name = 'Ann', password = PASSWORD, welcome = true) =>
    new RegisterUserHandler(users, passwords, new FewCommonPasswords(), events, lookup, new FixedClock(NOW)).execute(
      new RegisterUser(email, password, name, welcome),
    );
  const stored = (email: string) => users.findByEmailHash(emailHash(lookup, email));

  beforeEach(() => {
    users = new InMemoryUserRepository();
    events = new InMemoryEventRecorder();
    passwords = new PlainPasswordHasher();
  });

  it('stores a user with one spelling of the address and a hash of the password', async () => {
    await register('  Ann@Example.com', ' Ann ');
    const user = await stored('ann@example.com');
    expect(user).toMatchObject({ name: 'Ann', email: 'ann@example.com', emailVerifiedAt: null });
    expect(await passwords.verify(PASSWORD, user!.passwordHash)).toBe(true);
    expect(users.events.map(({ type }) => type)).toEqual(['user.registered']);
  });

  it('does the same work for a known address, tells its owner, and changes nothing else', async () => {
    await register('ann@example.com');
    const ann = await stored('ann@example.com');
    ann!.verifyEmail(NOW);
    await users.save(ann!);
    await register('ANN@example.com', 'Mallory');
    expect(passwords.work).toBe(2);
    expect(await stored('ann@example.com')).toMatchObject({ name: 'Ann', passwordHash: ann!.passwordHash });
    expect(users.events.map(({ type }) => type)).toEqual(['user.registered', 'user.email_verified', 'user.registration_repeated']);
  });

  it('gives no account to who is not welcome, after the same work', async () => {
    await register('ann@example.com');
    await register('bob@example.com', 'Bob', PASSWORD, false);
    expect(passwords.work).toBe(2);
    expect(await stored('bob@example.com')).toBeNull();
    expect(events.recorded.map(({ type }) => type)).toEqual(['user.registration_refused']);
  });

  it.each(['passwordpassword', 'annabel-lee@example.com'])('refuses the password %j before it works on it', async (password) => {
    await expect(register('annabel-lee@example.com', 'Ann', password)).rejects.toMatchObject({ loc: ['body', 'password'] });
    expect(passwords.work).toBe(0);
  });

  it('answers the same when two register the same address at once', async () => {
    await Promise.all([register('ann@example.com'), register('ann@example.com')]);
    expect(users.events.map(({ type }) => type)).toEqual(['user.registered', 'user.registration_repeated']);
  });

  it('hides a conflict with somebody who tells the owner at the same moment', async () => {
    await register('ann@example.com');
    jest.spyOn(users, 'save').mockRejectedValue(new ConcurrentChange());
    await expect(register('ann@example.com')).resolves.toBeUndefined();
  });
});
