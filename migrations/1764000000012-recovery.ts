import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A settled delivery may be sent again: it is then pending, whatever its row in the history still says. Lists by endpoint
 * and by status read their indexes in the order in which they are shown.
 */
export class Recovery1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Headers, timings and address, encrypted; null on attempts of former releases.
      ALTER TABLE attempt ADD COLUMN details bytea;

      CREATE INDEX pending_delivery_by_endpoint ON pending_delivery (endpoint_id, message_id);
      CREATE INDEX settled_delivery_by_status ON settled_delivery (endpoint_id, status, message_id);

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
      DROP INDEX settled_delivery_by_status, pending_delivery_by_endpoint;
    `);
  }
}
