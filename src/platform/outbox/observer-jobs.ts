import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql } from '../database/sql';

export type ObservedEvent<Payload = unknown> = {
  readonly id: string;
  readonly type: string;
  readonly payload: Payload;
  readonly organizationId: string | null;
  readonly occurredAt: Date;
};

export type ClaimedObserverJob = {
  readonly observer: string;
  readonly lease: string;
  readonly attempt: number;
  readonly event: ObservedEvent;
};

/** Waits of 2, 4, 8, … s, at most an hour: 20 tries bridge about 10 hours, the longest outage that we promise to bridge. */
const MAX_ATTEMPTS = 20;
const MAX_WAIT_SECONDS = 3_600;
/** An observer that is silent for longer is taken for dead, and its work is given to another. */
const LEASE_SECONDS = 60;
/** A bell that nobody answered is rung again after this. */
const BELL_SECONDS = 10;

/** The duties of observers: the truth behind their Bull queues. */
@Injectable()
export class ObserverJobs {
  constructor(private readonly sql: Sql) {}

  /** Marks up to `limit` due jobs as rung and returns them, for their bells. Safe with any number of relays. */
  async ring(limit: number): Promise<{ eventId: string; observer: string }[]> {
    return this.sql.run(
      {
        name: 'observer_job.ring',
        text: `UPDATE observer_job SET rung_until = now() + make_interval(secs => ${BELL_SECONDS})
                WHERE (event_id, observer) IN (
                  SELECT event_id, observer FROM observer_job
                   WHERE due_at <= now() AND failed_at IS NULL
                     AND (rung_until IS NULL OR rung_until < now()) AND (lease_until IS NULL OR lease_until < now())
                   ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING event_id AS "eventId", observer`,
      },
      [limit],
    );
  }

  /** Null when the job is done, not due, or leased to another worker. */
  async claim(eventId: string, observer: string): Promise<ClaimedObserverJob | null> {
    const lease = randomUUID();
    const [row] = await this.sql.run<{
      attempt: number;
      id: string;
      type: string;
      payload: unknown;
      organizationId: string | null;
      occurredAt: Date;
    }>(
      {
        name: 'observer_job.claim',
        text: `UPDATE observer_job j SET lease = $3, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempts = attempts + 1
                 FROM outbox_event e
                WHERE j.event_id = $1 AND j.observer = $2 AND e.id = j.event_id
                  AND j.due_at <= now() AND j.failed_at IS NULL AND (j.lease_until IS NULL OR j.lease_until < now())
            RETURNING j.attempts AS attempt, e.id, e.type, e.payload, e.organization_id AS "organizationId", e.occurred_at AS "occurredAt"`,
      },
      [eventId, observer, lease],
    );
    if (!row) return null;
    const { attempt, ...event } = row;
    return { observer, lease, attempt, event };
  }

  async finish({ event, observer, lease }: ClaimedObserverJob): Promise<void> {
    await this.sql.run('DELETE FROM observer_job WHERE event_id = $1 AND observer = $2 AND lease = $3', [event.id, observer, lease]);
  }

  /** Puts the job back with a growing delay; after the last attempt it stays, failed, for a person to look at. */
  async fail({ event, observer, lease, attempt }: ClaimedObserverJob, error: unknown): Promise<'will_repeat' | 'gave_up'> {
    const gaveUp = attempt >= MAX_ATTEMPTS;
    const reason = (error instanceof Error ? error.name : typeof error).slice(0, 100);
    await this.sql.run(
      `UPDATE observer_job
          SET lease = NULL, lease_until = NULL, rung_until = NULL, last_error = $4,
              due_at = now() + make_interval(secs => $5), failed_at = CASE WHEN $6 THEN now() END
        WHERE event_id = $1 AND observer = $2 AND lease = $3`,
      [event.id, observer, lease, reason, Math.min(MAX_WAIT_SECONDS, 2 ** attempt), gaveUp],
    );
    return gaveUp ? 'gave_up' : 'will_repeat';
  }
}
