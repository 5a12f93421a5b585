import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Data keys, and the outbox of domain events with the duties of their observers. */
export class Platform1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE data_key (
        id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        scope       text COLLATE "C" NOT NULL,
        key_ring_id text NOT NULL,
        wrapped     bytea NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        retired_at  timestamptz
      );
      CREATE UNIQUE INDEX data_key_current ON data_key (scope) WHERE retired_at IS NULL;

      CREATE TABLE outbox_event (
        id              text COLLATE "C" PRIMARY KEY,
        type            text NOT NULL,
        payload         jsonb NOT NULL,
        organization_id text COLLATE "C",
        occurred_at     timestamptz NOT NULL DEFAULT now()
      ) PARTITION BY RANGE (id);
      CREATE TABLE outbox_event_rest PARTITION OF outbox_event DEFAULT;

      CREATE TABLE observer_job (
        event_id    text COLLATE "C" NOT NULL,
        observer    text COLLATE "C" NOT NULL,
        attempts    integer NOT NULL DEFAULT 0,
        due_at      timestamptz NOT NULL DEFAULT now(),
        rung_until  timestamptz,
        lease       uuid,
        lease_until timestamptz,
        failed_at   timestamptz,
        last_error  text,
        PRIMARY KEY (event_id, observer)
      );
      CREATE INDEX observer_job_due ON observer_job (due_at) WHERE failed_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE observer_job; DROP TABLE outbox_event; DROP TABLE data_key;');
  }
}
