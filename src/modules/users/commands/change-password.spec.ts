import { InvalidField } from '../../../platform/errors/domain-error';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import type { User } from '../domain/user';
import { aUser, NOW } from '../testing/builders';
import { FewCommonPasswords } from '../testing/few-common-passwords';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { PlainPasswordHasher } from '../testing/plain-password-hasher';
import { ChangePassword, ChangePasswordHandler } from './change-password';

const [OLD, NEW] = ['correct horse battery staple', 'another horse, another staple'];

describe('ChangePassword', () => {
  const users = new InMemoryUserRepository();
  const passwords = new PlainPasswordHasher();
  let ann: User;
  let ended: number;

  const change = (next: string) =>
    new ChangePasswordHandler(users, passwords, new FewCommonPasswords(), new ImmediateUnitOfWork(), new FixedClock(NOW)).execute(
      new ChangePassword(ann.id, next, async () => {
        ended++;
      }),
    );

  beforeEach(async () => {
    ended = 0;
    ann = Object.assign(aUser(), { passwordHash: await passwords.hash(OLD) });
    await users.save(ann);
    users.events.length = 0;
  });

  it('sets the new one', async () => {
    await change(NEW);
    const user = (await users.findById(ann.id))!;
    expect(user.passwordChangedAt).toEqual(NOW);
    expect(await passwords.verify(NEW, user.passwordHash)).toBe(true);
    expect(users.events.map(({ type }) => type)).toEqual(['user.password_changed']);
    expect(ended).toBe(1);
  });

  it('refuses what is easy to guess', async () => {
    await expect(change('passwordpassword')).rejects.toMatchObject({ loc: ['body', 'newPassword'] });
    await expect(change(ann.email)).rejects.toThrow(InvalidField);
    expect(ended).toBe(0);
  });
});
