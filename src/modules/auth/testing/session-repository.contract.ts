import type { UnitOfWork } from '../../../platform/database/unit-of-work';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import type { SessionRepository } from '../domain/session.repository';
import { aSession, NOW } from './builders';

export function sessionRepositoryContract(open: () => SessionRepository, uow: () => UnitOfWork = () => new ImmediateUnitOfWork()): void {
  const saved = async (userId = newId('user')) => {
    const session = aSession(userId);
    await open().save(session);
    return session;
  };

  it('finds what was saved', async () => {
    const { id, userId, nonce, expiresAt } = await saved();
    expect(await open().find(id)).toMatchObject({
      id,
      userId,
      nonce,
      expiresAt,
      generation: 1,
      device: { userAgent: 'Firefox 🦊', address: '203.0.113.7' },
      refreshedAt: NOW,
      revokedAt: null,
    });
    expect(await open().find(newId('ses'))).toBeNull();
  });

  it('keeps a change', async () => {
    const session = await saved();
    session.refresh(1, NOW);
    await open().save(session);
    expect(await open().find(session.id)).toMatchObject({ generation: 2, version: 2 });
  });

  it('locks the sessions of a person that are open, and of nobody else', async () => {
    const mine = await saved();
    const ended = await saved(mine.userId);
    ended.end('signed_out', NOW);
    await open().save(ended);
    await saved();
    const found = await uow().run(() => open().lockOpenOf(mine.userId));
    expect(found.map(({ id }) => id)).toEqual([mine.id]);
  });

  it('forgets all sessions of a person, and of nobody else', async () => {
    const [mine, other] = [await saved(), await saved()];
    const ended = await saved(mine.userId);
    ended.end('signed_out', NOW);
    await open().save(ended);
    await open().forget(mine.userId);
    for (const { id } of [mine, ended]) expect(await open().find(id)).toBeNull();
    expect(await open().find(other.id)).not.toBeNull();
  });

  it('refuses to overwrite a change made meanwhile', async () => {
    const { id } = await saved();
    const [mine, theirs] = [await open().find(id), await open().find(id)];
    theirs!.refresh(1, NOW);
    await open().save(theirs!);
    mine!.refresh(1, NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
  });
}
