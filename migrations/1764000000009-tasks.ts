import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Background tasks. `result` is encrypted; `input` and `cursor` hold ids. */
export class Tasks1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE task (
        id              text COLLATE "C" PRIMARY KEY,
        type            text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C",
        user_id         text COLLATE "C",
        status          text NOT NULL DEFAULT 'running' CONSTRAINT task_status_check CHECK (status IN ('running', 'finished', 'failed', 'canceled')),
        reason          text,
        unique_key      text COLLATE "C",
        input           jsonb NOT NULL,
        cursor          jsonb,
        done            bigint,
        total           bigint,
        result          bytea,
        attempts        integer NOT NULL DEFAULT 0,
        last_error      text,
        due_at          timestamptz NOT NULL DEFAULT now(),
        lease           uuid,
        lease_until     timestamptz,
        created_at      timestamptz NOT NULL DEFAULT now(),
        updated_at      timestamptz NOT NULL DEFAULT now(),
        finished_at     timestamptz
      );
      CREATE UNIQUE INDEX task_unique_key ON task (unique_key) WHERE status = 'running';
      CREATE INDEX task_due ON task (due_at) WHERE status = 'running';
      CREATE INDEX task_by_organization ON task (organization_id, id) WHERE organization_id IS NOT NULL;

      ALTER TABLE task ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON task TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));
      -- Keys are read on a connection of their own, never on that of a tenant.
      REVOKE ALL ON data_key FROM posthorn_tenant;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE task;');
  }
}
