import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import type { EmailVerificationRepository } from '../domain/email-verification.repository';
import { aVerification, NOW, someSecrets } from './builders';

/** `ownerId` makes a user that verifications can belong to. */
export function emailVerificationRepositoryContract(
  open: () => EmailVerificationRepository,
  ownerId: () => Promise<string> = async () => newId('user'),
): void {
  const saved = async () => {
    const verification = aVerification(await ownerId());
    await open().save(verification);
    return verification;
  };

  it('finds what was saved, by user and by token', async () => {
    const { id, userId, tokenHash, expiresAt } = await saved();
    expect(await open().findByUser(userId)).toMatchObject({ id, expiresAt, registeredAt: NOW, codeAttempts: 0, usedAt: null });
    expect(await open().findByTokenHash(tokenHash)).toMatchObject({ id });
  });

  it('answers null for what it does not have', async () => {
    expect(await open().findByUser('user_unknown')).toBeNull();
    expect(await open().findByTokenHash(someSecrets().tokenHash)).toBeNull();
  });

  it('forgets the token that was replaced', async () => {
    const verification = await saved();
    const { tokenHash } = verification;
    verification.reissue(someSecrets(), NOW);
    await open().save(verification);
    expect(await open().findByTokenHash(tokenHash)).toBeNull();
  });

  it('keeps one verification for each user', async () => {
    const { userId } = await saved();
    await expect(open().save(aVerification(userId))).rejects.toThrow(ConcurrentChange);
  });

  it('refuses to overwrite a change made meanwhile', async () => {
    const { userId } = await saved();
    const [mine, theirs] = [await open().findByUser(userId), await open().findByUser(userId)];
    theirs!.spendCodeAttempt(NOW);
    await open().save(theirs!);
    mine!.spendCodeAttempt(NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
  });
}
