import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ends of portal access that lie ahead; deliveries by application, whose deleted endpoints count; the public name of a task. */
export class PortalExpiry1764000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Beside portal_end, whose ends are now: several of them may lie ahead.
      CREATE TABLE portal_expiry (
        application_id  text COLLATE "C" NOT NULL,
        session_id      text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        before_id       text COLLATE "C" NOT NULL,
        ends_at         timestamptz NOT NULL,
        PRIMARY KEY (application_id, session_id, before_id)
      );
      ALTER TABLE portal_expiry ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON portal_expiry TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));

      CREATE INDEX endpoint_of_application ON endpoint (application_id);

      -- As clients with closed enumerations know it.
      UPDATE task SET type = 'endpoint.replay' WHERE type = 'endpoint.replay-missing';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE task SET type = 'endpoint.replay-missing' WHERE type = 'endpoint.replay';
      DROP INDEX endpoint_of_application;
      DROP TABLE portal_expiry;
    `);
  }
}
