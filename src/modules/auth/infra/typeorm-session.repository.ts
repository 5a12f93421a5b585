import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { Session } from '../domain/session';
import { SessionRepository } from '../domain/session.repository';

@Injectable()
export class TypeOrmSessionRepository extends SessionRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override find(id: string): Promise<Session | null> {
    return this.store.findOneBy(Session, { id });
  }

  override lockOpenOf(userId: string): Promise<Session[]> {
    return this.store.find(Session, { where: { userId, revokedAt: IsNull() }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  override async forget(userId: string): Promise<void> {
    for (const session of await this.store.find(Session, { where: { userId } })) await this.store.remove(session);
  }

  override save(session: Session): Promise<void> {
    return this.store.save(session);
  }
}
