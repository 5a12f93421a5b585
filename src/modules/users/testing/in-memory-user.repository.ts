import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { User } from '../domain/user';
import { EmailTaken } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

export class InMemoryUserRepository extends UserRepository {
  private readonly rows = new InMemoryRows<User>();
  readonly events = this.rows.events;

  override async findById(id: string): Promise<User | null> {
    return this.rows.find((user) => user.id === id);
  }

  override async findByEmailHash(emailHash: Buffer): Promise<User | null> {
    return this.rows.find((user) => user.emailHash.equals(emailHash));
  }

  override async save(user: User): Promise<void> {
    if (this.rows.find(({ id, emailHash }) => id !== user.id && emailHash.equals(user.emailHash))) throw new EmailTaken();
    this.rows.save(user);
  }

  override async remove(user: User): Promise<void> {
    this.rows.remove(user);
  }
}
