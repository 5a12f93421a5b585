import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A settled delivery may be sent again: it is then pending, whatever its row in the history still says. Each list and
 * filter of messages, deliveries and attempts reads an index in the order in which it is shown.
 */
export class Recovery1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Headers, timings and address, encrypted; null on attempts of former releases.
      ALTER TABLE attempt ADD COLUMN details bytea;

      CREATE INDEX pending_delivery_by_endpoint ON pending_delivery (endpoint_id, message_id);
      CREATE INDEX settled_delivery_by_status ON settled_delivery (endpoint_id, status, message_id);
      CREATE INDEX settled_delivery_by_type ON settled_delivery (endpoint_id, event_type, message_id);
      CREATE INDEX attempt_by_class ON attempt (endpoint_id, (response_status_code / 100), id);
      CREATE INDEX attempt_by_type ON attempt (endpoint_id, event_type, id);
      CREATE INDEX message_by_type ON message (application_id, event_type, id);
      CREATE INDEX message_by_channel ON message USING gin (channels) WHERE channels IS NOT NULL;
      CREATE INDEX message_by_tag ON message USING gin (tags) WHERE tags IS NOT NULL;

      CREATE OR REPLACE VIEW delivery WITH (security_invoker = true) AS
        SELECT message_id, endpoint_id, organization_id, application_id, event_type, status, NULL::text AS reason, attempt_count, next_at
          FROM pending_delivery
         UNION ALL
        SELECT message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count, NULL::timestamptz
          FROM settled_delivery s
         WHERE NOT EXISTS (SELECT 1 FROM pending_delivery p WHERE p.message_id = s.message_id AND p.endpoint_id = s.endpoint_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE VIEW delivery WITH (security_invoker = true) AS
        SELECT message_id, endpoint_id, organization_id, application_id, event_type, status, NULL::text AS reason, attempt_count, next_at
          FROM pending_delivery
         UNION ALL
        SELECT message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count, NULL::timestamptz
          FROM settled_delivery;
      ALTER TABLE attempt DROP COLUMN details;
      DROP INDEX message_by_tag, message_by_channel, message_by_type, attempt_by_type, attempt_by_class,
        settled_delivery_by_type, settled_delivery_by_status, pending_delivery_by_endpoint;
    `);
  }
}
