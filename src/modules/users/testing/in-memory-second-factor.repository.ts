import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { SecondFactor } from '../domain/second-factor';
import { SecondFactorRepository } from '../domain/second-factor.repository';

export class InMemorySecondFactorRepository extends SecondFactorRepository {
  private readonly rows = new InMemoryRows<SecondFactor>();
  readonly events = this.rows.events;

  override async findByUser(userId: string): Promise<SecondFactor | null> {
    return this.rows.find((factor) => factor.userId === userId);
  }

  override async save(factor: SecondFactor): Promise<void> {
    if (this.rows.find(({ id, userId }) => id !== factor.id && userId === factor.userId)) throw new ConcurrentChange();
    this.rows.save(factor);
  }

  override async remove(factor: SecondFactor): Promise<void> {
    this.rows.remove(factor);
  }
}
