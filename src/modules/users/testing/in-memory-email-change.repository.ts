import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { EmailChange } from '../domain/email-change';
import { EmailChangeRepository } from '../domain/email-change.repository';

export class InMemoryEmailChangeRepository extends EmailChangeRepository {
  private readonly rows = new InMemoryRows<EmailChange>();
  readonly events = this.rows.events;

  override async findByUser(userId: string): Promise<EmailChange | null> {
    return this.rows.find((change) => change.userId === userId);
  }

  override async findByTokenHash(tokenHash: Buffer): Promise<EmailChange | null> {
    return this.rows.find(({ oldTokenHash, newTokenHash }) => [oldTokenHash, newTokenHash].some((hash) => hash?.equals(tokenHash)));
  }

  override async save(change: EmailChange): Promise<void> {
    if (this.rows.find(({ id, userId }) => id !== change.id && userId === change.userId)) throw new ConcurrentChange();
    this.rows.save(change);
  }
}
