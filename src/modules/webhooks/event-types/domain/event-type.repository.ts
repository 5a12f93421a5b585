import type { EventType } from './event-type';

export const EVENT_TYPE_ID = 'evtype';

/** Port. Archived event types are found as well. */
export abstract class EventTypeRepository {
  abstract find(organizationId: string, name: string): Promise<EventType | null>;
  abstract findNamed(organizationId: string, names: readonly string[]): Promise<EventType[]>;
  /** The next ones by name that are not archived. */
  abstract findActive(organizationId: string, afterName: string, limit: number): Promise<EventType[]>;
  /** @throws EventTypeExists, ConcurrentChange */
  abstract save(eventType: EventType): Promise<void>;
  /** All of one organization: all of them or none. @throws EventTypeExists, ConcurrentChange */
  abstract saveAll(eventTypes: readonly EventType[]): Promise<void>;
  /** @throws ConcurrentChange */
  abstract remove(eventType: EventType): Promise<void>;
}
