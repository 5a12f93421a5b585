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

  override async findNamed(organizationId: string, names: readonly string[]): Promise<EventType[]> {
    return this.rows.all((row) => row.organizationId === organizationId && names.includes(row.name));
  }

  override async findActive(organizationId: string, afterName: string, limit: number): Promise<EventType[]> {
    return this.rows
      .all((row) => row.organizationId === organizationId && !row.archived && row.name > afterName)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  override async save(eventType: EventType): Promise<void> {
    const { id, organizationId, name } = eventType;
    const twin = this.rows.find((row) => row.id !== id && row.organizationId === organizationId && row.name === name);
    if (twin) throw new EventTypeExists(name);
    this.rows.save(eventType);
  }

  override async saveAll(eventTypes: readonly EventType[]): Promise<void> {
    for (const eventType of eventTypes) await this.save(eventType);
  }

  override async remove(eventType: EventType): Promise<void> {
    this.rows.remove(eventType);
  }
}
