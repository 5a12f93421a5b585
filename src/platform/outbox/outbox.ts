import { Injectable } from '@nestjs/common';
import { TypeOrmUnitOfWork } from '../database/unit-of-work';
import { definitionOf, type DomainEvent, type EventDefinition } from '../events/domain-event';
import { EventRecorder } from '../events/event-recorder';
import { newId } from '../ids/id';
import { observersOf } from './observer';

/** Channel on which a commit with events wakes the relays. */
export const OUTBOX_CHANNEL = 'posthorn_outbox';

export type StampedEvent = DomainEvent & { readonly id: string; readonly definition: EventDefinition };

/** Takes part in the transaction that writes the events: what it throws undoes their change. */
export type OutboxParticipant = (events: readonly StampedEvent[], organizationId: string | null) => Promise<void>;

/**
 * Writes domain events in the transaction that explains them, with one `observer_job` for each observer. Committed
 * together or not at all; from then on the job is a duty that only its observer can end.
 */
@Injectable()
export class Outbox extends EventRecorder {
  private readonly participants: OutboxParticipant[] = [];

  constructor(private readonly uow: TypeOrmUnitOfWork) {
    super();
  }

  /** For the few who must write with the change itself, not soon after it: everybody else is an observer. */
  join(participant: OutboxParticipant): void {
    this.participants.push(participant);
  }

  override async record(event: DomainEvent, organizationId: string | null): Promise<void> {
    await this.uow.run(() => this.append([event], organizationId));
  }

  async append(events: readonly DomainEvent[], organizationId: string | null): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((event) => ({ id: newId('evt'), definition: definitionOf(event.type), ...event }));
    const jobs = rows.flatMap(({ id, type }) => observersOf(type).map((observer) => ({ id, observer })));
    await this.uow.manager.query(
      `WITH event AS (
         INSERT INTO outbox_event (id, type, payload, organization_id)
         SELECT id, type, payload::jsonb, $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS input (id, type, payload)
       ), job AS (
         INSERT INTO observer_job (event_id, observer) SELECT * FROM unnest($5::text[], $6::text[])
       )
       SELECT pg_notify($7, '')`,
      [
        rows.map(({ id }) => id),
        rows.map(({ type }) => type),
        rows.map(({ payload }) => JSON.stringify(payload)),
        organizationId,
        jobs.map(({ id }) => id),
        jobs.map(({ observer }) => observer),
        OUTBOX_CHANNEL,
      ],
    );
    for (const participate of this.participants) await participate(rows, organizationId);
  }
}
