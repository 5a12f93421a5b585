import type { PasswordReset } from './password-reset';

/** Port. */
export abstract class PasswordResetRepository {
  abstract findByUser(userId: string): Promise<PasswordReset | null>;
  abstract findByTokenHash(tokenHash: Buffer): Promise<PasswordReset | null>;
  /** @throws ConcurrentChange */
  abstract save(reset: PasswordReset): Promise<void>;
}
