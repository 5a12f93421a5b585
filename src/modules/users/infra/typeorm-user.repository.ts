import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { User } from '../domain/user';
import { EmailTaken } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

@Injectable()
export class TypeOrmUserRepository extends UserRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override findById(id: string): Promise<User | null> {
    return this.store.findOneBy(User, { id });
  }

  override findByEmailHash(emailHash: Buffer): Promise<User | null> {
    return this.store.findOneBy(User, { emailHash });
  }

  override async save(user: User): Promise<void> {
    await this.store.save(user).catch(onUniqueViolation('user_account_email_hash_key', () => new EmailTaken()));
  }

  override remove(user: User): Promise<void> {
    return this.store.remove(user);
  }
}
