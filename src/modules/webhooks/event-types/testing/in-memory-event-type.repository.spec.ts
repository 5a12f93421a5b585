import { eventTypeRepositoryContract } from './event-type-repository.contract';
import { InMemoryEventTypeRepository } from './in-memory-event-type.repository';

describe('InMemoryEventTypeRepository', () => {
  const eventTypes = new InMemoryEventTypeRepository();
  eventTypeRepositoryContract(() => eventTypes);
});
