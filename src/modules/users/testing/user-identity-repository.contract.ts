import { randomBytes } from 'node:crypto';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import { UserIdentity } from '../domain/user-identity';
import type { UserIdentityRepository } from '../domain/user-identity.repository';
import { NOW } from './builders';

/** `ownerId` makes a user that identities can belong to. */
export function userIdentityRepositoryContract(
  open: () => UserIdentityRepository,
  ownerId: () => Promise<string> = async () => newId('user'),
): void {
  it('finds what was saved, and nothing else', async () => {
    const identity = UserIdentity.link(newId('idn'), await ownerId(), randomBytes(32), NOW);
    await open().save(identity);
    expect(await open().findBySubjectHash(identity.subjectHash)).toMatchObject({ id: identity.id, userId: identity.userId });
    expect(await open().findBySubjectHash(randomBytes(32))).toBeNull();
  });

  it('links an identity once', async () => {
    const hash = randomBytes(32);
    await open().save(UserIdentity.link(newId('idn'), await ownerId(), hash, NOW));
    await expect(open().save(UserIdentity.link(newId('idn'), await ownerId(), hash, NOW))).rejects.toThrow(ConcurrentChange);
  });
}
