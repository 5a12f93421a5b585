import { randomUUID } from 'node:crypto';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { EmailTaken } from '../domain/user.errors';
import type { UserRepository } from '../domain/user.repository';
import { aUser, NOW } from './builders';

/** Every adapter of the port must pass this: a fake that is not held to it is a lie waiting to happen. */
export function userRepositoryContract(open: () => UserRepository): void {
  const saved = async (user = aUser()) => {
    await open().save(user);
    return user;
  };

  it('finds what was saved, by id and by address', async () => {
    const user = await saved(aUser({ name: 'Жанна 🎷' }));
    const expected = {
      id: user.id,
      name: 'Жанна 🎷',
      email: user.email,
      emailVerifiedAt: null,
      registeredAt: NOW,
      createdAt: NOW,
      version: 1,
    };
    expect(await open().findById(user.id)).toMatchObject(expected);
    expect(await open().findByEmailHash(user.emailHash)).toMatchObject(expected);
  });

  it('answers null for what it does not have', async () => {
    expect(await open().findById('user_unknown')).toBeNull();
    expect(await open().findByEmailHash(aUser().emailHash)).toBeNull();
  });

  it('keeps a change', async () => {
    const { id } = await saved();
    const user = await open().findById(id);
    user!.verifyEmail(NOW);
    await open().save(user!);
    expect(await open().findById(id)).toMatchObject({ emailVerifiedAt: NOW, version: 2 });
  });

  it('refuses a second account with the same address', async () => {
    const email = `${randomUUID()}@example.com`;
    await saved(aUser({ email }));
    await expect(saved(aUser({ email }))).rejects.toThrow(EmailTaken);
  });

  it('forgets what was removed, unless it was changed meanwhile', async () => {
    const { id } = await saved();
    const [mine, theirs] = [await open().findById(id), await open().findById(id)];
    theirs!.verifyEmail(NOW);
    await open().save(theirs!);
    await expect(open().remove(mine!)).rejects.toThrow(ConcurrentChange);
    theirs!.erase();
    await open().remove(theirs!);
    expect(await open().findById(id)).toBeNull();
  });

  it('refuses to overwrite a change made meanwhile', async () => {
    const { id } = await saved();
    const [mine, theirs] = [await open().findById(id), await open().findById(id)];
    theirs!.verifyEmail(NOW);
    await open().save(theirs!);
    mine!.registerAgain({ name: 'Ann', passwordHash: 'another' }, NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
  });
}
