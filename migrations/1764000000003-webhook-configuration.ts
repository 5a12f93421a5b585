import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Applications, event types and endpoints. `bytea` columns are encrypted. */
export class WebhookConfiguration1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE application (
        id              text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        uid             text COLLATE "C",
        name            bytea NOT NULL,
        metadata        bytea NOT NULL,
        throttle_rate   integer,
        version         integer NOT NULL,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL,
        deleted_at      timestamptz,
        CONSTRAINT application_pkey PRIMARY KEY (id)
      );
      CREATE UNIQUE INDEX application_uid_key ON application (organization_id, uid) WHERE deleted_at IS NULL;
      CREATE INDEX application_list ON application (organization_id, id) WHERE deleted_at IS NULL;

      CREATE TABLE event_type (
        id              text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        name            text COLLATE "C" NOT NULL,
        description     bytea NOT NULL,
        schemas         bytea,
        archived        boolean NOT NULL,
        deprecated      boolean NOT NULL,
        feature_flag    text COLLATE "C",
        version         integer NOT NULL,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL,
        CONSTRAINT event_type_pkey PRIMARY KEY (id),
        CONSTRAINT event_type_name_key UNIQUE (organization_id, name)
      );

      CREATE TABLE endpoint (
        id              text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        application_id  text COLLATE "C" NOT NULL REFERENCES application (id),
        uid             text COLLATE "C",
        url             bytea NOT NULL,
        description     bytea NOT NULL,
        event_types     text[] COLLATE "C",
        channels        text[] COLLATE "C",
        disabled        boolean NOT NULL,
        throttle_rate   integer,
        metadata        bytea NOT NULL,
        secrets         bytea NOT NULL,
        headers         bytea NOT NULL,
        version         integer NOT NULL,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL,
        deleted_at      timestamptz,
        CONSTRAINT endpoint_pkey PRIMARY KEY (id)
      );
      CREATE UNIQUE INDEX endpoint_uid_key ON endpoint (application_id, uid) WHERE deleted_at IS NULL;
      CREATE INDEX endpoint_list ON endpoint (application_id, id) WHERE deleted_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE endpoint; DROP TABLE event_type; DROP TABLE application;');
  }
}
