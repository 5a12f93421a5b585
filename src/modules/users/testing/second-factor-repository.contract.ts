import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import type { SecondFactorRepository } from '../domain/second-factor.repository';
import { aSecondFactor, NOW } from './builders';

/** `ownerId` makes a user that second factors can belong to. */
export function secondFactorRepositoryContract(
  open: () => SecondFactorRepository,
  ownerId: () => Promise<string> = async () => newId('user'),
): void {
  const saved = async () => {
    const factor = aSecondFactor(await ownerId());
    await open().save(factor);
    return factor;
  };

  it('finds what was saved', async () => {
    const { id, userId, secret } = await saved();
    expect(await open().findByUser(userId)).toMatchObject({ id, secret, confirmedAt: null, lastUsedStep: null, recoveryHashes: [] });
    expect(await open().findByUser('user_unknown')).toBeNull();
  });

  it('keeps what was confirmed and used', async () => {
    const factor = await saved();
    factor.confirm(60_000_000, [Buffer.from('a1', 'hex'), Buffer.from('b2', 'hex')], NOW);
    await open().save(factor);
    expect(await open().findByUser(factor.userId)).toMatchObject({
      confirmedAt: NOW,
      lastUsedStep: 60_000_000,
      recoveryHashes: ['a1', 'b2'],
    });
  });

  it('keeps one for each user', async () => {
    const { userId } = await saved();
    await expect(open().save(aSecondFactor(userId))).rejects.toThrow(ConcurrentChange);
  });

  it('lets one of two use a code', async () => {
    const { userId } = await saved();
    const [mine, theirs] = [await open().findByUser(userId), await open().findByUser(userId)];
    theirs!.useStep(60_000_000, NOW);
    await open().save(theirs!);
    mine!.useStep(60_000_000, NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
    await expect(open().remove(mine!)).rejects.toThrow(ConcurrentChange);
  });

  it('forgets what was removed', async () => {
    const factor = await saved();
    await open().remove(factor);
    expect(await open().findByUser(factor.userId)).toBeNull();
  });
}
