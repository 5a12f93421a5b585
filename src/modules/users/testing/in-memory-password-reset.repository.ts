import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { PasswordReset } from '../domain/password-reset';
import { PasswordResetRepository } from '../domain/password-reset.repository';

export class InMemoryPasswordResetRepository extends PasswordResetRepository {
  private readonly rows = new InMemoryRows<PasswordReset>();

  override async findByUser(userId: string): Promise<PasswordReset | null> {
    return this.rows.find((reset) => reset.userId === userId);
  }

  override async findByTokenHash(tokenHash: Buffer): Promise<PasswordReset | null> {
    return this.rows.find((reset) => reset.tokenHash.equals(tokenHash));
  }

  override async save(reset: PasswordReset): Promise<void> {
    if (this.rows.find(({ id, userId }) => id !== reset.id && userId === reset.userId)) throw new ConcurrentChange();
    this.rows.save(reset);
  }
}
