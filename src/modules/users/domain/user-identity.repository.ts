import type { UserIdentity } from './user-identity';

/** Port. */
export abstract class UserIdentityRepository {
  abstract findBySubjectHash(subjectHash: Buffer): Promise<UserIdentity | null>;
  /** @throws ConcurrentChange when the identity is linked already */
  abstract save(identity: UserIdentity): Promise<void>;
}
