import type { EmailChange } from './email-change';

/** Port. */
export abstract class EmailChangeRepository {
  abstract findByUser(userId: string): Promise<EmailChange | null>;
  /** By the token of either side. */
  abstract findByTokenHash(tokenHash: Buffer): Promise<EmailChange | null>;
  /** @throws ConcurrentChange */
  abstract save(change: EmailChange): Promise<void>;
}
