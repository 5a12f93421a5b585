import type { User } from './user';

/** Port. `save` also stores the events that the aggregate recorded, in the same transaction. */
export abstract class UserRepository {
  abstract findById(id: string): Promise<User | null>;
  abstract findByEmailHash(emailHash: Buffer): Promise<User | null>;
  /** @throws EmailTaken, ConcurrentChange */
  abstract save(user: User): Promise<void>;
  /** @throws ConcurrentChange */
  abstract remove(user: User): Promise<void>;
}
