import { randomBytes } from 'node:crypto';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import type { PasswordResetRepository } from '../domain/password-reset.repository';
import type { User } from '../domain/user';
import { aPasswordReset, aUser, NOW } from './builders';

/** `owner` makes a user that resets can belong to. */
export function passwordResetRepositoryContract(
  open: () => PasswordResetRepository,
  owner: () => Promise<User> = async () => aUser(),
): void {
  const saved = async () => {
    const user = await owner();
    const reset = aPasswordReset(user);
    await open().save(reset);
    return { user, reset };
  };

  it('finds what was saved, by user and by token', async () => {
    const { user, reset } = await saved();
    const expected = { id: reset.id, expiresAt: reset.expiresAt, emailHash: user.emailHash, passwordChangedAt: null, usedAt: null };
    expect(await open().findByUser(user.id)).toMatchObject(expected);
    expect(await open().findByTokenHash(reset.tokenHash)).toMatchObject(expected);
  });

  it('answers null for what it does not have', async () => {
    expect(await open().findByUser('user_unknown')).toBeNull();
    expect(await open().findByTokenHash(randomBytes(32))).toBeNull();
  });

  it('forgets the token that was replaced', async () => {
    const { user, reset } = await saved();
    const { tokenHash } = reset;
    reset.reissue(user, randomBytes(32), NOW);
    await open().save(reset);
    expect(await open().findByTokenHash(tokenHash)).toBeNull();
  });

  it('keeps one reset for each user', async () => {
    const { user } = await saved();
    await expect(open().save(aPasswordReset(user))).rejects.toThrow(ConcurrentChange);
  });

  it('lets one of two use it', async () => {
    const { user } = await saved();
    const [mine, theirs] = [await open().findByUser(user.id), await open().findByUser(user.id)];
    theirs!.use(user, NOW);
    await open().save(theirs!);
    mine!.use(user, NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
  });
}
