import type { DomainEvent } from '../events/domain-event';
import { EventRecorder } from '../events/event-recorder';

export class InMemoryEventRecorder extends EventRecorder {
  readonly recorded: DomainEvent[] = [];

  override async record(event: DomainEvent): Promise<void> {
    this.recorded.push(event);
    return Promise.resolve();
  }
}
