import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints that want messages by what is in them, and endpoints whose owner has shown that they are theirs. */
export class EndpointFilters1764000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE endpoint
        -- Encrypted; null for all payloads.
        ADD COLUMN filter      bytea,
        ADD COLUMN verified_at timestamptz;
      CREATE INDEX endpoint_deleted ON endpoint (application_id, id) WHERE deleted_at IS NOT NULL;

      -- Deliveries about which the filter of their endpoint decides, as soon as a worker has read the payload.
      CREATE TABLE filter_candidate (
        message_id      text COLLATE "C" NOT NULL,
        endpoint_id     text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        application_id  text COLLATE "C" NOT NULL,
        event_type      text COLLATE "C" NOT NULL,
        trigger_type    smallint NOT NULL DEFAULT 0,
        accepted_at     timestamptz NOT NULL,
        -- Of the message in the order of acceptance, and the bytes of its payload.
        position        bigint NOT NULL DEFAULT nextval('delivery_position'),
        payload_bytes   integer NOT NULL DEFAULT 0,
        -- Later than now only for what could not be read.
        due_at          timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (message_id, endpoint_id)
      ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
      CREATE INDEX filter_candidate_by_endpoint ON filter_candidate (endpoint_id);
      ALTER TABLE filter_candidate ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON filter_candidate TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE filter_candidate;
      DROP INDEX endpoint_deleted;
      ALTER TABLE endpoint DROP COLUMN filter, DROP COLUMN verified_at;
    `);
  }
}
