import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { UserIdentity } from '../domain/user-identity';
import { UserIdentityRepository } from '../domain/user-identity.repository';

@Injectable()
export class TypeOrmUserIdentityRepository extends UserIdentityRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override findBySubjectHash(subjectHash: Buffer): Promise<UserIdentity | null> {
    return this.store.findOneBy(UserIdentity, { subjectHash });
  }

  override save(identity: UserIdentity): Promise<void> {
    return this.store.save(identity).catch(onUniqueViolation('user_identity_subject_hash_key', () => new ConcurrentChange()));
  }
}
