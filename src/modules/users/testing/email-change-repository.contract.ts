import { randomBytes } from 'node:crypto';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import type { EmailChangeRepository } from '../domain/email-change.repository';
import { anEmailChange, NOW } from './builders';

/** `ownerId` makes a user that changes can belong to. */
export function emailChangeRepositoryContract(
  open: () => EmailChangeRepository,
  ownerId: () => Promise<string> = async () => newId('user'),
): void {
  const saved = async () => {
    const change = anEmailChange(await ownerId());
    await open().save(change);
    return change;
  };

  it('finds what was saved', async () => {
    const { id, userId, newEmail, newEmailHash, expiresAt } = await saved();
    const expected = { id, newEmail, newEmailHash, expiresAt, oldTokenHash: null, newTokenHash: null, oldConfirmedAt: null, endedAt: null };
    expect(await open().findByUser(userId)).toMatchObject(expected);
    expect(await open().findByUser('user_unknown')).toBeNull();
  });

  it('finds it by the token of either side, and by no other', async () => {
    const change = await saved();
    const [old, fresh] = [randomBytes(32), randomBytes(32)];
    change.issue('old', old, NOW);
    change.issue('new', fresh, NOW);
    await open().save(change);
    expect(await open().findByTokenHash(old)).toMatchObject({ id: change.id });
    expect(await open().findByTokenHash(fresh)).toMatchObject({ id: change.id });
    expect(await open().findByTokenHash(randomBytes(32))).toBeNull();
  });

  it('keeps one change for each user', async () => {
    const { userId } = await saved();
    await expect(open().save(anEmailChange(userId))).rejects.toThrow(ConcurrentChange);
  });

  it('refuses to overwrite a change made meanwhile', async () => {
    const { userId } = await saved();
    const [mine, theirs] = [await open().findByUser(userId), await open().findByUser(userId)];
    theirs!.giveUp(NOW);
    await open().save(theirs!);
    mine!.issue('old', randomBytes(32), NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
  });
}
