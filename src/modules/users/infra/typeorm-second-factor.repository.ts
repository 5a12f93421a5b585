import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { SecondFactor } from '../domain/second-factor';
import { SecondFactorRepository } from '../domain/second-factor.repository';

@Injectable()
export class TypeOrmSecondFactorRepository extends SecondFactorRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override findByUser(userId: string): Promise<SecondFactor | null> {
    return this.store.findOneBy(SecondFactor, { userId });
  }

  override async save(factor: SecondFactor): Promise<void> {
    await this.store.save(factor).catch(onUniqueViolation('second_factor_user_id_key', () => new ConcurrentChange()));
  }

  override remove(factor: SecondFactor): Promise<void> {
    return this.store.remove(factor);
  }
}
