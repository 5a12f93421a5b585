import { timeOf } from '../../../../platform/ids/id';
import { MessageRepository } from '../domain/message.repository';
import type { Appended, NewMessage } from '../domain/new-message';

type Known = {
  /** Ids or uids that exist, by organization. */
  readonly applications: Readonly<Record<string, readonly string[]>>;
  /** Versions of the event types whose payloads are checked, by name. */
  readonly checked?: Readonly<Record<string, number>>;
};

export class InMemoryMessageRepository extends MessageRepository {
  readonly stored: NewMessage[] = [];

  constructor(readonly known: Known) {
    super();
  }

  override append(message: NewMessage): Promise<Appended> {
    const { applications, checked = {} } = this.known;
    if (!applications[message.organizationId]?.includes(message.application)) return Promise.resolve({ refused: 'unknown_application' });
    if ((checked[message.eventType] ?? null) !== message.checkedVersion) return Promise.resolve({ refused: 'unchecked' });
    const taken = ({ application, eventId }: NewMessage) => application === message.application && eventId === message.eventId;
    if (message.eventId !== null && this.stored.some(taken)) return Promise.resolve({ refused: 'duplicate_event_id' });
    this.stored.push(message);
    return Promise.resolve({ acceptedAt: timeOf(message.id) });
  }

  override appendAll(messages: readonly NewMessage[]): Promise<readonly Appended[]> {
    return Promise.all(messages.map((message) => this.append(message)));
  }
}
