import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { EmailVerification } from '../domain/email-verification';
import { EmailVerificationRepository } from '../domain/email-verification.repository';

@Injectable()
export class TypeOrmEmailVerificationRepository extends EmailVerificationRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override findByUser(userId: string): Promise<EmailVerification | null> {
    return this.store.findOneBy(EmailVerification, { userId });
  }

  override findByTokenHash(tokenHash: Buffer): Promise<EmailVerification | null> {
    return this.store.findOneBy(EmailVerification, { tokenHash });
  }

  override async save(verification: EmailVerification): Promise<void> {
    await this.store.save(verification).catch(onUniqueViolation('email_verification_user_id_key', () => new ConcurrentChange()));
  }
}
