import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { EmailChange } from '../domain/email-change';
import { EmailChangeRepository } from '../domain/email-change.repository';

@Injectable()
export class TypeOrmEmailChangeRepository extends EmailChangeRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override findByUser(userId: string): Promise<EmailChange | null> {
    return this.store.findOneBy(EmailChange, { userId });
  }

  override async findByTokenHash(tokenHash: Buffer): Promise<EmailChange | null> {
    const change = await this.store.findOneBy(EmailChange, { oldTokenHash: tokenHash });
    return change ?? this.store.findOneBy(EmailChange, { newTokenHash: tokenHash });
  }

  override async save(change: EmailChange): Promise<void> {
    await this.store.save(change).catch(onUniqueViolation('email_change_user_id_key', () => new ConcurrentChange()));
  }
}
