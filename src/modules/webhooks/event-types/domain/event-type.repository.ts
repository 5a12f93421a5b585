import type { EventType } from './event-type';

export const EVENT_TYPE_ID = 'evtype';

/** Port. Archived event types are found as well. */
export abstract class EventTypeRepository {
  abstract find(organizationId: string, name: string): Promise<EventType | null>;
  /** @throws EventTypeExists, ConcurrentChange */
  abstract save(eventType: EventType): Promise<void>;
  /** @throws ConcurrentChange */
  abstract remove(eventType: EventType): Promise<void>;
}
