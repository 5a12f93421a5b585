import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { UserNotFound } from '../domain/user.errors';
import { aUser, NOW } from '../testing/builders';
import { InMemoryPasswordResetRepository } from '../testing/in-memory-password-reset.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { EraseUser, EraseUserHandler } from './erase-user';
import { IssuePasswordReset, IssuePasswordResetHandler } from './issue-password-reset';
import { RequestErasure, RequestErasureHandler } from './request-erasure';

describe('erasure', () => {
  const clock = new FixedClock(NOW);
  let users: InMemoryUserRepository;

  const request = (userId: string) => new RequestErasureHandler(users, clock).execute(new RequestErasure(userId));
  const erase = (userId: string) => new EraseUserHandler(users).execute(new EraseUser(userId));
  const saved = async () => {
    const user = aUser();
    await users.save(user);
    return user;
  };

  beforeEach(() => {
    users = new InMemoryUserRepository();
  });

  it('is asked for, then done, then over', async () => {
    const { id } = await saved();
    await request(id);
    expect(await users.findById(id)).toMatchObject({ erasureRequestedAt: NOW });
    await erase(id);
    expect(await users.findById(id)).toBeNull();
    await expect(erase(id)).resolves.toBeUndefined();
    expect(users.events.map(({ type }) => type)).toEqual(['user.registered', 'user.erasure_requested', 'user.erased']);
    await expect(request(id)).rejects.toThrow(UserNotFound);
  });

  it('is asked for once', async () => {
    const { id } = await saved();
    await request(id);
    await request(id);
    expect(users.events.filter(({ type }) => type === 'user.erasure_requested')).toHaveLength(1);
  });

  it('leaves no way back by a forgotten password', async () => {
    const { id } = await saved();
    await request(id);
    const resets = new InMemoryPasswordResetRepository();
    const issue = new IssuePasswordResetHandler(users, resets, new LookupHash(Buffer.alloc(32, 1)), clock);
    expect(await issue.execute(new IssuePasswordReset(id))).toBeNull();
  });
});
