import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organizations whose data time does not delete, and an index for what observers gave up. */
export class Retention1764000000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE legal_hold (
        organization_id text COLLATE "C" PRIMARY KEY,
        since           timestamptz NOT NULL DEFAULT now()
      );
      ALTER TABLE legal_hold ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON legal_hold TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));
      REVOKE ALL ON legal_hold FROM posthorn_tenant;

      CREATE INDEX observer_job_failed ON observer_job (failed_at) WHERE failed_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX observer_job_failed; DROP TABLE legal_hold;');
  }
}
