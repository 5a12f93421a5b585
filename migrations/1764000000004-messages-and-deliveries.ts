import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accepted messages, the working set of deliveries, and what became of them. `message_outbox`, `pending_delivery` and
 * `delivery_lane` are small whatever the history: their size is the backlog. History is append-only and partitioned.
 */
export class MessagesAndDeliveries1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE message (
        id              text COLLATE "C" PRIMARY KEY,
        organization_id text COLLATE "C" NOT NULL,
        application_id  text COLLATE "C" NOT NULL,
        event_id        text COLLATE "C",
        event_type      text COLLATE "C" NOT NULL,
        channels        text[] COLLATE "C",
        payload         bytea,
        created_at      timestamptz NOT NULL
      ) PARTITION BY RANGE (id);
      CREATE INDEX message_by_application ON message (application_id, id);
      CREATE TABLE message_rest PARTITION OF message DEFAULT;

      CREATE TABLE message_event_id (
        application_id text COLLATE "C" NOT NULL,
        event_id       text COLLATE "C" NOT NULL,
        message_id     text COLLATE "C" NOT NULL,
        PRIMARY KEY (application_id, event_id)
      );

      CREATE TABLE message_outbox (
        message_id      text COLLATE "C" PRIMARY KEY,
        organization_id text COLLATE "C" NOT NULL,
        application_id  text COLLATE "C" NOT NULL,
        event_type      text COLLATE "C" NOT NULL,
        channels        text[] COLLATE "C",
        accepted_at     timestamptz NOT NULL
      );

      CREATE TABLE pending_delivery (
        message_id      text COLLATE "C" NOT NULL,
        endpoint_id     text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        application_id  text COLLATE "C" NOT NULL,
        event_type      text COLLATE "C" NOT NULL,
        status          smallint NOT NULL DEFAULT 1 CHECK (status IN (1, 3)),
        attempt_count   smallint NOT NULL DEFAULT 0,
        crash_count     smallint NOT NULL DEFAULT 0,
        trigger_type    smallint NOT NULL DEFAULT 0,
        next_at         timestamptz NOT NULL,
        lease           uuid,
        lease_until     timestamptz,
        worker_id       uuid,
        accepted_at     timestamptz NOT NULL,
        PRIMARY KEY (message_id, endpoint_id)
      ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
      CREATE INDEX pending_delivery_due ON pending_delivery (endpoint_id, next_at, message_id) WHERE status = 1;
      CREATE INDEX pending_delivery_sending ON pending_delivery (endpoint_id, lease_until) WHERE status = 3;

      CREATE TABLE delivery_lane (
        endpoint_id text COLLATE "C" PRIMARY KEY,
        due_at      timestamptz NOT NULL,
        saturated   boolean NOT NULL DEFAULT false
      ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
      CREATE INDEX delivery_lane_due ON delivery_lane (due_at);

      CREATE TABLE worker (
        id           uuid PRIMARY KEY,
        heartbeat_at timestamptz NOT NULL
      );

      CREATE TABLE settled_delivery (
        message_id      text COLLATE "C" NOT NULL,
        endpoint_id     text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        application_id  text COLLATE "C" NOT NULL,
        event_type      text COLLATE "C" NOT NULL,
        status          smallint NOT NULL CHECK (status IN (0, 2, 4)),
        reason          text NOT NULL,
        attempt_count   smallint NOT NULL,
        settled_at      timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (message_id, endpoint_id)
      ) PARTITION BY RANGE (message_id);
      CREATE INDEX settled_delivery_by_endpoint ON settled_delivery (endpoint_id, message_id);
      CREATE TABLE settled_delivery_rest PARTITION OF settled_delivery DEFAULT;

      CREATE VIEW delivery AS
        SELECT message_id, endpoint_id, organization_id, application_id, event_type, status, NULL::text AS reason, attempt_count, next_at
          FROM pending_delivery
         UNION ALL
        SELECT message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count, NULL::timestamptz
          FROM settled_delivery;

      CREATE TABLE attempt (
        id                   text COLLATE "C" PRIMARY KEY,
        organization_id      text COLLATE "C" NOT NULL,
        application_id       text COLLATE "C" NOT NULL,
        message_id           text COLLATE "C" NOT NULL,
        endpoint_id          text COLLATE "C" NOT NULL,
        event_type           text COLLATE "C" NOT NULL,
        status               smallint NOT NULL,
        reason               text NOT NULL,
        response_status_code smallint NOT NULL,
        response_duration_ms integer NOT NULL,
        trigger_type         smallint NOT NULL,
        url                  bytea NOT NULL,
        response             bytea NOT NULL,
        attempted_at         timestamptz NOT NULL
      ) PARTITION BY RANGE (id);
      CREATE INDEX attempt_by_endpoint ON attempt (endpoint_id, id);
      CREATE INDEX attempt_by_message ON attempt (message_id, id);
      CREATE TABLE attempt_rest PARTITION OF attempt DEFAULT;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW delivery;
      DROP TABLE attempt, settled_delivery, worker, delivery_lane, pending_delivery, message_outbox, message_event_id, message;
    `);
  }
}
