import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import { AggregateStore } from '../../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../../platform/database/on-unique-violation';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { EventType } from '../domain/event-type';
import { EventTypeExists } from '../domain/event-type.errors';
import { EventTypeRepository } from '../domain/event-type.repository';

@Injectable()
export class TypeOrmEventTypeRepository extends EventTypeRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override async find(organizationId: string, name: string): Promise<EventType | null> {
    return IDENTIFIER.test(name) ? this.store.findOneBy(EventType, { organizationId, name }) : null;
  }

  override findNamed(organizationId: string, names: readonly string[]): Promise<EventType[]> {
    return this.store.find(EventType, { where: { organizationId, name: In(names) } });
  }

  override findActive(organizationId: string, afterName: string, limit: number): Promise<EventType[]> {
    const where = { organizationId, name: MoreThan(afterName), archived: false };
    return this.store.find(EventType, { where, order: { name: 'ASC' }, take: limit });
  }

  override async save(eventType: EventType): Promise<void> {
    await this.store.save(eventType).catch(onUniqueViolation('event_type_name_key', () => new EventTypeExists(eventType.name)));
  }

  override async saveAll(eventTypes: readonly EventType[]): Promise<void> {
    await this.store.saveAll(eventTypes).catch(onUniqueViolation('event_type_name_key', () => new EventTypeExists('of this import')));
  }

  override remove(eventType: EventType): Promise<void> {
    return this.store.remove(eventType);
  }
}
