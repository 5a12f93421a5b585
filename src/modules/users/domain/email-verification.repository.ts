import type { EmailVerification } from './email-verification';

/** Port. */
export abstract class EmailVerificationRepository {
  abstract findByUser(userId: string): Promise<EmailVerification | null>;
  abstract findByTokenHash(tokenHash: Buffer): Promise<EmailVerification | null>;
  /** @throws ConcurrentChange */
  abstract save(verification: EmailVerification): Promise<void>;
}
