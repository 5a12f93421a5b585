import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { PasswordReset } from '../domain/password-reset';
import { PasswordResetRepository } from '../domain/password-reset.repository';

@Injectable()
export class TypeOrmPasswordResetRepository extends PasswordResetRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override findByUser(userId: string): Promise<PasswordReset | null> {
    return this.store.findOneBy(PasswordReset, { userId });
  }

  override findByTokenHash(tokenHash: Buffer): Promise<PasswordReset | null> {
    return this.store.findOneBy(PasswordReset, { tokenHash });
  }

  override async save(reset: PasswordReset): Promise<void> {
    await this.store.save(reset).catch(onUniqueViolation('password_reset_user_id_key', () => new ConcurrentChange()));
  }
}
