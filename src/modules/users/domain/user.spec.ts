import { aUser, NOW } from '../testing/builders';
import { UserEmailVerified, UserRegistered, UserRegistrationRepeated } from '../users.events';

describe('User', () => {
  it('says that it was registered, by id only', () => {
    const user = aUser();
    expect(user).toMatchObject({ emailVerifiedAt: null, createdAt: NOW });
    expect(user.pullEvents()).toEqual([UserRegistered({ userId: user.id })]);
  });

  it('is verified once', () => {
    const user = aUser();
    user.pullEvents();
    user.verifyEmail(NOW);
    user.verifyEmail(new Date(NOW.getTime() + 1));
    expect(user.emailVerifiedAt).toEqual(NOW);
    expect(user.pullEvents()).toEqual([UserEmailVerified({ userId: user.id })]);
  });

  const again = { name: 'Ann Lee', passwordHash: 'another hash' };
  const later = new Date(NOW.getTime() + 1);

  it('takes the last registration for the valid one until the address is verified', () => {
    const user = aUser();
    user.pullEvents();
    user.registerAgain(again, later);
    expect(user).toMatchObject({ ...again, registeredAt: later, createdAt: NOW });
    expect(user.pullEvents()).toEqual([UserRegistrationRepeated({ userId: user.id })]);
  });

  it('is not changed by another registration once it is verified', () => {
    const user = aUser();
    user.verifyEmail(NOW);
    user.pullEvents();
    const { name, passwordHash } = user;
    user.registerAgain(again, later);
    expect(user).toMatchObject({ name, passwordHash, registeredAt: NOW });
    expect(user.pullEvents()).toEqual([UserRegistrationRepeated({ userId: user.id })]);
  });
});
