import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What endpoints that want an order, a rate or a pause need, and how many bytes a payload has. */
export class DeliveryOrderAndLimits1764000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Drawn when a message is accepted: whoever was answered before another was handed in has the smaller number.
      CREATE SEQUENCE delivery_position;
      GRANT USAGE ON SEQUENCE delivery_position TO posthorn_tenant;
      ALTER TABLE message_outbox
        ADD COLUMN position      bigint NOT NULL DEFAULT nextval('delivery_position'),
        ADD COLUMN payload_bytes integer NOT NULL DEFAULT 0;
      CREATE INDEX message_outbox_in_order ON message_outbox (position);
      ALTER TABLE scheduled_message ADD COLUMN payload_bytes integer NOT NULL DEFAULT 0;

      -- 0: has no place in an order, and goes when it is due.
      ALTER TABLE pending_delivery
        ADD COLUMN position      bigint NOT NULL DEFAULT 0,
        ADD COLUMN payload_bytes integer NOT NULL DEFAULT 0;
      DROP INDEX pending_delivery_due, pending_delivery_sending;
      CREATE INDEX pending_delivery_due ON pending_delivery (endpoint_id, position, next_at, message_id) WHERE status = 1;
      CREATE INDEX pending_delivery_sending ON pending_delivery (organization_id, endpoint_id) WHERE status = 3;
      CREATE INDEX endpoint_with_order ON endpoint (application_id) WHERE ordering = 'fifo';

      ALTER TABLE delivery_lane
        -- Null in rows of former releases, until their next delivery.
        ADD COLUMN organization_id text COLLATE "C",
        -- Failures since the last success, as the circuit breaker counts them; open until then, and afterwards for one probe.
        ADD COLUMN strikes         smallint NOT NULL DEFAULT 0,
        ADD COLUMN open_until      timestamptz,
        -- When the next request may begin, at an endpoint with a rate.
        ADD COLUMN slot_at         timestamptz;
      UPDATE delivery_lane l SET organization_id = e.organization_id FROM endpoint e WHERE e.id = l.endpoint_id;
      CREATE INDEX delivery_lane_open ON delivery_lane (open_until) WHERE open_until IS NOT NULL;
      ALTER TABLE delivery_lane ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON delivery_lane TO posthorn_tenant
        USING (organization_id IS NULL OR organization_id = current_setting('posthorn.organization', true));

      -- The same for all endpoints of an application together.
      CREATE TABLE application_rate (
        application_id text COLLATE "C" PRIMARY KEY,
        slot_at        timestamptz NOT NULL
      ) WITH (fillfactor = 50);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE application_rate;
      DROP POLICY tenant ON delivery_lane;
      ALTER TABLE delivery_lane DISABLE ROW LEVEL SECURITY;
      ALTER TABLE delivery_lane DROP COLUMN organization_id, DROP COLUMN strikes, DROP COLUMN open_until, DROP COLUMN slot_at;
      DROP INDEX endpoint_with_order, pending_delivery_due, pending_delivery_sending;
      ALTER TABLE pending_delivery DROP COLUMN position, DROP COLUMN payload_bytes;
      CREATE INDEX pending_delivery_due ON pending_delivery (endpoint_id, next_at, message_id) WHERE status = 1;
      CREATE INDEX pending_delivery_sending ON pending_delivery (endpoint_id, lease_until) WHERE status = 3;
      ALTER TABLE scheduled_message DROP COLUMN payload_bytes;
      ALTER TABLE message_outbox DROP COLUMN position, DROP COLUMN payload_bytes;
      DROP SEQUENCE delivery_position;
    `);
  }
}
