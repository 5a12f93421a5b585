import { MessageRepository } from '../domain/message.repository';
import type { Appended, NewMessage } from '../domain/new-message';

export class InMemoryMessageRepository extends MessageRepository {
  readonly stored: NewMessage[] = [];

  /** @param applications ids or uids that exist, by organization */
  constructor(private readonly applications: Readonly<Record<string, readonly string[]>>) {
    super();
  }

  override append(message: NewMessage): Promise<Appended> {
    if (!this.applications[message.organizationId]?.includes(message.application))
      return Promise.resolve({ refused: 'unknown_application' });
    const taken = ({ application, eventId }: NewMessage) => application === message.application && eventId === message.eventId;
    if (message.eventId !== null && this.stored.some(taken)) return Promise.resolve({ refused: 'duplicate_event_id' });
    this.stored.push(message);
    return Promise.resolve({ acceptedAt: new Date() });
  }
}
