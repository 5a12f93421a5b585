import type { DomainEvent } from './domain-event';

/** Port: writes an event that no aggregate records, because nothing of ours changed: a refused sign-in, a secret that was read. */
export abstract class EventRecorder {
  /** In the transaction that is under way, or in one of its own. */
  abstract record(event: DomainEvent, organizationId: string | null): Promise<void>;
}
