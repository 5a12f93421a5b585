import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

/** Bounds each statement, whatever the history: some hundred messages with all their attempts. */
const CHUNK = 500;

const MESSAGES = `
  WITH batch AS MATERIALIZED (SELECT id FROM message WHERE application_id = $1 ORDER BY id LIMIT $2),
  attempts AS (DELETE FROM attempt WHERE message_id IN (SELECT id FROM batch)),
  settled AS (DELETE FROM settled_delivery WHERE message_id IN (SELECT id FROM batch)),
  pending AS (DELETE FROM pending_delivery WHERE message_id IN (SELECT id FROM batch)),
  candidates AS (DELETE FROM filter_candidate WHERE message_id IN (SELECT id FROM batch)),
  accepted AS (DELETE FROM message_outbox WHERE message_id IN (SELECT id FROM batch)),
  scheduled AS (DELETE FROM scheduled_message WHERE message_id IN (SELECT id FROM batch)),
  gone AS (DELETE FROM message WHERE id IN (SELECT id FROM batch) RETURNING 1)
  SELECT count(*)::int AS gone FROM gone`;

const EVENT_IDS = `
  WITH gone AS (
    DELETE FROM message_event_id WHERE application_id = $1
       AND event_id = ANY (ARRAY(SELECT event_id FROM message_event_id WHERE application_id = $1 ORDER BY event_id LIMIT $2))
    RETURNING 1
  )
  SELECT count(*)::int AS gone FROM gone`;

const ENDPOINTS = `
  WITH batch AS MATERIALIZED (SELECT id FROM endpoint WHERE application_id = $1 ORDER BY id LIMIT $2),
  lanes AS (DELETE FROM delivery_lane WHERE endpoint_id IN (SELECT id FROM batch)),
  rate AS (DELETE FROM application_rate WHERE application_id = $1),
  gone AS (DELETE FROM endpoint WHERE id IN (SELECT id FROM batch) RETURNING 1)
  SELECT count(*)::int AS gone FROM gone`;

const NEXT_APPLICATION = 'SELECT id FROM application WHERE organization_id = $1 ORDER BY id LIMIT 1';

/**
 * Deletes all that the context holds of an organization that was erased, application by application, in the tables of all
 * its features. It cannot be read any more already; a repeat goes on where the last try ended.
 */
export class EraseWebhooks extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(EraseWebhooks)
export class EraseWebhooksHandler implements ICommandHandler<EraseWebhooks> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId }: EraseWebhooks): Promise<void> {
    for (;;) {
      const [application] = await this.sql.run<{ id: string }>(NEXT_APPLICATION, [organizationId]);
      if (!application) break;
      for (const statement of [MESSAGES, EVENT_IDS, ENDPOINTS]) while (await this.deletesSome(statement, application.id));
      await this.sql.run('DELETE FROM application WHERE id = $1', [application.id]);
    }
    await this.sql.run('DELETE FROM event_type WHERE organization_id = $1', [organizationId]);
    await this.sql.run('DELETE FROM closed_organization WHERE organization_id = $1', [organizationId]);
  }

  private async deletesSome(statement: string, applicationId: string): Promise<boolean> {
    const [row] = await this.sql.run<{ gone: number }>(statement, [applicationId, CHUNK]);
    return (row?.gone ?? 0) > 0;
  }
}
