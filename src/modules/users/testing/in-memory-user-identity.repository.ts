import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { UserIdentity } from '../domain/user-identity';
import { UserIdentityRepository } from '../domain/user-identity.repository';

export class InMemoryUserIdentityRepository extends UserIdentityRepository {
  private readonly rows = new InMemoryRows<UserIdentity>();
  readonly events = this.rows.events;

  override async findBySubjectHash(subjectHash: Buffer): Promise<UserIdentity | null> {
    return this.rows.find((identity) => identity.subjectHash.equals(subjectHash));
  }

  override async save(identity: UserIdentity): Promise<void> {
    if (this.rows.find(({ id, subjectHash }) => id !== identity.id && subjectHash.equals(identity.subjectHash)))
      throw new ConcurrentChange();
    this.rows.save(identity);
  }
}
