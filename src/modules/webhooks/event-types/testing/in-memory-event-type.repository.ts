import { InMemoryRows } from '../../../../platform/testing/in-memory-rows';
import type { EventType } from '../domain/event-type';
import { EventTypeExists } from '../domain/event-type.errors';
import { EventTypeRepository } from '../domain/event-type.repository';

export class InMemoryEventTypeRepository extends EventTypeRepository {
  private readonly rows = new InMemoryRows<EventType>();
  readonly events = this.rows.events;

  override async find(organizationId: string, name: string): Promise<EventType | null> {
    return this.rows.find((row) => row.organizationId === organizationId && row.name === name);
  }

  override async save(eventType: EventType): Promise<void> {
    const { id, organizationId, name } = eventType;
    const twin = this.rows.find((row) => row.id !== id && row.organizationId === organizationId && row.name === name);
    if (twin) throw new EventTypeExists(name);
    this.rows.save(eventType);
  }

  override async remove(eventType: EventType): Promise<void> {
    this.rows.save(eventType); // Keeps the events, and checks the version.
    this.rows.delete(eventType.id);
  }
}
