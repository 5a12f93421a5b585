import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { Session } from '../domain/session';
import { SessionRepository } from '../domain/session.repository';

export class InMemorySessionRepository extends SessionRepository {
  private readonly rows = new InMemoryRows<Session>();
  readonly events = this.rows.events;

  override async find(id: string): Promise<Session | null> {
    return this.rows.find((session) => session.id === id);
  }

  override async lockOpenOf(userId: string): Promise<Session[]> {
    return this.rows.all((session) => session.userId === userId && !session.revokedAt);
  }

  override async forget(userId: string): Promise<void> {
    for (const session of this.rows.all((each) => each.userId === userId)) this.rows.remove(session);
  }

  override async save(session: Session): Promise<void> {
    this.rows.save(session);
  }
}
