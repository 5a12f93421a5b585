import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { EmailVerification } from '../domain/email-verification';
import { EmailVerificationRepository } from '../domain/email-verification.repository';

export class InMemoryEmailVerificationRepository extends EmailVerificationRepository {
  private readonly rows = new InMemoryRows<EmailVerification>();

  override async findByUser(userId: string): Promise<EmailVerification | null> {
    return this.rows.find((verification) => verification.userId === userId);
  }

  override async findByTokenHash(tokenHash: Buffer): Promise<EmailVerification | null> {
    return this.rows.find((verification) => verification.tokenHash.equals(tokenHash));
  }

  override async save(verification: EmailVerification): Promise<void> {
    if (this.rows.find(({ id, userId }) => id !== verification.id && userId === verification.userId)) throw new ConcurrentChange();
    this.rows.save(verification);
  }
}
